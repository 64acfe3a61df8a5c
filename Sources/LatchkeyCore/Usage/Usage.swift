/// The last use of a token: when, from where, with what, on which route.
public struct LastUse: Hashable, Sendable {
    public let token: ID<Token>
    /// The token's owner, whose last use it is too; `nil` where only the store knows.
    public let owner: ID<User>?
    /// Whole seconds.
    public let at: Timestamp
    public let address: String?
    public let userAgent: String?
    public let route: String

    public init(
        token: ID<Token>, at: Timestamp, address: String?, userAgent: String?, route: String, owner: ID<User>? = nil
    ) {
        self.token = token
        self.owner = owner
        self.at = at
        self.address = address
        self.userAgent = userAgent
        self.route = route
    }
}

/// How a request with a token ended, as usage is counted.
public enum UseOutcome: String, Hashable, Sendable, CaseIterable {
    /// Answered below 400.
    case allowed
    /// A valid token that may not do this (403).
    case denied
    /// A known token that does not work (401).
    case refused
    /// Any other answer from 400 on.
    case failed
}

/// What is counted apart within one token and hour.
public struct UsageKey: Hashable, Sendable {
    /// Everything beyond the bound of distinct rows is counted under this word.
    public static let other = "other"

    public let token: ID<Token>
    /// Hours since 1970.
    public let hour: Int64
    public let method: String
    public let route: String
    public let address: String
    public let agent: String
    public let outcome: UseOutcome

    public init(
        token: ID<Token>, hour: Int64, method: String, route: String, address: String, agent: String,
        outcome: UseOutcome
    ) {
        self.token = token
        self.hour = hour
        self.method = method
        self.route = route
        self.address = address
        self.agent = agent
        self.outcome = outcome
    }
}

/// Uses of one kind within an hour; writing one adds it to what is there.
public struct UsageCount: Hashable, Sendable {
    public let key: UsageKey
    public let count: Int64
    public let first: Timestamp
    public let last: Timestamp

    public init(key: UsageKey, count: Int64, first: Timestamp, last: Timestamp) {
        self.key = key
        self.count = count
        self.first = first
        self.last = last
    }
}

/// What of a token's usage is asked for, and how it is added up.
public struct UsageQuery: Hashable, Sendable {
    public enum Step: String, Hashable, Sendable, CaseIterable {
        case hour, day
    }

    public let token: ID<Token>
    public let from: Timestamp
    public let until: Timestamp
    public let step: Step

    public init(token: ID<Token>, from: Timestamp, until: Timestamp, step: Step) {
        self.token = token
        self.from = from
        self.until = until
        self.step = step
    }
}

/// Uses of one address, program or route, added up.
public struct UseSum: Hashable, Sendable {
    public let name: String
    /// Refused ones among them.
    public let uses: Int
    public let refusals: Int
    public let last: Timestamp

    public init(name: String, uses: Int, refusals: Int, last: Timestamp) {
        self.name = name
        self.uses = uses
        self.refusals = refusals
        self.last = last
    }
}
