/// What a token did between two moments, counted by hour or day.
public struct UsageBody: Codable, Hashable, Sendable {
    public let tokenID: Int64
    public let from: String
    public let until: String
    public let step: String
    public let total: Int64
    public let items: [UsageItem]

    enum CodingKeys: String, CodingKey {
        case tokenID = "token_id"
        case from, until, step, total, items
    }

    public init(tokenID: Int64, from: String, until: String, step: String, total: Int64, items: [UsageItem]) {
        self.tokenID = tokenID
        self.from = from
        self.until = until
        self.step = step
        self.total = total
        self.items = items
    }
}

/// Uses of one kind within one hour or day.
public struct UsageItem: Codable, Hashable, Sendable {
    public let start: String
    public let method: String
    public let route: String
    public let address: String
    public let agent: String
    public let outcome: String
    public let count: Int64
    public let first: String
    public let last: String

    public init(
        start: String, method: String, route: String, address: String, agent: String, outcome: String, count: Int64,
        first: String, last: String
    ) {
        self.start = start
        self.method = method
        self.route = route
        self.address = address
        self.agent = agent
        self.outcome = outcome
        self.count = count
        self.first = first
        self.last = last
    }
}
