import NIOCore
import NIOHTTP1

/// Cuts off whoever lets an answer lie: while something waits for them, they must take 32 KiB of it, or the rest, in
/// each 30 seconds.
final class SlowReaders: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = Never

    static let patience = TimeAmount.seconds(30)
    private static let least = 32 * 1024

    private var look: Scheduled<Void>?
    /// A stream of HTTP/2 knows no such option, and asking one for it ends the program.
    private var tellsWhatWaits = false

    func handlerAdded(context: ChannelHandlerContext) {
        let parser = try? context.pipeline.syncOperations.context(
            handlerType: ByteToMessageHandler<HTTPRequestDecoder>.self)
        tellsWhatWaits = parser != nil
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        look?.cancel()
        look = context.channel.isWritable ? nil : nextLook(context, waiting: waiting(context))
        context.fireChannelWritabilityChanged()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        look?.cancel()
    }

    private func nextLook(_ context: ChannelHandlerContext, waiting before: Int) -> Scheduled<Void> {
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.patience) { [self] in
            let waiting = waiting(context)
            guard waiting <= before - Self.least else { return context.close(promise: nil) }
            look = nextLook(context, waiting: waiting)
        }
    }

    /// Bytes that are written and not sent. On a stream it stays 0: there nothing counts as taken but all of it.
    private func waiting(_ context: ChannelHandlerContext) -> Int {
        guard tellsWhatWaits else { return 0 }
        return (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }
}
