public import LatchkeyCore

extension Transaction {
    /// Entries of the feed in one part, and tokens in one part of a snapshot.
    private static let stretch: Int64 = 1000

    /// The next part of the feed of revocations.
    ///
    /// - Returns: `nil` when the feed does not go on from there: it has been shortened, or the database was restored
    ///   from an older backup. Then the reader has to start again.
    public func revocations(at place: RevocationPlace, now: Timestamp) throws(Refusal) -> RevocationPart? {
        switch place {
        case .snapshot(let token, let since): return try stoppedTokens(behind: token, since: since, now: now)
        case .feed(let after):
            let kept = try feedBounds()
            guard after >= kept.first - 1, after <= kept.last else { return nil }
            return try tokenNews(after: after, last: kept.last, now: now)
        }
    }

    /// A deleted token stands there as a revoked one: only such and expired ones can be deleted. One whose overlap has
    /// just run out is revoked in some seconds, which is an entry of the feed then.
    private func stoppedTokens(
        behind token: ID<Token>, since: Int64?, now: Timestamp
    ) throws(Refusal) -> RevocationPart {
        let since = if let since { since } else { try lastSequence() }
        let stopped = try all(
            """
            SELECT t.id FROM token t WHERE t.revoked_at IS NOT NULL AND t.id > \(token) AND t.expires_at > \(now)
            ORDER BY t.id LIMIT \(Self.stretch)
            """
        ) { row throws(Refusal) in TokenNews(token: row.id(0), works: false) }
        guard let last = stopped.last, stopped.count == Self.stretch else {
            return RevocationPart(news: stopped, next: .feed(after: since), hasMore: false)
        }
        return RevocationPart(news: stopped, next: .snapshot(behind: last.token, since: since), hasMore: true)
    }

    /// As the tokens are now: what changed twice is told once, or twice alike. A token that works is told of only if it
    /// was restored once, so that new ones are no news. (`|| ''` keeps SQLite from looking through all restorations
    /// rather than at the token's few events.)
    private func tokenNews(after: Int64, last: Int64, now: Timestamp) throws(Refusal) -> RevocationPart {
        let end = min(last, after + Self.stretch)
        let news = try all(
            """
            SELECT DISTINCT t.id, CAST(CASE WHEN \(Token.isActive(at: now)) THEN 1 ELSE 0 END AS BIGINT)
            FROM changes c JOIN token t ON t.id = c.id
            WHERE c.seq > \(after) AND c.seq <= \(end) AND c.kind = 'token' AND t.expires_at > \(now)
                AND (NOT (\(Token.isActive(at: now))) OR EXISTS (
                    SELECT 1 FROM audit_event e
                    WHERE e.object_type = 'token' AND e.object_id = t.id AND e.verb || '' = 'restore'))
            ORDER BY t.id
            """
        ) { row throws(Refusal) in TokenNews(token: row.id(0), works: row.int(1) == 1) }
        return RevocationPart(news: news, next: .feed(after: end), hasMore: end < last)
    }
}
