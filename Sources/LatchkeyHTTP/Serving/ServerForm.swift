public import HummingbirdCore
import NIOCore

/// How connections are to be served: what is bounded before a request exists.
public enum ServerForm {
    /// Of all header fields of a request together.
    static let longestHead = 16 * 1024

    public static var http1: HTTP1Channel.Configuration {
        HTTP1Channel.Configuration(
            additionalChannelHandlers: [SlowSenders()], idleTimeout: SlowSenders.patience,
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: longestHead, maxHeaderListSize: longestHead, maxHeaderFieldCount: 100))
    }
}
