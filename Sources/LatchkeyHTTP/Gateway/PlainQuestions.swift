import LatchkeyCore
import NIOCore

/// Answers ``PlainQuestion``s before HTTP's parser sees them, and lets everything else go by unread.
///
/// It may do so only where it knows that a request begins: at the start of a connection and behind other plain
/// questions. Once bytes have gone by that were none, only the parser knows, and this is over for the connection; the
/// ``FrontHandler`` behind the parser answers then. So nothing is ever read in two ways.
final class PlainQuestions: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let room: FrontRoom
    private let peer: Address?
    private let front: FrontHandler
    private var outbox: Outbox
    private var isOver = false
    /// Whether something of this read went by.
    private var hasPassedOn = false

    init(room: FrontRoom, peer: Address?, before front: FrontHandler, departures: Departures) {
        self.room = room
        self.peer = peer
        self.front = front
        outbox = Outbox(departures)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isOver else { return passOn(data, context) }
        var bytes = unwrapInboundIn(data)
        while bytes.readableBytes > 0 {
            guard let plain = bytes.withUnsafeReadableBytes({ room.plainQuestion($0) }) else {
                isOver = true
                return passOn(wrapInboundOut(bytes), context)
            }
            if let reply = answer(plain.question, context) {
                bytes.moveReaderIndex(forwardBy: plain.length)
                outbox.write([UInt8](reply, at: room.clock.date, isHead: false, isLast: false), to: context)
            } else if let whole = bytes.readSlice(length: plain.length) {
                passOn(wrapInboundOut(whole), context)
            }
        }
    }

    private func answer(_ question: FrontRoom.Question, _ context: ChannelHandlerContext) -> FrontReply? {
        guard front.hasNothingDue(at: .now()), context.channel.isWritable else { return nil }
        return room.answer(question, from: peer)
    }

    private func passOn(_ data: NIOAny, _ context: ChannelHandlerContext) {
        hasPassedOn = true
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        outbox.endRead(context)
        guard hasPassedOn else { return }
        hasPassedOn = false
        context.fireChannelReadComplete()
    }
}
