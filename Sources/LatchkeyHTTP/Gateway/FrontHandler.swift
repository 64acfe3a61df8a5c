import LatchkeyCore
import NIOCore
import NIOHTTP1

/// Answers the questions of the ``FrontRoom`` on the event loop, in front of Hummingbird, and passes everything else
/// on.
///
/// Why: a request costs some 11 µs in NIO alone and 25 µs through Hummingbird, whose tasks hop between threads; these
/// questions are asked before every request of every system that asks (docs/decisions/0021). What is answered does not
/// change: the same functions answer on the other way too, and whatever is out of the ordinary goes there: a body that
/// is long or of unknown length, a question behind a request that is not answered yet (RFC 9112 §9.3.2: answers keep
/// the order), one whose token this server has not heard of, and whatever comes from somebody who does not read the
/// answers, whom Hummingbird lets wait.
final class FrontHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// Hummingbird closes a connection on which it sees nothing for 10 seconds, so it sees a question now and then.
    private static let shownEvery = TimeAmount.seconds(4)

    private let room: FrontRoom
    private let peer: Address?
    /// Where bytes go out behind the encoder, which would take as long as the rest of the answer.
    private let out: ChannelHandlerContext
    private var outbox: Outbox
    /// A question whose end has not come yet.
    private var asked: Asked?
    /// Requests passed on that are not answered yet.
    private var passedOn = 0
    private var lastShown = NIODeadline.now()
    /// Whether something of this read was passed on.
    private var hasPassedOn = false

    private struct Asked {
        let topic: FrontRoom.Topic
        let head: HTTPRequestHead
        var body = ByteBuffer()
    }

    init(room: FrontRoom, peer: Address?, encoder: ChannelHandlerContext, departures: Departures) {
        self.room = room
        self.peer = peer
        outbox = Outbox(departures)
        out = encoder
    }

    /// Whether an answer may be written now, in front of this: nothing is due before it, and Hummingbird has seen
    /// something a moment ago.
    func hasNothingDue(at now: NIODeadline) -> Bool {
        passedOn == 0 && asked == nil && now - lastShown < Self.shownEvery
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            if passedOn == 0, context.channel.isWritable, let topic = room.topic(head) {
                asked = Asked(topic: topic, head: head)
            } else {
                passedOn += 1
                passOn(data, context)
            }
        case .body(var bytes):
            guard asked != nil else { return passOn(data, context) }
            // Bounded by the length in the head, which the decoder keeps to.
            if asked?.body.readableBytes == 0 { asked?.body = bytes } else { asked?.body.writeBuffer(&bytes) }
        case .end:
            guard let asked else { return passOn(data, context) }
            self.asked = nil
            answer(asked, context, end: data)
        }
    }

    private func answer(_ asked: Asked, _ context: ChannelHandlerContext, end: NIOAny) {
        let now = NIODeadline.now()
        if now - lastShown < Self.shownEvery {
            let body = Array(asked.body.readableBytesView)
            if let reply = room.answer(room.question(asked.topic, asked.head, body), from: peer) {
                return write(reply, to: asked.head)
            }
        }
        lastShown = now
        passedOn += 1
        passOn(wrapInboundOut(.head(asked.head)), context)
        if asked.body.readableBytes > 0 { passOn(wrapInboundOut(.body(asked.body)), context) }
        passOn(end, context)
    }

    private func passOn(_ part: NIOAny, _ context: ChannelHandlerContext) {
        hasPassedOn = true
        context.fireChannelRead(part)
    }

    private func write(_ reply: FrontReply, to question: HTTPRequestHead) {
        let isLast = !question.isKeepAlive
        let bytes = [UInt8](reply, at: room.clock.date, isHead: question.method == .HEAD, isLast: isLast)
        guard isLast else { return outbox.write(bytes, to: out) }
        let buffer = out.channel.allocator.buffer(bytes: bytes)
        let out = NIOLoopBound(out, eventLoop: out.eventLoop)
        self.out.writeAndFlush(NIOAny(buffer)).whenComplete { _ in out.value.close(promise: nil) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        outbox.endRead(out)
        // Whoever has seen nothing has nothing to do.
        guard hasPassedOn else { return }
        hasPassedOn = false
        context.fireChannelReadComplete()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { passedOn -= 1 }
        context.write(data, promise: promise)
    }

    /// What has been answered leaves first.
    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        out.flush()
        context.close(mode: mode, promise: promise)
    }
}
