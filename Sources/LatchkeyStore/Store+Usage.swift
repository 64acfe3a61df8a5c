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

    /// Adds to what is there, and to the days. A key that is new when the hour is full is counted under `other`.
    func add(_ counts: [UsageCount]) throws(Refusal) {
        // Neighbours lie on one page.
        let counts = counts.places(by: \.key.token).map { counts[$0] }
        let changes = try run(.addToUses, each: counts.map { $0.row(under: $0.key) })
        let new = zip(counts, changes).filter { $1 == 0 }.map(\.0)
        let kept = try rowsByHour(of: new)
        let known = new.filter { kept[$0.key.token] != nil }
        try insert(known, beside: kept)
        if known.count == new.count { return try addToDays(counts) }
        let unknown = Set(new.map(\.key.token)).subtracting(kept.keys)
        try addToDays(counts.filter { !unknown.contains($0.key.token) })
    }

    /// How many rows each of these tokens has in an hour. One that was made after the backup that is in place now bears
    /// our tag still, and is refused, but is not there: its uses have nowhere to go, and hold up nobody else's.
    private func rowsByHour(of counts: [UsageCount]) throws(Refusal) -> [ID<Token>: [Int64: Int64]] {
        let hours = Set(counts.map(\.key.hour)).sorted()
        var kept: [ID<Token>: [Int64: Int64]] = [:]
        for part in Set(counts.map(\.key.token)).sorted().parts(of: 256) {
            try rows(
                """
                SELECT t.id, u.hour, COUNT(u.hour) FROM token t
                LEFT JOIN usage_count u ON u.token_id = t.id AND u.hour \(in: hours)
                WHERE t.id \(in: part) GROUP BY t.id, u.hour
                """
            ) { row in kept[row.id(0), default: [:]][row.int(1)] = row.int(2) }
        }
        return kept
    }

    /// In one go those that have room whichever come with them; after them, one by one, the others of full hours.
    private func insert(
        _ counts: [UsageCount], beside kept: [ID<Token>: [Int64: Int64]]
    ) throws(Refusal) {
        // The same key twice is taken for two rows here: there is at least as much room as it seems.
        var kept = kept
        var rest: [UsageCount] = []
        var rows: [[SQLValue]] = []
        for count in counts {
            let row = kept[count.key.token, default: [:]][count.key.hour, default: 0]
            guard row < Self.mostRows else {
                rest.append(count)
                continue
            }
            kept[count.key.token, default: [:]][count.key.hour] = row + 1
            rows.append(count.row(under: count.key))
        }
        try run(.insertUses, each: rows)
        for count in rest { try insertBeyond(count) }
    }

    /// Where the hour may be full.
    private func insertBeyond(_ count: UsageCount) throws(Refusal) {
        let key = count.key
        if try run(.addToUses, each: [count.row(under: key)]) == [1] { return }
        let rows = try number(
            "SELECT COUNT(*) FROM usage_count WHERE token_id = \(key.token) AND hour = \(key.hour)")
        try run(.insertUses, each: [count.row(under: rows < Self.mostRows ? key : key.overflow)])
    }
}

extension StaticString {
    fileprivate static let addToUses: StaticString = """
        UPDATE usage_count SET uses = uses + $1,
            first_at = CASE WHEN first_at < $2 THEN first_at ELSE $2 END,
            last_at = CASE WHEN last_at > $3 THEN last_at ELSE $3 END
        WHERE token_id = $4 AND hour = $5 AND method = $6 AND route = $7 AND address = $8 AND agent = $9
            AND outcome = $10
        """

    /// What is there by now is added to.
    fileprivate static let insertUses: StaticString = """
        INSERT INTO usage_count (uses, first_at, last_at, token_id, hour, method, route, address, agent, outcome)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (token_id, hour, method, route, address, agent, outcome) DO UPDATE SET
            uses = usage_count.uses + excluded.uses,
            first_at = CASE WHEN usage_count.first_at < excluded.first_at
                THEN usage_count.first_at ELSE excluded.first_at END,
            last_at = CASE WHEN usage_count.last_at > excluded.last_at
                THEN usage_count.last_at ELSE excluded.last_at END
        """
}

extension UsageCount {
    /// The values of either statement above.
    fileprivate func row(under key: UsageKey) -> [SQLValue] {
        [
            count.sqlValue, first.sqlValue, last.sqlValue, key.token.sqlValue, key.hour.sqlValue, key.method.sqlValue,
            key.route.sqlValue, key.address.sqlValue, key.agent.sqlValue, key.outcome.sqlValue,
        ]
    }
}

extension UsageKey {
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
