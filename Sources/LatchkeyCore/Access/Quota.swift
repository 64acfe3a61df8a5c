/// So many calls in a span, given out evenly: 600 in a minute lets 600 through at once and then 10 a second.
public struct Quota: Hashable, Sendable {
    public static let mostCalls = 1_000_000
    public static let longestSpan = Duration.days(1)

    public let calls: Int
    public let span: Duration

    /// - Returns: `nil` for what nobody can mean: none at all, or beyond the bounds.
    public init?(calls: Int, in span: Duration) {
        guard (1...Self.mostCalls).contains(calls), span >= .seconds(1), span <= Self.longestSpan else { return nil }
        self.calls = calls
        self.span = span
    }
}

extension Quota {
    /// What is kept of one client: the moment at which its bucket is full again, in nanoseconds since 1970. A bucket
    /// that nobody has touched is full since long ago.
    public struct Bucket: Hashable, Sendable {
        public var fullAt: Int64 = 0

        public init() {}
    }

    /// What became of one call.
    public enum Allowance: Hashable, Sendable {
        /// Calls that are left at once, and until all are there again.
        case granted(left: Int, fullIn: Duration)
        case refused(retryAfter: Duration)
    }

    /// The generic cell rate algorithm (ITU-T I.371, A.2): each call moves the moment at which the bucket is full by
    /// one interval, and a call that would move it beyond a whole bucket's worth is refused and moves nothing.
    ///
    /// A clock that was set back can make nobody wait longer than for one call.
    public func take(from bucket: inout Bucket, at now: Timestamp) -> Allowance {
        let interval = max(1, span.milliseconds * 1_000_000 / Int64(calls))
        let (moment, whole) = (now.milliseconds * 1_000_000, interval * Int64(calls))
        let start = min(max(bucket.fullAt, moment), moment + whole)
        let excess = start + interval - moment - whole
        guard excess <= 0 else { return .refused(retryAfter: .nanoseconds(excess)) }
        bucket.fullAt = start + interval
        return .granted(left: Int(-excess / interval), fullIn: .nanoseconds(bucket.fullAt - moment))
    }
}
