import HTTPTypes
import Hummingbird
import LatchkeyApp
import LatchkeyCore
import NIOCore

/// What a gateway is told, in a form that both ways to it can write.
enum GatewayReply: Sendable {
    case allowed(Bearer?)
    case unauthenticated(wasSent: Bool, requestID: String)
    case denied(String, requestID: String)
    /// Too many requests, which is 403 too; seconds.
    case limited(retryAfter: Int64, requestID: String)

    var status: Int {
        switch self {
        case .allowed: 200
        case .unauthenticated: 401
        case .denied, .limited: 403
        }
    }

    var requestID: String? {
        switch self {
        case .allowed: nil
        case .unauthenticated(_, let requestID), .denied(_, let requestID), .limited(_, let requestID): requestID
        }
    }

    /// All fields but those of the connection and the length of the body.
    func eachField(_ write: (StaticString, String) -> Void) {
        switch self {
        case .allowed(let bearer): Self.eachIdentityField(bearer, write)
        case .unauthenticated(let wasSent, let requestID):
            write("WWW-Authenticate", wasSent ? Self.invalidToken : Self.noToken)
            write("X-Request-Id", requestID)
            write("Content-Type", Reply.problem)
        case .denied(_, let requestID):
            write("WWW-Authenticate", Self.insufficientScope)
            write("X-Request-Id", requestID)
            write("Content-Type", Reply.problem)
        case .limited(let seconds, let requestID):
            write("Retry-After", String(seconds))
            write("X-Request-Id", requestID)
            write("Content-Type", Reply.problem)
        }
        write("Cache-Control", "no-store")
    }

    private static let noToken = #"Bearer realm="latchkey""#
    private static let invalidToken = #"Bearer realm="latchkey", error="invalid_token""#
    private static let insufficientScope = #"Bearer realm="latchkey", error="insufficient_scope""#

    /// All of them, always: a gateway copies what it finds, and what it did not find would stay as the client wrote it.
    private static func eachIdentityField(_ bearer: Bearer?, _ write: (StaticString, String) -> Void) {
        write("X-Latchkey-User", (bearer?.account.handle ?? "").fieldText)
        write("X-Latchkey-User-Id", bearer.map { String($0.account.id.value) } ?? "")
        write("X-Latchkey-User-Type", bearer?.account.type.rawValue ?? "")
        write("X-Latchkey-Role", bearer?.role.rawValue ?? "")
        write("X-Latchkey-Teams", bearer?.teamNames.fieldText ?? "")
        write("X-Latchkey-Token-Id", bearer.map { String($0.token.value) } ?? "")
        write("X-Latchkey-Token-Name", (bearer?.name ?? "").fieldText)
        write("X-Latchkey-Scopes", bearer?.narrowing.actions?.sorted().joined(separator: " ") ?? "")
    }

    var body: [UInt8] {
        switch self {
        case .allowed: []
        case .unauthenticated(let wasSent, let requestID):
            (wasSent ? Self.invalidTokenProblem : Self.noTokenProblem).bytes(instance: requestID)
        case .denied(let sentence, let requestID): Self.problem(.forbidden(sentence), requestID)
        case .limited(_, let requestID): Self.limitedProblem.bytes(instance: requestID)
        }
    }

    // What anybody can make us say is as cheap as what we say to those with a token.
    private static let noTokenProblem = ProblemForm(.unauthenticated(credentialSent: false))
    private static let invalidTokenProblem = ProblemForm(.unauthenticated(credentialSent: true))
    private static let limitedProblem = ProblemForm(.forbidden("Too many requests. Wait as Retry-After says."))

    private static func problem(_ refusal: Refusal, _ requestID: String) -> [UInt8] {
        (try? StreamEncoder.encode(Problem(refusal).body(instance: requestID))) ?? []
    }
}

extension Gateway {
    /// The other way to an answer, through Hummingbird: over HTTP/2, and whatever ``FrontHandler`` passes on.
    func response(to request: Request, _ context: CallContext) async -> Response {
        var head = head(method: request.method.rawValue, target: request.uri.string)
        for field in request.headers { head.add(field.name.rawName, field.value) }
        let reply = await answer(head, from: context.peer)
        var headers = HTTPFields()
        reply.eachField { name, value in
            if let name = HTTPField.Name("\(name)") { headers.append(HTTPField(name: name, value: value)) }
        }
        return Response(
            status: HTTPResponse.Status(code: reply.status), headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: reply.body)))
    }
}

extension String {
    /// Safe in a header field and in a list with commas: everything but visible ASCII, and comma and percent sign,
    /// is percent-encoded.
    fileprivate var fieldText: String {
        let space = UInt8(ascii: " ")
        func isPlain(_ byte: UInt8) -> Bool {
            (space...0x7E).contains(byte) && byte != UInt8(ascii: ",") && byte != UInt8(ascii: "%")
        }
        if utf8.allSatisfy(isPlain), utf8.first != space, utf8.last != space { return self }
        return utf8.map { byte in
            if isPlain(byte), byte != space { return String(UnicodeScalar(byte)) }
            return (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }
}

extension [String] {
    /// Most accounts are in one team.
    fileprivate var fieldText: String { count == 1 ? self[0].fieldText : map(\.fieldText).joined(separator: ",") }
}
