import Hummingbird
import NIOCore

/// Cuts off whoever sends one request for longer than 10 seconds, however it drips.
///
/// It sees the parts of requests and responses go by without looking into them: a part that comes in more than 10
/// seconds after the first one since the last response is one too many. Who stops sending altogether, or drips
/// header bytes that never become a part, is cut off by Hummingbird's idle timeout of the same length.
final class SlowSenders: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = Never
    typealias OutboundIn = Never

    static let patience = TimeAmount.seconds(10)

    private let patience: TimeAmount
    private var since: NIODeadline?

    init(patience: TimeAmount) {
        self.patience = patience
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let now = NIODeadline.now()
        if let since, now - since > patience {
            context.close(promise: nil)
            return
        }
        if since == nil { since = now }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        since = nil
        context.write(data, promise: promise)
    }
}
