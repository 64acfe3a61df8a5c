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
    /// Where the browser is sent on to, so that no token stays in its address bar and its history.
    static let lastPath = "/done"
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
        // The browser is on its way to the page that says that this window may be closed.
        if case .token = answer {
            for _ in 0..<20 where !inbox.hasSaidGoodbye { try? await Task.sleep(for: .milliseconds(50)) }
        }
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
        var hasSaidGoodbye = false
    }

    /// What to tell the browser.
    enum Reply: Sendable {
        case goOn
        case words(String)
        /// It is not the request that is waited for.
        case nothing
    }

    var hasSaidGoodbye: Bool { state.withLock { $0.hasSaidGoodbye } }

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

    func take(_ target: String) -> Reply {
        if target == Loopback.lastPath {
            return goodbye("Done. You can close this window and go back to the terminal.")
        }
        guard let parts = URLComponents(string: target), parts.path == Loopback.path else { return .nothing }
        let items = parts.queryItems ?? []
        func value(_ name: String) -> String? { items.first { $0.name == name }?.value }
        guard value("state") == word else { return .nothing }
        guard let token = value("token"), TokenSecret(presented: token) != nil else {
            put(.refused)
            return goodbye("Latchkey gave no token. You can close this window.")
        }
        put(.token(token))
        return .goOn
    }

    /// Only once there is an answer: whoever guesses the path before is told nothing.
    private func goodbye(_ words: String) -> Reply {
        state.withLock { state in
            guard state.answer != nil else { return .nothing }
            state.hasSaidGoodbye = true
            return .words(words)
        }
    }
}

extension Inbox.Reply {
    fileprivate var words: String {
        switch self {
        case .goOn: "Go on."
        case .words(let words): words
        case .nothing: "There is nothing here."
        }
    }

    fileprivate var status: HTTPResponseStatus {
        switch self {
        case .goOn: .seeOther
        case .words: .ok
        case .nothing: .notFound
        }
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
            let reply = inbox.take(target)
            let body = ByteBuffer(string: reply.words + "\n")
            var head = HTTPResponseHead(version: .http1_1, status: reply.status)
            if case .goOn = reply { head.headers.add(name: "Location", value: Loopback.lastPath) }
            head.headers.add(name: "Referrer-Policy", value: "no-referrer")
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
