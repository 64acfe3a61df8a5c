import LatchkeyApp
import LatchkeyCore
import Logging

/// `/authz`: a gateway asks whether the request that it received may pass (nginx `auth_request`, Caddy `forward_auth`,
/// Traefik ForwardAuth, Envoy ext_authz, HAProxy).
///
/// It answers 200 with whose request it is, 401, or 403, and never anything else: nginx makes an error of the server's
/// out of every other status. Whatever goes wrong is a denial.
struct Gateway: Sendable {
    static let path = "/authz"

    private let app: App
    private let dialect: GatewayDialect
    private let addresses: ClientAddresses
    private let requestIDs: RequestIDs
    private let meter: RouteMeter
    private let log: RequestLog
    private let strangers: StrangerLines

    init(app: App, settings: HTTPSettings, gate: Gate, meter: RequestMeter) {
        self.app = app
        dialect = settings.gatewayDialect
        addresses = gate.addresses
        requestIDs = gate.requestIDs
        log = gate.log
        strangers = gate.strangers
        self.meter = meter.route("any", Self.path)
    }

    /// Whether a request is a question of a gateway's: its path is `/authz` or begins so.
    static func takes(_ target: String) -> Bool {
        guard target.hasPrefix(path) else { return false }
        let next = target.utf8.dropFirst(path.utf8.count).first
        return next == nil || next == UInt8(ascii: "/") || next == UInt8(ascii: "?")
    }

    func head(method: String, target: String) -> GatewayHead {
        GatewayHead(method: method, target: target, dialect: dialect)
    }

    /// The answer, without waiting; `nil` when the token may have been made elsewhere a moment ago.
    func answerAtOnce(_ head: GatewayHead, from peer: Address?) -> GatewayReply? {
        let began = ContinuousClock.now
        switch question(head, from: peer) {
        case .failure(let refusal): return finish(.denied(nil, refusal.sentence), head, began)
        case .success(let request): return app.authorizeAtOnce(request).map { finish($0, head, began) }
        }
    }

    func answer(_ head: GatewayHead, from peer: Address?) async -> GatewayReply {
        let began = ContinuousClock.now
        switch question(head, from: peer) {
        case .failure(let refusal): return finish(.denied(nil, refusal.sentence), head, began)
        case .success(let request): return finish(await app.authorize(request), head, began)
        }
    }

    /// A question that cannot be understood.
    private struct Unclear: Error {
        let sentence: String
    }

    private func question(_ head: GatewayHead, from peer: Address?) -> Result<GatewayRequest, Unclear> {
        guard !head.isAmbiguous, let original = head.original else {
            return .failure(Unclear(sentence: sentence(about: head)))
        }
        let address = addresses.client(peer: peer, forwardedFor: head.forwardedFor)
        return .success(
            GatewayRequest(
                method: original.method, target: original.target, authorization: head.authorization,
                origin: Origin(address: address, userAgent: head.userAgent)))
    }

    private func sentence(about head: GatewayHead) -> String {
        let hint = "see the setting gateway.headers."
        if head.isAmbiguous { return "A header field that counts is there twice." }
        if head.isMixed { return "There are header fields of another kind of gateway; \(hint)" }
        guard let names = dialect.names else { return "The request's path is not behind \(Self.path); \(hint)" }
        return "The gateway does not ask \(Self.path) with \(names.method) and \(names.target); \(hint)"
    }

    private func finish(
        _ answer: GatewayAnswer, _ head: GatewayHead, _ began: ContinuousClock.Instant
    ) -> GatewayReply {
        let reply: GatewayReply
        switch answer {
        case .allowed(let bearer): reply = .allowed(bearer)
        case .unauthenticated(let wasSent):
            reply = .unauthenticated(wasSent: wasSent, requestID: requestIDs.id(for: head.requestID))
        case .denied(_, let sentence): reply = .denied(sentence, requestID: requestIDs.id(for: head.requestID))
        case .limited(_, let wait):
            reply = .limited(retryAfter: Problem.seconds(wait), requestID: requestIDs.id(for: head.requestID))
        }
        let duration = ContinuousClock.now - began
        meter.count(reply.status, duration)
        if let requestID = reply.requestID { writeLine(reply, answer.bearer?.token, requestID, duration) }
        return reply
    }

    /// Denials alone: of what passed, the gateway's own log and the token's usage tell.
    private func writeLine(_ reply: GatewayReply, _ token: ID<Token>?, _ requestID: String, _ duration: Duration) {
        let line = RequestLine(
            method: "any", route: Self.path, status: reply.status, duration: duration, requestID: requestID,
            token: token)
        if token == nil { strangers.write(line, at: .now) } else { log(line) }
    }
}
