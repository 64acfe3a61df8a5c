import HTTPTypes
public import Hummingbird
public import HummingbirdCore
import Logging
public import NIOCore

/// What answers requests: a path without variable parts is found by one look-up, and only the others walk the router's
/// tree, which costs as much as verifying a token.
public struct DoorsResponder: HTTPResponder {
    /// By whole path; each with its methods, one or two.
    private let literal: [String: [EndpointResponder]]
    private let router: RouterResponder<CallContext>
    private let logger: Logger
    private let clock: HTTPClock
    /// In front of everything else, where the connection allows it.
    let front: FrontRoom
    let malformed: MalformedAnswers

    init(
        _ literal: [EndpointResponder], router: Router<CallContext>, front: FrontRoom, malformed: MalformedAnswers,
        logger: Logger
    ) {
        self.literal = Dictionary(grouping: literal, by: \.path)
        self.router = router.buildResponder()
        self.clock = malformed.clock
        self.front = front
        self.malformed = malformed
        self.logger = logger
    }

    public func respond(to request: Request, context: CallContext) async throws -> Response {
        if let known = known(request) { return await known.respond(to: request, context: context) }
        return try await router.respond(to: request, context: context)
    }

    private func known(_ request: Request) -> EndpointResponder? {
        literal[request.uri.path]?.first { $0.endpoint.method == request.method }
    }
}

extension DoorsResponder {
    /// Straight from a connection to an endpoint and back.
    ///
    /// Hummingbird's `Application` makes a logger and a context for each request before anything of ours runs; ours
    /// names requests itself, and only the router needs a context.
    @Sendable
    public func serve(_ request: Request, _ writer: consuming ResponseWriter, _ channel: any Channel) async throws {
        var response: Response
        if let known = known(request) {
            response = await known.respond(to: request, from: CallContext.peer(of: channel), Parameters())
        } else {
            let context = CallContext(source: ApplicationRequestContextSource(channel: channel, logger: logger))
            response = try await router.respond(to: request, context: context)
        }
        // RFC 9110 §9.3.2: whoever answered; a body would be taken for the next answer.
        if request.method == .head { response = response.createHeadResponse() }
        response.headers.append(HTTPField(name: .date, value: clock.date))
        try await writer.write(response: response.head, body: response.body)
    }
}
