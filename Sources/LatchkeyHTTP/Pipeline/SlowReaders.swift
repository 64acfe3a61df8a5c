import NIOCore

/// Cuts off whoever lets an answer lie: while something waits for them, they must take 32 KiB of it, or the rest, in
/// each 30 seconds.
final class SlowReaders: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = Never

    static let patience = TimeAmount.seconds(30)
    private static let least = 32 * 1024

    private var look: Scheduled<Void>?

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        look?.cancel()
        look = context.channel.isWritable ? nil : nextLook(context, waiting: Self.waiting(context))
        context.fireChannelWritabilityChanged()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        look?.cancel()
    }

    private func nextLook(_ context: ChannelHandlerContext, waiting before: Int) -> Scheduled<Void> {
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.patience) { [self] in
            let waiting = Self.waiting(context)
            guard waiting <= before - Self.least else { return context.close(promise: nil) }
            look = nextLook(context, waiting: waiting)
        }
    }

    /// Bytes that are written and not sent. A stream of HTTP/2 does not tell; there nothing counts as sent.
    private static func waiting(_ context: ChannelHandlerContext) -> Int {
        (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }
}
