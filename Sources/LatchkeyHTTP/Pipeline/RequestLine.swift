public import LatchkeyCore
public import Logging

/// What the log says of a request. Never a query, a header or a path: these may hold what nobody should read.
public struct RequestLine: Sendable {
    public let method: String
    /// The route's template.
    public let route: String
    public let status: Int
    public let duration: Duration
    public let requestID: String
    public let token: ID<Token>?
}

/// Where request lines go.
public typealias RequestLog = @Sendable (RequestLine) -> Void

extension RequestLine {
    /// Lines as log events of level info.
    public static func log(to logger: Logger) -> RequestLog {
        { line in
            guard logger.logLevel <= .info else { return }
            var metadata: Logger.Metadata = [
                "method": .string(line.method), "route": .string(line.route),
                "status": .stringConvertible(line.status), "request_id": .string(line.requestID),
                "duration_ms": .stringConvertible(line.milliseconds),
            ]
            if let token = line.token { metadata["token"] = .stringConvertible(token.value) }
            logger.info("request", metadata: metadata)
        }
    }

    /// In thousandths.
    public var milliseconds: Double {
        let parts = duration.components
        return Double(parts.seconds * 1_000_000 + parts.attoseconds / 1_000_000_000_000) / 1000
    }
}
