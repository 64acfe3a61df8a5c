import NIOCore

/// Cuts off whoever lets an answer lie for 30 seconds: of what waits for them, 32 KiB must be taken in that time.
final class SlowReaders: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = Never

    static let patience = TimeAmount.seconds(30)

    private var end: Scheduled<Void>?

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        end?.cancel()
        end = context.channel.isWritable ? nil : closing(context)
        context.fireChannelWritabilityChanged()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end?.cancel()
    }

    private func closing(_ context: ChannelHandlerContext) -> Scheduled<Void> {
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.patience) { context.close(promise: nil) }
    }
}
