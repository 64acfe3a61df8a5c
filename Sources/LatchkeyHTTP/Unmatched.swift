import HTTPTypes
import Hummingbird
import LatchkeyCore

/// Answers what no endpoint answers: gateways, whose questions may have any method; 405 where the path exists with
/// another method; else 404. A browser that looks for a page is answered with one.
struct Unmatched: RouterMiddleware {
    static let route = "unmatched"

    let gate: Gate
    let pageGate: PageGate
    let gateway: Gateway
    let rootPath: String
    let paths: [(path: RouterPath, method: String)]
    let meter: RouteMeter

    func handle(
        _ request: Request, context: CallContext, next: (Request, CallContext) async throws -> Response
    ) async throws -> Response {
        if Gateway.takes(request.uri.string) { return await gateway.response(to: request, context) }
        if isForPage(request) {
            let page = PageEndpoint.get(Self.route, .open) { _ in throw PageRefusal.noSuchPage }
            return await pageGate.answer(request, context, at: page, route: Self.route, meter: meter)
        }
        let allowed = methods(of: request.uri.path)
        let isSCIM = request.uri.path.hasPrefix(rootPath + SCIMDoor.path)
        let endpoint = Endpoint(
            method: request.method, path: "", operation: Self.route, summary: "", access: .open,
            isQueryChecked: false, voice: isSCIM ? .scim : .problem,
            handler: { _ in
                guard allowed.isEmpty else { throw DoorRefusal.wrongMethod(allowed: allowed.joined(separator: ", ")) }
                throw Refusal.notFound("path")
            })
        let responder = EndpointResponder(
            gate: gate, endpoint: endpoint, path: Self.route, route: Self.route, meter: meter)
        return await responder.respond(to: request, context: context)
    }

    private func isForPage(_ request: Request) -> Bool {
        guard request.method == .get, !request.uri.path.hasPrefix(rootPath + "/") else { return false }
        return request.headers[.accept]?.contains("text/html") ?? false
    }

    private static func captures(_ path: RouterPath) -> Int {
        path.description.split(separator: "/").count { $0.hasPrefix("{") || $0.hasPrefix(":") }
    }

    private func methods(of path: String) -> [String] {
        let parts = path.split(separator: "/")
        let matching = paths.filter { candidate in
            candidate.path.count == parts.count && zip(candidate.path, parts).allSatisfy { $0 ~= $1 }
        }
        // `/users/me` is no user's page: of the paths that match, the most literal ones are meant.
        let fewest = matching.map { Self.captures($0.path) }.min()
        let methods = matching.filter { Self.captures($0.path) == fewest }.map(\.method)
        return methods.isEmpty ? [] : Set(methods + (methods.contains("GET") ? ["HEAD"] : [])).sorted()
    }
}
