import HTTPTypes
import Hummingbird
import LatchkeyApp
import LatchkeyCore
import Logging

/// The one way from a browser's request to a page, the same for every page: find out who asks, check what may be asked
/// and where a form comes from, call, render.
struct PageGate: Sendable {
    let app: App
    let ambient: Ambient
    let templates = Templates.ofProgram
    let navigation = Navigation()
    let requestIDs: RequestIDs
    let addresses: ClientAddresses
    let isSecure: Bool
    let log: RequestLog
    let strangers: StrangerLines
    let logger: Logger

    /// A request underway: what is known of it whatever becomes of it.
    struct Passage {
        let request: Request
        let origin: Origin
        let requestID: String
        let cookies: PageCookies
        /// What forms of a stranger are bound to, and whether the browser has it already.
        let visitor: String
        let isNewVisitor: Bool
        var person: SignedInPerson?

        var path: String { request.uri.path }
        /// Asked for by the script that opens dialogs, which cannot see where a redirect leads.
        var isForDialog: Bool { request.headers[.dialog] != nil }
    }

    func answer(
        _ request: Request, _ context: CallContext, at endpoint: PageEndpoint, route: String, meter: RouteMeter
    ) async -> Response {
        let began = ContinuousClock.now
        var passage = passage(request, context)
        let reply: PageReply
        do {
            reply = try await call(endpoint, context, &passage)
        } catch {
            reply = refusal(error, passage)
        }
        let response = response(reply, passage)
        let duration = ContinuousClock.now - began
        meter.count(Int(response.status.code), duration)
        writeLine(
            RequestLine(
                method: endpoint.method.rawValue, route: route, status: Int(response.status.code), duration: duration,
                requestID: passage.requestID, token: nil), passage, began)
        return response
    }

    private func passage(_ request: Request, _ context: CallContext) -> Passage {
        let head = RequestHead(request.headers)
        let requestID = requestIDs.id(for: head.requestID)
        let address = addresses.client(peer: context.peer, forwardedFor: head.forwardedFor)
        let cookies = PageCookies(request.headers, isSecure: isSecure)
        let known = cookies[.visitor].map(String.init)
        return Passage(
            request: request, origin: Origin(requestID: requestID, address: address, userAgent: head.userAgent),
            requestID: requestID, cookies: cookies, visitor: known ?? newVisitor(), isNewVisitor: known == nil)
    }

    private func newVisitor() -> String {
        ambient.randomBytes(16).map { byte in String(byte >> 4, radix: 16) + String(byte & 15, radix: 16) }.joined()
    }

    /// Strangers can ask without end, so what they get refused fills no log.
    private func writeLine(_ line: RequestLine, _ passage: Passage, _ began: ContinuousClock.Instant) {
        guard passage.person == nil, line.status != 200 else { return log(line) }
        strangers.write(line, at: began)
    }

    private func call(
        _ endpoint: PageEndpoint, _ context: CallContext, _ passage: inout Passage
    ) async throws -> PageReply {
        passage.person = try await person(passage)
        if let elsewhere = await detour(endpoint, passage) { return elsewhere }
        let caller = passage.person?.caller ?? Caller(.anonymous, origin: passage.origin)
        if case .needs(let permission) = endpoint.access { try caller.require(permission) }
        let form = endpoint.method == .post ? try await form(passage, boundTo: formSeed(passage)) : .empty
        let refill = refill(passage)
        let reply = try await endpoint.handler(
            Visit(
                caller: caller, person: passage.person, path: passage.path, parameters: context.parameters,
                query: FormFields(passage.request.uri.query ?? ""),
                cameFrom: passage.referringPath, form: form, refill: refill, cookies: passage.cookies,
                origin: passage.origin, now: ambient.now()))
        return refill == nil ? reply : reply.with(.deleting(.keptForm))
    }

    /// Who is signed in; a session that has ended is nobody's.
    private func person(_ passage: Passage) async throws(Refusal) -> SignedInPerson? {
        guard let cookie = passage.cookies[.session] else { return nil }
        do {
            return try await app.signedIn(cookie, from: passage.origin)
        } catch .unauthenticated {
            return nil
        }
    }
}
