import NIOCore
import NIOHTTP1

/// Answers what is no HTTP request with a problem document, where Hummingbird would send a bare 400.
///
/// The parser's error goes on to Hummingbird, which finishes the responses that are due before it and then writes an
/// empty 400 and closes. That one response is exchanged here, so the order of responses stays Hummingbird's business.
final class MalformedRequests: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private enum State {
        case betweenRequests
        case withinRequest
        /// Whatever comes now is part of nothing.
        case failed(Problem)
        /// In the middle of a body. Who read it has answered 400, and who did not read it has answered without it, so
        /// a second answer would be one to nothing.
        case failedWithinRequest
        case over
    }

    private let answers: MalformedAnswers
    private var state = State.betweenRequests

    init(_ answers: MalformedAnswers) {
        self.answers = answers
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (state, unwrapInboundIn(data)) {
        case (.failed, _), (.failedWithinRequest, _), (.over, _): return
        case (_, .head(let head)):
            guard Self.namesHost(head) else {
                state = .failed(.noHost)
                context.fireErrorCaught(HTTPParserError.unknown)
                return
            }
            state = .withinRequest
        case (_, .body): break
        case (_, .end): state = .betweenRequests
        }
        context.fireChannelRead(data)
    }

    /// RFC 9112 §3.2: HTTP/1.1 without exactly one Host is to be refused. HTTP/1.0 knows none: health checks of
    /// HAProxy are such requests.
    private static func namesHost(_ head: HTTPRequestHead) -> Bool {
        guard head.version.major == 1, head.version.minor >= 1 else { return true }
        var hosts = 0
        for field in head.headers where field.name.utf8.count == 4 && field.name.lowercased() == "host" { hosts += 1 }
        return hosts == 1
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? HTTPParserError {
            switch state {
            case .betweenRequests: state = .failed(Problem(error))
            case .withinRequest: state = .failedWithinRequest
            case .failed, .failedWithinRequest, .over: break
            }
        }
        context.fireErrorCaught(error)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch (state, unwrapOutboundIn(data)) {
        case (.failed(let problem), .head(let head)) where Self.isBare(head):
            let (head, body) = answers.answer(problem)
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: promise)
        case (.failedWithinRequest, .head(let head)) where Self.isBare(head):
            state = .over
            promise?.succeed()
        case (.over, _): promise?.succeed()
        default: context.write(data, promise: promise)
        }
    }

    /// Ours say what they are in `Content-Type`.
    private static func isBare(_ head: HTTPResponseHead) -> Bool {
        head.status == .badRequest && !head.headers.contains(name: "Content-Type")
    }
}

extension Problem {
    static let noHost = Problem(kind: .badRequest, detail: "Send one Host header.")

    /// What of it a sender can mend.
    init(_ error: HTTPParserError) {
        switch error {
        case .headerOverflow:
            self.init(
                kind: .headTooLarge,
                detail: "Request line and header fields may have \(ServerForm.longestHead / 1024) KiB together, and "
                    + "\(ServerForm.mostFields) fields.")
        case .invalidEOFState, .closedConnection:
            self.init(kind: .badRequest, detail: "The request ended before it was whole. Send it again.")
        case .invalidMethod, .invalidURL, .invalidVersion, .invalidConstant:
            self.init(kind: .badRequest, detail: "The request line is none of HTTP/1.1.")
        case .invalidContentLength, .unexpectedContentLength:
            self.init(kind: .badRequest, detail: "Say the body's length once, as a number.")
        default:
            self.init(kind: .badRequest, detail: "This is no HTTP/1.1 request. Check its header fields.")
        }
    }
}
