public import LatchkeyCore
import LatchkeyStore

/// The feed of revocations: what those need who check tokens by their signature.
extension App {
    /// Who was woken for nothing (a token was made) waits so long before it looks again, so that many who wait cannot
    /// keep the database busy.
    private static let pause = Duration.milliseconds(250)
    /// What the feed promises to a reader who comes back.
    public static let feedIsKeptFor = Duration.days(30)
    private static let entriesAtOnce: Int64 = 10_000

    /// The next part of the feed; with `waiting`, not before there is something to tell or the time is over.
    ///
    /// - Returns: `nil` when the feed does not go on from there, and the reader has to start with a new snapshot.
    public func revocations(
        at place: RevocationPlace, waiting: Duration = .zero, as caller: Caller
    ) async throws(Refusal) -> RevocationPart? {
        try caller.require(.readRevocations)
        var (place, wasWoken) = (place, false)
        let end = ContinuousClock.now + waiting
        while true {
            let (here, now) = (place, ambient.now())
            let part = try await store.read { db throws(Refusal) in try db.revocations(at: here, now: now) }
            guard let part, part.news.isEmpty, case .feed(let after) = part.next else { return part }
            if part.hasMore {
                place = part.next
                continue
            }
            let left = end - .now
            guard left > .zero, !Task.isCancelled, !feed.bell.isClosed else { return part }
            if wasWoken { try? await Task.sleep(for: min(left, Self.pause)) }
            guard try await feed.bell.wait(beyond: after, atMost: left, as: caller.userID) else { return part }
            (place, wasWoken) = (part.next, true)
        }
    }

    /// Sends everybody home who waits for news: called first when the server stops, so that nobody keeps it from it.
    public func stopWaiting() {
        feed.bell.close()
    }

    /// Drops what the feed has promised to nobody any more. May be repeated without harm, on every node.
    ///
    /// - Returns: how many entries there were.
    @discardableResult
    public func shortenFeed() async throws(Refusal) -> Int64 {
        let now = ambient.now()
        try await store.write { db throws(Refusal) in try db.note(.markFeed(at: now)) }
        let (bounds, mark) = try await store.read { db throws(Refusal) in
            (try db.feedBounds(), try db.feedMark(at: now - Self.feedIsKeptFor))
        }
        var first = bounds.first
        while first <= mark {
            let part = min(mark, first + Self.entriesAtOnce - 1)
            try await store.write { db throws(Refusal) in try db.note(.forgetFeed(upTo: part)) }
            first = part + 1
        }
        return max(0, first - bounds.first)
    }
}
