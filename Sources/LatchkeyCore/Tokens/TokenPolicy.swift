/// The instance's settings for tokens.
public struct TokenPolicy: Hashable, Sendable {
    /// 1 to 365.
    public var longestDays: Int
    /// Whether a token may live for ever.
    public var allowsNever: Bool
    /// What a token gets whose maker names no length of life.
    public var usualDays: Int
    /// How long a rotated token outlives its successor's first use.
    public var grace: Duration
    /// How long a retired token has to go unused to count as watched.
    public var watch: Duration
    /// What an access token gets for which no length of life is named, in minutes.
    public var accessMinutes: Int

    public init(
        longestDays: Int = 365, allowsNever: Bool = true, usualDays: Int = 90, grace: Duration = .minutes(5),
        watch: Duration = .days(7), accessMinutes: Int = 10
    ) {
        self.longestDays = longestDays
        self.allowsNever = allowsNever
        self.usualDays = usualDays
        self.grace = grace
        self.watch = watch
        self.accessMinutes = accessMinutes
    }
}

/// How long a token is to live.
public enum Lifetime: Hashable, Sendable {
    case days(Int)
    case never
    /// The instance's usual length.
    case usual
    /// The same length as the token it succeeds, which need not be whole days.
    case span(Duration)
}

extension TokenPolicy {
    /// What a credential gets that is no secret.
    public var longestLifetime: Lifetime { allowsNever ? .never : .days(longestDays) }

    /// Of an access token.
    public var usualAccessLifetime: Duration { .minutes(accessMinutes) }

    /// When a token made now ends, in whole seconds as `exp` counts them; `nil` for never.
    public func expiry(of lifetime: Lifetime, at now: Timestamp) throws(Refusal) -> Timestamp? {
        switch lifetime {
        case .usual: return now.wholeSecond + .days(min(usualDays, longestDays))
        case .span(let span): return now.wholeSecond + min(span, .days(longestDays))
        case .never:
            guard allowsNever else {
                throw .invalid("/expires_in_days", "must be 1 to \(longestDays): here a token has to expire")
            }
            return nil
        case .days(let days):
            guard (1...longestDays).contains(days) else {
                let never = allowsNever ? ", or null for never" : ""
                throw .invalid("/expires_in_days", "must be 1 to \(longestDays)\(never)")
            }
            return now.wholeSecond + .days(days)
        }
    }
}
