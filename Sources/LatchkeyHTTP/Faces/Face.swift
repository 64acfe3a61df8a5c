import HTTPTypes
import Hummingbird
import LatchkeyApp
import LatchkeyCore

/// A door of another protocol than the REST API: OAuth, AuthZEN. It is not part of the API's document, and says no in
/// its protocol's own words.
struct Face: Sendable {
    typealias Handler = @Sendable (inout FaceCall) async throws -> Reply
    /// The same without waiting; `nil` when it has to wait, and then nothing has been counted.
    typealias HandlerAtOnce = @Sendable (inout FaceCall) throws -> Reply?

    let method: HTTPRequest.Method
    /// From the server's root.
    let path: String
    let refuse: @Sendable (any Error, _ requestID: String) -> Reply
    let handler: Handler
    /// For what is asked as often as all other requests of a system together, and is answered by the ``FrontRoom``.
    /// Then what is answered gets no line in the log, and only what is refused does.
    var handlerAtOnce: HandlerAtOnce?
    /// Whether a token's calls here count against its limits. Not where it asks about others: whoever is let in through
    /// that caller would starve everybody else who is. Nor where one gives a token up.
    var isLimited = true
}

/// One request on its way through a face.
struct FaceCall: Sendable {
    let head: RequestHead
    var body: [UInt8]
    let origin: Origin
    let requestID: String
    let route: String
    let isLimited: Bool
    /// Who turned out to ask; its use is counted when the answer is known.
    var bearer: Bearer?
    /// What limits say of it, where there are any.
    private(set) var admission: Admission?
}

/// Takes a request through a face: name it, read its bounded body, call, render, count, log. A class, because each
/// request would copy its many parts.
final class FaceResponder: HTTPResponder {
    let face: Face
    private let gate: Gate
    private let meter: RouteMeter

    init(_ face: Face, gate: Gate, meter: RequestMeter) {
        self.face = face
        self.gate = gate
        self.meter = meter.route(face.method.rawValue, face.path)
    }

    func respond(to request: Request, context: CallContext) async throws -> Response {
        let began = ContinuousClock.now
        var call = begin(RequestHead(request.headers), from: context.peer)
        var reply: Reply
        do {
            try RequestBody.requireRoom(call.head)
            if face.method == .post { call.body = try await RequestBody.read(request) }
            reply = try await face.handler(&call)
        } catch {
            reply = face.refuse(error, call.requestID)
        }
        if let admission = call.admission { reply.say(admission) }
        finish(reply, call, began)
        return reply.response(requestID: call.requestID)
    }

    /// On the event loop, behind a body that is there already.
    func answerAtOnce(_ head: RequestHead, _ body: [UInt8], from peer: Address?) -> NamedReply? {
        guard let handler = face.handlerAtOnce else { return nil }
        let began = ContinuousClock.now
        var call = begin(head, body, from: peer)
        let reply: Reply
        do {
            guard let answer = try handler(&call) else { return nil }
            reply = answer
        } catch {
            reply = face.refuse(error, call.requestID)
        }
        finish(reply, call, began)
        return NamedReply(reply: reply, requestID: call.requestID)
    }

    private func begin(_ head: RequestHead, _ body: [UInt8] = [], from peer: Address?) -> FaceCall {
        let requestID = gate.requestIDs.id(for: head.requestID)
        let address = gate.addresses.client(peer: peer, forwardedFor: head.forwardedFor)
        let origin = Origin(requestID: requestID, address: address, userAgent: head.userAgent)
        return FaceCall(
            head: head, body: body, origin: origin, requestID: requestID, route: face.path, isLimited: face.isLimited)
    }

    private func finish(_ reply: Reply, _ call: FaceCall, _ began: ContinuousClock.Instant) {
        let duration = ContinuousClock.now - began
        meter.count(Int(reply.status.code), duration)
        let method = face.method.rawValue
        if let bearer = call.bearer { gate.record(reply.status, bearer, method, face.path, call.origin) }
        guard face.handlerAtOnce == nil || reply.status != .ok else { return }
        gate.writeLine(
            RequestLine(
                method: method, route: face.path, status: Int(reply.status.code), duration: duration,
                requestID: call.requestID, token: call.bearer?.token), began)
    }
}

extension FaceCall {
    mutating func authenticate(_ app: App) async throws(Refusal) -> Caller {
        try await authenticate(try head.bearerToken, app)
    }

    /// Whoever holds this token.
    mutating func authenticate(_ token: Substring, _ app: App) async throws(Refusal) -> Caller {
        let bearer = try await app.authenticate(token, method: "POST", route: route, from: origin)
        return try caller(bearer, app)
    }

    /// The same without waiting; `nil` when it has to wait.
    mutating func authenticateAtOnce(
        _ token: Substring, _ app: App, isCaughtUp: Bool
    ) throws(Refusal) -> Caller? {
        let bearer = try app.authenticateAtOnce(
            token, method: "POST", route: route, from: origin, isCaughtUp: isCaughtUp)
        guard let bearer else { return nil }
        return try caller(bearer, app)
    }

    private mutating func caller(_ bearer: Bearer, _ app: App) throws(Refusal) -> Caller {
        self.bearer = bearer
        // One call, whatever credentials it bears.
        if isLimited, admission == nil {
            admission = app.admit(bearer, from: origin.address)
            if let wait = admission?.wait { throw .limited(retryAfter: wait) }
        }
        return Caller(.bearer(bearer.credential), origin: origin)
    }
}
