import NIOCore

/// The answers of one connection on their way out: they leave with the ``Departures`` of their turn, or before, when
/// they are many. Until they leave, a connection with TLS does not say that it is full.
struct Outbox {
    /// In bytes, some sixty answers.
    private static let most = 32 * 1024

    private let departures: Departures
    private var hasWritten = false
    /// Written since many had to leave early; more than that need not be waiting.
    private var written = 0

    init(_ departures: Departures) {
        self.departures = departures
    }

    mutating func write(_ bytes: [UInt8], to context: ChannelHandlerContext) {
        context.write(NIOAny(context.channel.allocator.buffer(bytes: bytes)), promise: nil)
        hasWritten = true
        written += bytes.count
        guard written > Self.most else { return }
        context.flush()
        written = 0
    }

    /// Behind all that came in one read.
    mutating func endRead(_ context: ChannelHandlerContext) {
        guard hasWritten else { return }
        hasWritten = false
        departures.add(context)
    }
}
