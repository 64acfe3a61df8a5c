public import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// A connection as Hummingbird sets it up, with ``FrontHandler`` right behind the decoder.
struct FrontChannel: ServerChildChannel {
    let base: HTTP1Channel
    let room: FrontRoom

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        base.setup(channel: channel, logger: logger).flatMapThrowing { [room] value in
            let pipeline = channel.pipeline.syncOperations
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            let encoder = try pipeline.context(handlerType: HTTPResponseEncoder.self)
            let handler = FrontHandler(room: room, peer: CallContext.peer(of: channel), encoder: encoder)
            try pipeline.addHandler(handler, position: .after(decoder))
            return value
        }
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async {
        await base.handle(value: value, logger: logger)
    }
}

extension HTTPServerBuilder {
    /// HTTP/1 in the bounds of the doors, with the questions of the ``FrontRoom`` answered before them.
    public static func http1(answering room: FrontRoom, before doors: DoorsResponder) -> HTTPServerBuilder {
        HTTPServerBuilder { responder in
            FrontChannel(base: HTTP1Channel(responder: responder, configuration: doors.http1), room: room)
        }
    }
}
