import NIOCore
import NIOPosix
import Synchronization

/// A server that answers every request with the same bytes, whatever it is, and remembers what it was asked.
final class CannedServer: Sendable {
    private let channel: any Channel
    private let heads: Heads

    var port: Int { channel.localAddress?.port ?? 0 }
    /// What it was sent, one text for each connection.
    var asked: [String] { heads.texts.withLock { $0 } }

    /// - Parameters:
    ///   - answer: raw bytes of an HTTP reply; empty to say nothing, ever.
    ///   - drop: what comes after it again and again, for as long as somebody listens.
    init(_ answer: String, dripping drop: String = "") async throws {
        let heads = Heads()
        channel = try await ServerBootstrap(group: NIOSingletons.posixEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        CannedHandler(answer: answer, drop: drop, heads: heads))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        self.heads = heads
    }

    func close() async { try? await channel.close() }

    static func reply(_ status: String, _ fields: String = "", body: String = "{}") -> String {
        "HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\(fields)\r\n\(body)"
    }
}

private final class Heads: Sendable {
    let texts = Mutex<[String]>([])
}

/// One connection, on one event loop.
private final class CannedHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let answer: String
    private let drop: String
    private let heads: Heads
    private var text = ""
    private var isAnswered = false

    init(answer: String, drop: String, heads: Heads) {
        self.answer = answer
        self.drop = drop
        self.heads = heads
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        text += String(buffer: unwrapInboundIn(data))
        // A TLS handshake (its first byte is 22) gets the same answer, which is none to it.
        guard !isAnswered, text.contains("\r\n\r\n") || text.hasPrefix("\u{16}") else { return }
        isAnswered = true
        heads.texts.withLock { $0.append(text) }
        guard !answer.isEmpty else { return }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
        if !drop.isEmpty { drip(on: context.channel) }
    }

    private func drip(on channel: any Channel) {
        let drop = ByteBuffer(string: drop)
        channel.eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(20)) { task in
            if channel.isActive { channel.writeAndFlush(drop, promise: nil) } else { task.cancel() }
        }
    }
}
