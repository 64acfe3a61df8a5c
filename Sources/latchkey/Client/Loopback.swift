import Foundation
import LatchkeyCore
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Waits on this computer for the browser that brings a token (RFC 8252 §7.3). Takes one answer, to the one who knows
/// the state, and closes.
final class Loopback: Sendable {
    private let channel: any Channel
    private let inbox: Inbox

    static let path = "/callback"
    var address: String { "http://127.0.0.1:\(channel.localAddress?.port ?? 0)\(Self.path)" }

    init(state: String) async throws {
        let inbox = Inbox(state: state)
        channel = try await ServerBootstrap(group: NIOSingletons.posixEventLoopGroup)
            .serverChannelOption(.backlog, value: 16)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(LoopbackHandler(inbox: inbox))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        self.inbox = inbox
    }

    /// The token, once it is brought; throws when the person says no, or nobody comes in time.
    func token(within patience: Duration) async throws -> String {
        let timer = Task {
            try await Task.sleep(for: patience)
            inbox.put(.nobody)
        }
        let answer = await withCheckedContinuation { inbox.wait($0) }
        timer.cancel()
        // The browser's page is on its way; it says that this window may be closed.
        try? await Task.sleep(for: .milliseconds(100))
        try? await channel.close()
        switch answer {
        case .token(let token): return token
        case .refused: throw CommandFailure("it was refused in the browser")
        case .nobody: throw CommandFailure("nobody answered in the browser", hint: "run `latchkey login` again")
        }
    }
}

/// Where the answer is put. The first one counts.
private final class Inbox: Sendable {
    enum Answer: Sendable {
        case token(String), refused, nobody
    }

    private struct State {
        var answer: Answer?
        var waiting: CheckedContinuation<Answer, Never>?
    }

    private let state = Mutex(State())
    private let word: String

    init(state: String) {
        word = state
    }

    func wait(_ continuation: CheckedContinuation<Answer, Never>) {
        let answer = state.withLock { state in
            if state.answer == nil { state.waiting = continuation }
            return state.answer
        }
        if let answer { continuation.resume(returning: answer) }
    }

    func put(_ answer: Answer) {
        let waiting = state.withLock { state -> CheckedContinuation<Answer, Never>? in
            guard state.answer == nil else { return nil }
            state.answer = answer
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume(returning: answer)
    }

    /// What to tell the browser; `nil` for a request that is not the one that is waited for.
    func take(_ target: String) -> String? {
        guard let parts = URLComponents(string: target), parts.path == Loopback.path else { return nil }
        let items = parts.queryItems ?? []
        func value(_ name: String) -> String? { items.first { $0.name == name }?.value }
        guard value("state") == word else { return nil }
        guard let token = value("token"), TokenSecret(presented: token) != nil else {
            put(.refused)
            return "Latchkey gave no token. You can close this window."
        }
        put(.token(token))
        return "Done. You can close this window and go back to the terminal."
    }
}

/// One connection, on one event loop.
private final class LoopbackHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let inbox: Inbox
    private var target = ""

    init(inbox: Inbox) {
        self.inbox = inbox
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): target = head.method == .GET ? head.uri : ""
        case .body: break
        case .end:
            let words = inbox.take(target)
            let body = ByteBuffer(string: (words ?? "There is nothing here.") + "\n")
            var head = HTTPResponseHead(version: .http1_1, status: words == nil ? .notFound : .ok)
            head.headers.add(name: "Content-Type", value: "text/plain; charset=utf-8")
            head.headers.add(name: "Content-Length", value: "\(body.readableBytes)")
            head.headers.add(name: "Cache-Control", value: "no-store")
            head.headers.add(name: "Connection", value: "close")
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil))).assumeIsolated().whenComplete { _ in
                context.close(promise: nil)
            }
        }
    }
}
