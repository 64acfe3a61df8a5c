/// One sign-in of a person in one browser, from the log-in to its end.
public struct Session: Hashable, Sendable {
    /// A session that nobody uses for this long is over.
    public static let idleLimit = Duration.minutes(30)
    /// Nobody stays signed in for longer, however busy.
    public static let longest = Duration.hours(12)
    /// Of one person at once: one more ends the oldest.
    public static let mostPerPerson = 20

    public let id: ID<Session>
    public let user: ID<User>
    public let method: SignInMethod
    public let createdAt: Timestamp
    /// Written at most once a minute.
    public let lastSeenAt: Timestamp
    public let address: Address?
    public let userAgent: String?

    public init(
        id: ID<Session>, user: ID<User>, method: SignInMethod, createdAt: Timestamp, lastSeenAt: Timestamp,
        address: Address?, userAgent: String?
    ) {
        self.id = id
        self.user = user
        self.method = method
        self.createdAt = createdAt
        self.lastSeenAt = lastSeenAt
        self.address = address
        self.userAgent = userAgent
    }

    /// The moment from which it no longer works.
    public var endsAt: Timestamp { min(lastSeenAt + Self.idleLimit, createdAt + Self.longest) }

    public func isLive(at now: Timestamp) -> Bool { now < endsAt }
}

/// How a person proved who they are.
public enum SignInMethod: Hashable, Sendable {
    case password
    /// An identity provider, by its number.
    case provider(Int64)
    /// A link of ours that works once: the first set-up, an invitation.
    case link
}
