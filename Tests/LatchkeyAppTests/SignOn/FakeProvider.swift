import Crypto
import Foundation
import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Synchronization

/// An identity provider written from the public specification (OpenID Connect Core 1.0 and Discovery 1.0, RFC 6749,
/// RFC 7636), which a test bends where it wants to see something refused. It is no real provider's likeness: a real
/// one, canaille, is asked in Tests/Real.
final class FakeProvider: Sendable {
    static let issuer = "https://id.example.com"

    /// What a test may bend. Values of claims and of the discovery document are spelled in JSON; `nil` leaves one out.
    struct Manner: Sendable {
        var discovery: [String: String?] = [:]
        var claims: [String: String?] = [:]
        var userInfo: String?
        /// With which of the keys it signs, and under which name and algorithm.
        var signer = TokenSigner.usual
        var published: [TokenSigner] = [.usual]
        var header: String?
        /// Instead of the usual answer, by the end of the path.
        var answers: [String: (status: Int, body: String)] = [:]
        var faults: [String: FetchFault] = [:]
        var secret: String? = "s3cret"
    }

    private struct Asked: Sendable {
        let nonce: String
        let challenge: String
        let redirectURI: String
    }

    private struct State: Sendable {
        var manner = Manner()
        var codes: [String: Asked] = [:]
        var requests: [String] = []
    }

    private let state = Mutex(State())
    private let clock: HandClock

    init(clock: HandClock) {
        self.clock = clock
    }

    func bend(_ change: (inout Manner) -> Void) { state.withLock { change(&$0.manner) } }

    /// The addresses that were asked for, in order.
    var requests: [String] { state.withLock { $0.requests } }

    /// What a browser does at the authorization endpoint: somebody signs in, and is sent back with a code.
    func authorize(_ address: String) -> SignOnReturn {
        let fields = Self.fields(URLComponents(string: address)?.percentEncodedQuery ?? "")
        let code = "code-\(state.withLock { $0.codes.count })"
        state.withLock {
            $0.codes[code] = Asked(
                nonce: fields["nonce"] ?? "", challenge: fields["code_challenge"] ?? "",
                redirectURI: fields["redirect_uri"] ?? "")
        }
        return SignOnReturn(state: fields["state"], code: code, error: nil, issuer: nil)
    }

    static func fields(_ text: String) -> [String: String] {
        var components = URLComponents()
        components.percentEncodedQuery = text
        let items = components.queryItems ?? []
        return Dictionary(items.map { ($0.name, $0.value ?? "") }) { first, _ in first }
    }
}

extension FakeProvider {
    var fetch: Fetch {
        { [self] request throws(FetchFault) in try answer(request) }
    }

    private func answer(_ request: FetchRequest) throws(FetchFault) -> FetchReply {
        let path = request.address.target
        let manner = state.withLock { state in
            state.requests.append(path)
            return state.manner
        }
        if let fault = manner.faults[path] { throw fault }
        if let answer = manner.answers[path] { return Self.reply(answer.status, answer.body) }
        switch (path, request.method) {
        case ("/.well-known/openid-configuration", .get): return Self.reply(200, discovery(manner))
        case ("/keys", .get):
            let keys = manner.published.map(\.jwk).joined(separator: ",")
            return Self.reply(200, #"{"keys":[\#(keys)]}"#)
        case ("/token", .post(let form)): return token(Self.fields(form), request.authorization, manner)
        case ("/userinfo", .get): return Self.reply(manner.userInfo == nil ? 401 : 200, manner.userInfo ?? "{}")
        default: return Self.reply(404, "")
        }
    }

    private static func reply(_ status: Int, _ body: String) -> FetchReply {
        FetchReply(status: status, body: Array(body.utf8))
    }

    private func discovery(_ manner: Manner) -> String {
        let usual: [String: String?] = [
            "issuer": #""\#(Self.issuer)""#, "authorization_endpoint": #""\#(Self.issuer)/authorize""#,
            "token_endpoint": #""\#(Self.issuer)/token""#, "jwks_uri": #""\#(Self.issuer)/keys""#,
            "userinfo_endpoint": #""\#(Self.issuer)/userinfo""#, "response_types_supported": #"["code"]"#,
        ]
        return Self.object(usual.merging(manner.discovery) { _, bent in bent })
    }

    static func object(_ members: [String: String?]) -> String {
        let pairs = members.sorted { $0.key < $1.key }.compactMap { name, value in value.map { "\"\(name)\":\($0)" } }
        return "{\(pairs.joined(separator: ","))}"
    }

    private func token(_ form: [String: String], _ authorization: String?, _ manner: Manner) -> FetchReply {
        guard isKnown(form, authorization, manner) else { return Self.reply(401, #"{"error":"invalid_client"}"#) }
        let asked = state.withLock { $0.codes.removeValue(forKey: form["code"] ?? "") }
        let digest = Data(SHA256.hash(data: Array((form["code_verifier"] ?? "").utf8)))
        guard let asked, form["grant_type"] == "authorization_code", form["redirect_uri"] == asked.redirectURI,
            digest.base64URL == asked.challenge
        else { return Self.reply(400, #"{"error":"invalid_grant"}"#) }
        let id = manner.signer.token(claims(asked, manner), header: manner.header)
        return Self.reply(200, #"{"access_token":"access","token_type":"Bearer","id_token":"\#(id)"}"#)
    }

    private func isKnown(_ form: [String: String], _ authorization: String?, _ manner: Manner) -> Bool {
        guard let secret = manner.secret else { return form["client_id"] == "latchkey" && form["client_secret"] == nil }
        return authorization == "Basic \(Data("latchkey:\(secret)".utf8).base64EncodedString())"
    }

    private func claims(_ asked: Asked, _ manner: Manner) -> String {
        let now = clock.now.seconds
        let hash = Data(Data(SHA256.hash(data: Array("access".utf8))).prefix(16)).base64URL
        let usual: [String: String?] = [
            "iss": #""\#(Self.issuer)""#, "sub": #""subject-1""#, "aud": #""latchkey""#, "exp": "\(now + 600)",
            "iat": "\(now)", "nonce": #""\#(asked.nonce)""#, "at_hash": #""\#(hash)""#,
            "email": #""grace@example.com""#, "email_verified": "true", "name": #""Grace Hopper""#,
        ]
        return Self.object(usual.merging(manner.claims) { _, bent in bent })
    }
}
