import HTTPTypes
import Hummingbird
import LatchkeyApp
import LatchkeyCore
import Logging

/// The one way from a request to its response, the same for every endpoint: name the request, find out who asks,
/// check what may be asked, call, render, count, log. No middleware: each would cost every request.
struct Gate: Sendable {
    let app: App
    let requestIDs: RequestIDs
    let addresses: ClientAddresses
    let rootPath: String
    let log: RequestLog
    let strangers: StrangerLines
    let logger: Logger

    /// A request underway: what is known of it whatever becomes of it.
    struct Passage {
        let method: String
        /// The route's template.
        let route: String
        let head: RequestHead
        let origin: Origin
        let requestID: String
        var bearer: Bearer?
        /// What limits say of it, where there are any.
        var admission: Admission?
    }

    func answer(
        _ request: Request, from peer: Address?, _ parameters: Parameters, at place: EndpointResponder
    ) async -> Response {
        let began = ContinuousClock.now
        let method = Self.name(of: request.method)
        let head = RequestHead(request.headers)
        let requestID = requestIDs.id(for: head.requestID)
        let address = addresses.client(peer: peer, forwardedFor: head.forwardedFor)
        let origin = Origin(requestID: requestID, address: address, userAgent: head.userAgent)
        var passage = Passage(method: method, route: place.route, head: head, origin: origin, requestID: requestID)
        var reply: Reply
        do {
            reply = try await call(place.endpoint, request, parameters, &passage)
        } catch {
            reply = refusal(error, passage, in: place.endpoint.voice)
        }
        if let admission = passage.admission { reply.say(admission) }
        let duration = ContinuousClock.now - began
        place.meter.count(Int(reply.status.code), duration)
        if let bearer = passage.bearer { record(reply.status, bearer, method, place.route, origin) }
        writeLine(
            RequestLine(
                method: method, route: place.route, status: Int(reply.status.code), duration: duration,
                requestID: requestID, token: passage.bearer?.token), began)
        return reply.response(requestID: requestID)
    }

    func writeLine(_ line: RequestLine, _ began: ContinuousClock.Instant) {
        let isStrangers = line.token == nil && (line.status == 401 || line.route == MalformedAnswers.route)
        guard isStrangers else { return log(line) }
        strangers.write(line, at: began)
    }

    /// A stranger may make up methods; what is longer than those that exist is not worth a log line's room.
    private static func name(of method: HTTPRequest.Method) -> String {
        method.rawValue.utf8.count <= 7 ? method.rawValue : "other"
    }

    private func call(
        _ endpoint: Endpoint, _ request: Request, _ parameters: Parameters, _ passage: inout Passage
    ) async throws -> Reply {
        let caller = try await caller(for: endpoint, &passage)
        try RequestBody.requireRoom(passage.head)
        let query = try query(of: request, for: endpoint)
        let body = try await body(for: endpoint, request, passage.head)
        // Its sender may have taken their time, and lost their access meanwhile.
        if endpoint.body.isRead { try app.requireStanding(of: caller) }
        let call = Call(
            caller: caller, bearer: passage.bearer, query: query, request: request,
            parameters: parameters, body: body, rootPath: rootPath)
        guard endpoint.method == .post, endpoint.voice == .problem, let key = passage.head.idempotencyKey else {
            return try await endpoint.handler(call)
        }
        return try await IdempotentCall(app: app, key: key, call: call).answer(endpoint)
    }

    private func query(of request: Request, for endpoint: Endpoint) throws(Refusal) -> Query {
        guard endpoint.isQueryChecked, let text = request.uri.query else { return .empty }
        return try Query(text, taking: endpoint.query)
    }

    private func body(for endpoint: Endpoint, _ request: Request, _ head: RequestHead) async throws -> [UInt8] {
        switch endpoint.body {
        case .none: return []
        case .required:
            guard head.isJSON else { throw DoorRefusal.notJSON }
            return try await RequestBody.read(request)
        case .optional:
            let body = try await RequestBody.read(request)
            guard !body.isEmpty else { return Array("{}".utf8) }
            guard head.isJSON else { throw DoorRefusal.notJSON }
            return body
        case .scim:
            guard head.isSCIM || head.isJSON else { throw DoorRefusal.notJSON }
            return try await RequestBody.read(request)
        }
    }

    private func refusal(_ error: any Error, _ passage: Passage, in voice: Voice) -> Reply {
        if Problem(error).kind == .failed, !(error is SCIMFault) {
            logger.error(
                "a request failed",
                metadata: [
                    "request_id": .string(passage.requestID), "fault": .string("\(type(of: error))"),
                ])
        }
        return voice.reply(to: error, requestID: passage.requestID)
    }
}

// Who asks.
extension Gate {
    private func caller(for endpoint: Endpoint, _ passage: inout Passage) async throws(Refusal) -> Caller {
        if case .open = endpoint.access { return Caller(.anonymous, origin: passage.origin) }
        let bearer = try await app.authenticate(
            try passage.head.bearerToken, method: passage.method, route: passage.route, from: passage.origin)
        passage.bearer = bearer
        passage.admission = app.admit(bearer, from: passage.origin.address)
        if let wait = passage.admission?.wait { throw .limited(retryAfter: wait) }
        let caller = Caller(.bearer(bearer.credential), origin: passage.origin)
        // The allow-list of SCIM tokens: the endpoints that ask for this one permission, and no other.
        if bearer.isSCIMOnly, !endpoint.isForDirectories { throw Caller.notHere }
        if case .needs(let permission) = endpoint.access { try caller.require(permission) }
        return caller
    }

    /// Counts a use of the token that asked.
    func record(
        _ status: HTTPResponse.Status, _ bearer: Bearer, _ method: String, _ route: String, _ origin: Origin
    ) {
        guard status != .unauthorized else {
            return app.recordRefusal(of: bearer, method: method, route: route, from: origin)
        }
        let outcome: UseOutcome =
            switch status.code {
            case ..<400: .allowed
            case 403: .denied
            default: .failed
            }
        app.recordUse(by: bearer, method: method, route: route, from: origin, outcome: outcome)
    }
}
