import HTTPTypes
import Hummingbird
public import LatchkeyApp
import LatchkeyCore
public import Logging

/// The doors in front of an ``App``: the API's and the console's.
public struct Doors: Sendable {
    /// Counts of requests, for `/metrics`.
    public let meter = RequestMeter()
    let endpoints: [Endpoint]
    let pages: [PageEndpoint]
    private let front: FrontRoom
    /// Doors of other protocols.
    private let faceResponders: [FaceResponder]
    private let gate: Gate
    private let pageGate: PageGate
    private let rootPath: String
    private let responders: [EndpointResponder]
    private let clock: HTTPClock
    private let logger: Logger

    public init(
        app: App, ambient: Ambient, settings: HTTPSettings = HTTPSettings(), log: RequestLog? = nil, logger: Logger
    ) {
        rootPath = settings.rootPath
        endpoints = Self.endpoints(app, Rendering(app: app, now: ambient.now), settings)
        pages = PageTable.endpoints(app, rootPath: settings.rootPath)
        let requestIDs = RequestIDs(random: ambient.randomBytes(8))
        let addresses = ClientAddresses(trustedProxies: settings.trustedProxies)
        let log = log ?? RequestLine.log(to: logger)
        let strangers = StrangerLines(log: log, logger: logger)
        let gate = Gate(
            app: app, requestIDs: requestIDs, addresses: addresses, rootPath: settings.rootPath, log: log,
            strangers: strangers, logger: logger)
        self.gate = gate
        pageGate = PageGate(
            app: app, ambient: ambient, requestIDs: requestIDs, addresses: addresses,
            isSecure: settings.isSecure, log: log, strangers: strangers, logger: logger)
        self.logger = logger
        clock = HTTPClock(now: ambient.now)
        let introspection = FaceResponder(IntrospectionFace(app: app).face, gate: gate, meter: meter)
        front = FrontRoom(
            gateway: Gateway(app: app, settings: settings, gate: gate, meter: meter), introspection: introspection,
            clock: clock)
        let others = OAuthFaces(app: app).faces + EvaluationFaces(app: app).faces
        faceResponders = [introspection] + others.map { [meter] in FaceResponder($0, gate: gate, meter: meter) }
        responders = endpoints.map { [rootPath, meter] endpoint in
            let path = (endpoint.isBelowRoot ? rootPath : "") + endpoint.path
            let route = RouterPath(path).description
            return EndpointResponder(
                gate: gate, endpoint: endpoint, path: path, route: route,
                meter: meter.route(endpoint.method.rawValue, route))
        }
    }

    private static func endpoints(_ app: App, _ render: Rendering, _ settings: HTTPSettings) -> [Endpoint] {
        let endpoints =
            InstanceRoutes(app: app, render: render, version: settings.version).endpoints
            + UserRoutes(app: app, render: render).endpoints + TokenRoutes(app: app, render: render).endpoints
            + TeamRoutes(app: app, render: render).endpoints + ResourceRoutes(app: app, render: render).endpoints
            + ActivityRoutes(app: app, render: render).endpoints + PolicyRoutes(app: app).endpoints
            + RevocationRoutes(app: app).endpoints
            + IdentityProviderRoutes(app: app, render: render).endpoints + IdentityRoutes(app: app).endpoints
            + DirectoryRoutes(app: app, render: render).endpoints
            + TrustedIssuerRoutes(app: app, render: render).endpoints
            + SCIMDoor(app: app, rootPath: settings.rootPath).endpoints
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
        let document = OpenAPI(endpoints: all, rootPath: settings.rootPath, version: settings.version)
        let text = OpenAPIText(document)
        return endpoint { _ in Reply(status: .ok, bytes: text.bytes) }
    }

    /// What answers every request.
    public func responder() -> DoorsResponder {
        let meter = meter.route("other", MalformedAnswers.route)
        return DoorsResponder(
            responders.filter { !$0.path.contains("{") }, router: router(), front: front,
            malformed: MalformedAnswers(gate: gate, clock: clock, meter: meter), logger: logger)
    }

    /// Hummingbird's router with all endpoints; what no endpoint answers goes through the same gate.
    func router() -> Router<CallContext> {
        let router = Router(context: CallContext.self, options: .autoGenerateHeadEndpoints)
        for responder in responders {
            router.on(RouterPath(responder.path), method: responder.endpoint.method, responder: responder)
        }
        let assets = meter.route("GET", PageEndpoint.assetRoute)
        for page in pages {
            let meter = page.isAsset ? assets : meter.route(page.method.rawValue, page.route)
            router.on(
                RouterPath(page.path), method: page.method,
                responder: PageResponder(gate: pageGate, endpoint: page, meter: meter))
        }
        for responder in faceResponders {
            router.on(RouterPath(responder.face.path), method: responder.face.method, responder: responder)
        }
        // Middleware added after all routes stands in front of the "not found" answer alone.
        router.add(middleware: unmatched)
        return router
    }

    private var unmatched: Unmatched {
        Unmatched(
            gate: gate, pageGate: pageGate, gateway: front.gateway, rootPath: rootPath, paths: paths,
            meter: meter.route("other", Unmatched.route))
    }

    var faces: [Face] { faceResponders.map(\.face) }

    private var paths: [(path: RouterPath, method: String)] {
        endpoints.map { (RouterPath(($0.isBelowRoot ? rootPath : "") + $0.path), $0.method.rawValue) }
            + pages.map { (RouterPath($0.path), $0.method.rawValue) }
            + faces.map { (RouterPath($0.path), $0.method.rawValue) }
    }
}

/// Takes a request to its endpoint through the gate. A class, because each request would copy its many parts.
final class EndpointResponder: HTTPResponder {
    let gate: Gate
    let endpoint: Endpoint
    /// From the server's root on.
    let path: String
    /// The same as a template, for logs and counts.
    let route: String
    let meter: RouteMeter

    init(gate: Gate, endpoint: Endpoint, path: String, route: String, meter: RouteMeter) {
        self.gate = gate
        self.endpoint = endpoint
        self.path = path
        self.route = route
        self.meter = meter
    }

    func respond(to request: Request, context: CallContext) async -> Response {
        await respond(to: request, from: context.peer, context.parameters)
    }

    func respond(to request: Request, from peer: Address?, _ parameters: Parameters) async -> Response {
        await gate.answer(request, from: peer, parameters, at: self)
    }
}

/// Takes a request to its page through the pages' gate.
private struct PageResponder: HTTPResponder {
    let gate: PageGate
    let endpoint: PageEndpoint
    let meter: RouteMeter

    func respond(to request: Request, context: CallContext) async throws -> Response {
        await gate.answer(request, context, at: endpoint, route: endpoint.route, meter: meter)
    }
}
