import HTTPTypes
public import Hummingbird
public import LatchkeyApp
import LatchkeyCore
public import Logging

/// The API's doors in front of an ``App``.
public struct Doors: Sendable {
    /// Counts of requests, for `/metrics`.
    public let meter = RequestMeter()
    let endpoints: [Endpoint]
    private let gate: Gate
    private let rootPath: String

    public init(
        app: App, ambient: Ambient, settings: HTTPSettings = HTTPSettings(), log: RequestLog? = nil, logger: Logger
    ) {
        rootPath = settings.rootPath
        endpoints = Self.endpoints(app, Rendering(app: app, now: ambient.now), settings)
        gate = Gate(
            app: app, requestIDs: RequestIDs(random: ambient.randomBytes(8)),
            addresses: ClientAddresses(trustedProxies: settings.trustedProxies), rootPath: settings.rootPath,
            log: log ?? RequestLine.log(to: logger), logger: logger)
    }

    private static func endpoints(_ app: App, _ render: Rendering, _ settings: HTTPSettings) -> [Endpoint] {
        let endpoints =
            InstanceRoutes(app: app, render: render, version: settings.version).endpoints
            + UserRoutes(app: app, render: render).endpoints + TokenRoutes(app: app, render: render).endpoints
            + TeamRoutes(app: app, render: render).endpoints + ResourceRoutes(app: app, render: render).endpoints
            + ActivityRoutes(app: app, render: render).endpoints
        return endpoints + [document(of: endpoints, settings)]
    }

    /// The document describes itself too.
    private static func document(of endpoints: [Endpoint], _ settings: HTTPSettings) -> Endpoint {
        func endpoint(_ handler: @escaping Endpoint.Handler) -> Endpoint {
            Endpoint(
                method: .get, path: "/openapi.json", operation: "findOpenAPI", summary: "This document.",
                access: .open, success: .ok(.anything), handler: handler)
        }
        let all = endpoints + [endpoint { _ in .noContent }]
        let document = OpenAPI(endpoints: all, rootPath: settings.rootPath, version: settings.version).document
        let bytes = (try? StreamEncoder.encode(document)) ?? []
        return endpoint { _ in Reply(status: .ok, bytes: bytes) }
    }

    /// Hummingbird's router with all endpoints; what no endpoint answers goes through the same gate.
    public func router() -> Router<CallContext> {
        let router = Router(context: CallContext.self, options: .autoGenerateHeadEndpoints)
        for endpoint in endpoints {
            let path = RouterPath((endpoint.isBelowRoot ? rootPath : "") + endpoint.path)
            let meter = meter.route(endpoint.method.rawValue, path.description)
            router.on(
                path, method: endpoint.method,
                responder: EndpointResponder(
                    gate: gate, endpoint: endpoint, route: path.description, meter: meter))
        }
        // Middleware added after all routes stands in front of the "not found" answer alone.
        router.add(middleware: Unmatched(gate: gate, paths: paths, meter: meter.route("other", Unmatched.route)))
        return router
    }

    private var paths: [(path: RouterPath, method: String)] {
        endpoints.map { (RouterPath(($0.isBelowRoot ? rootPath : "") + $0.path), $0.method.rawValue) }
    }
}

/// Takes a request to its endpoint through the gate.
private struct EndpointResponder: HTTPResponder {
    let gate: Gate
    let endpoint: Endpoint
    let route: String
    let meter: RouteMeter

    func respond(to request: Request, context: CallContext) async throws -> Response {
        await gate.answer(request, context, at: endpoint, route: route, meter: meter)
    }
}

/// Answers what no endpoint answers: 405 where the path exists with another method, else 404.
private struct Unmatched: RouterMiddleware {
    static let route = "unmatched"

    let gate: Gate
    let paths: [(path: RouterPath, method: String)]
    let meter: RouteMeter

    func handle(
        _ request: Request, context: CallContext, next: (Request, CallContext) async throws -> Response
    ) async throws -> Response {
        let allowed = methods(of: request.uri.path)
        let endpoint = Endpoint(
            method: request.method, path: "", operation: Self.route, summary: "", access: .open,
            isQueryChecked: false,
            handler: { _ in
                guard allowed.isEmpty else { throw DoorRefusal.wrongMethod(allowed: allowed.joined(separator: ", ")) }
                throw Refusal.notFound("path")
            })
        return await gate.answer(request, context, at: endpoint, route: Self.route, meter: meter)
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
