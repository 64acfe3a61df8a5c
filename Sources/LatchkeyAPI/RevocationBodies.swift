/// A part of the feed of revocations.
public struct RevocationFeedBody: Codable, Sendable {
    public let items: [TokenNewsBody]
    /// Whether `next` has something to say at once.
    public let more: Bool
    /// Where it goes on: a path of this server.
    public let next: String

    public init(items: [TokenNewsBody], more: Bool, next: String) {
        self.items = items
        self.more = more
        self.next = next
    }
}

/// Whether a token works.
public struct TokenNewsBody: Codable, Sendable {
    public let tokenID: Int64
    public let works: Bool

    public init(tokenID: Int64, works: Bool) {
        self.tokenID = tokenID
        self.works = works
    }

    enum CodingKeys: String, CodingKey {
        case tokenID = "token_id"
        case works
    }
}
