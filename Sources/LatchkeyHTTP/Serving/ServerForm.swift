public import HummingbirdCore
import NIOCore

/// How connections are to be served: what is bounded before a request exists.
enum ServerForm {
    /// Of the request line and all header fields of a request together.
    static let longestHead = 16 * 1024
    static let mostFields = 100
}

extension DoorsResponder {
    /// The connections that lead to these doors.
    public var http1: HTTP1Channel.Configuration { http1(patience: SlowSenders.patience) }

    /// - Parameter patience: with who sends slowly, or nothing.
    func http1(patience: TimeAmount) -> HTTP1Channel.Configuration {
        HTTP1Channel.Configuration(
            additionalChannelHandlers: [
                SlowSenders(patience: patience), SlowReaders(), BehindParser(front, malformed),
            ],
            idleTimeout: patience,
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: ServerForm.longestHead, maxHeaderListSize: ServerForm.longestHead,
                maxHeaderFieldCount: ServerForm.mostFields))
    }
}
