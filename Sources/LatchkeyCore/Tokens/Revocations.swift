/// What the feed of revocations says of one token, for those who check tokens without asking.
public struct TokenNews: Hashable, Sendable {
    public let token: ID<Token>
    /// `false` from a revocation or the end of an overlap on; `true` after it was restored. That a token expires is
    /// said in the token itself, and is no news.
    public let works: Bool

    public init(token: ID<Token>, works: Bool) {
        self.token = token
        self.works = works
    }
}

/// Where a reader of the feed of revocations stands.
public enum RevocationPlace: Hashable, Sendable {
    /// At the beginning: everything that has stopped working and has not expired, in the order of its numbers, behind a
    /// token. `since` is the place of the feed where the first part was read; whoever has all parts goes on there.
    case snapshot(behind: ID<Token>, since: Int64?)
    /// Behind this number of the feed.
    case feed(after: Int64)
}

/// A part of the feed, and where it goes on.
public struct RevocationPart: Hashable, Sendable {
    public let news: [TokenNews]
    public let next: RevocationPlace
    /// Whether there is more already.
    public let hasMore: Bool

    public init(news: [TokenNews], next: RevocationPlace, hasMore: Bool) {
        self.news = news
        self.next = next
        self.hasMore = hasMore
    }
}
