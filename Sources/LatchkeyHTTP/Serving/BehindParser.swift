import NIOCore
import NIOHTTP1

/// Puts what must see HTTP/1 as it is right behind its parser, over TLS or not: the ``FrontRoom``, and behind it
/// ``MalformedRequests``.
///
/// A stream of HTTP/2 has no such parser: frames that are none close its connection, and all of its requests go on to
/// Hummingbird.
final class BehindParser: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = Never

    private let room: FrontRoom
    private let malformed: MalformedAnswers

    init(_ room: FrontRoom, _ malformed: MalformedAnswers) {
        self.room = room
        self.malformed = malformed
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let pipeline = context.pipeline.syncOperations
        let parser = try? pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
        guard let parser else { return }
        do {
            let encoder = try pipeline.context(handlerType: HTTPResponseEncoder.self)
            let peer = CallContext.peer(of: context.channel)
            let departures = room.departures.of(context.eventLoop)
            let front = FrontHandler(room: room, peer: peer, encoder: encoder, departures: departures)
            try pipeline.addHandlers([front, MalformedRequests(malformed)], position: .after(parser))
            let plain = PlainQuestions(room: room, peer: peer, before: front, departures: departures)
            try pipeline.addHandler(plain, position: .before(encoder.handler))
        } catch {
            // Without its handlers a connection would be served by other rules than the others.
            context.close(promise: nil)
        }
    }
}
