public import LatchkeyCore

extension Transaction {
    /// How many rows one answer holds at most.
    public static let longestUsage = 10_000

    /// The counts of a token, added up by hour or day, oldest first. Each key's `hour` is the first of its step.
    public func usage(_ query: UsageQuery) throws(Refusal) -> [UsageCount] {
        let hours: Int64 = query.step == .day ? 24 : 1
        return try all(
            """
            SELECT hour / \(hours) * \(hours), method, route, address, agent, outcome, CAST(SUM(uses) AS BIGINT),
                MIN(first_at), MAX(last_at)
            FROM usage_count
            WHERE token_id = \(query.token) AND hour >= \(query.from.hour) AND hour < \(query.until.hourAfter)
            GROUP BY 1, method, route, address, agent, outcome
            ORDER BY 1, method, route, address, agent, outcome LIMIT \(Self.longestUsage)
            """
        ) { row throws(Refusal) in
            let key = UsageKey(
                token: query.token, hour: row.int(0), method: row.text(1), route: row.text(2), address: row.text(3),
                agent: row.text(4), outcome: try row.word(5))
            return UsageCount(key: key, count: row.int(6), first: row.time(7), last: row.time(8))
        }
    }
}

extension WriteTransaction {
    /// Distinct rows of one token and hour, those under `other` left aside: these come on top, one for each outcome,
    /// which makes 200 in all.
    private static let mostRows = 200 - UseOutcome.allCases.count

    /// A token that was made after the backup that is in place now bears our tag still, and is refused, but has no row.
    /// Its uses have nowhere to go, and hold up nobody else's.
    func ofKnownTokens(_ counts: [UsageCount]) throws(Refusal) -> [UsageCount] {
        var known: Set<ID<Token>> = []
        for part in Set(counts.map(\.key.token)).sorted().parts(of: 256) {
            try rows("SELECT id FROM token WHERE id \(in: part)") { row in known.insert(row.id(0)) }
        }
        return counts.filter { known.contains($0.key.token) }
    }

    /// Adds to what is there. A key that is new when the hour is full is counted under `other`.
    func add(_ count: UsageCount) throws(Refusal) {
        if try addToRow(count.key, count) { return }
        let key = count.key
        let rows = try number(
            """
            SELECT COUNT(*) FROM (SELECT 1 FROM usage_count
            WHERE token_id = \(key.token) AND hour = \(key.hour) LIMIT \(Self.mostRows)) AS kept
            """)
        if rows < Self.mostRows || key.isOverflow {
            try insertRow(key, count)
        } else if try !addToRow(key.overflow, count) {
            try insertRow(key.overflow, count)
        }
    }

    private func addToRow(_ key: UsageKey, _ count: UsageCount) throws(Refusal) -> Bool {
        let changed = try run(
            """
            UPDATE usage_count SET uses = uses + \(count.count),
                first_at = CASE WHEN first_at < \(count.first) THEN first_at ELSE \(count.first) END,
                last_at = CASE WHEN last_at > \(count.last) THEN last_at ELSE \(count.last) END
            WHERE token_id = \(key.token) AND hour = \(key.hour) AND method = \(key.method) AND route = \(key.route)
                AND address = \(key.address) AND agent = \(key.agent) AND outcome = \(key.outcome)
            """)
        return changed > 0
    }

    private func insertRow(_ key: UsageKey, _ count: UsageCount) throws(Refusal) {
        try run(
            """
            INSERT INTO usage_count (token_id, hour, method, route, address, agent, outcome, uses, first_at, last_at)
            VALUES (\(key.token), \(key.hour), \(key.method), \(key.route), \(key.address), \(key.agent),
                \(key.outcome), \(count.count), \(count.first), \(count.last))
            """)
    }
}

extension UsageKey {
    fileprivate var isOverflow: Bool { self == overflow }

    /// Where this is counted once the hour is full.
    fileprivate var overflow: UsageKey {
        UsageKey(
            token: token, hour: hour, method: Self.other, route: Self.other, address: Self.other, agent: Self.other,
            outcome: outcome)
    }
}

extension Timestamp {
    var hour: Int64 {
        let hour = seconds / 3600
        return seconds % 3600 < 0 ? hour - 1 : hour
    }

    /// The first hour that begins at or after this moment.
    fileprivate var hourAfter: Int64 {
        milliseconds == hour * 3_600_000 ? hour : hour + 1
    }
}
