import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import LatchkeyHTTP

/// An answer on its way to its reader, who takes of it what the test says.
private struct LongAnswer {
    private let loop = EmbeddedEventLoop()
    private let channel: EmbeddedChannel

    /// - Parameter isStream: of HTTP/2, which has no parser of its own.
    init(isStream: Bool = false) throws {
        channel = EmbeddedChannel(loop: loop)
        if !isStream {
            try channel.pipeline.syncOperations.addHandler(ByteToMessageHandler(HTTPRequestDecoder()))
        }
        try channel.pipeline.syncOperations.addHandler(SlowReaders())
        channel.connect(to: try SocketAddress(unixDomainSocketPath: "/reader"), promise: nil)
    }

    var isCutOff: Bool { !channel.isActive }

    /// So many KiB, and bytes beside, are written and not sent by now.
    func leave(_ kibibytes: Int, _ bytes: Int = 0) {
        channel.flush()
        channel.write(ByteBuffer(repeating: 0x78, count: kibibytes * 1024 + bytes), promise: nil)
    }

    func fill() { say(isWritable: false) }
    func drain() { say(isWritable: true) }

    private func say(isWritable: Bool) {
        channel.isWritable = isWritable
        channel.pipeline.fireChannelWritabilityChanged()
    }

    func pass(_ seconds: Int64) { loop.advanceTime(by: .seconds(seconds)) }
}

@Suite("A reader of a long answer")
struct SlowReadersTests {
    @Test("is waited for as long as they take 32 KiB in each 30 seconds")
    func kept() throws {
        let answer = try LongAnswer()
        answer.leave(100)
        answer.fill()
        for rest in [68, 36, 4] {
            answer.pass(29)
            answer.leave(rest)
            answer.pass(1)
            #expect(!answer.isCutOff, "\(rest) KiB are left")
        }
    }

    @Test("is cut off when they take a byte less")
    func cutOff() throws {
        let answer = try LongAnswer()
        answer.leave(100)
        answer.fill()
        answer.leave(68, 1)
        answer.pass(29)
        #expect(!answer.isCutOff)
        answer.pass(1)
        #expect(answer.isCutOff)
    }

    @Test("is cut off though they took much before, when they take nothing more")
    func stopped() throws {
        let answer = try LongAnswer()
        answer.leave(100)
        answer.fill()
        answer.leave(4)
        answer.pass(30)
        #expect(!answer.isCutOff)
        answer.pass(30)
        #expect(answer.isCutOff)
    }

    @Test("has all the time in the world once nothing waits for them")
    func drained() throws {
        let answer = try LongAnswer()
        answer.leave(100)
        answer.fill()
        answer.pass(29)
        answer.drain()
        answer.pass(60)
        #expect(!answer.isCutOff)
    }

    @Test("of a stream of HTTP/2 has 30 seconds for all that waits, which nobody asks the stream about")
    func stream() throws {
        let answer = try LongAnswer(isStream: true)
        answer.leave(100)
        answer.fill()
        answer.leave(4)
        answer.pass(30)
        #expect(answer.isCutOff)
    }
}
