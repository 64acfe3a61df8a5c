public import LatchkeyCore

/// Counting tokens exactly without reading them all: whole days come from the tally, the rest of a day from an index.
extension Transaction {
    public func tokenCount(_ filter: TokenFilter) throws(Refusal) -> Int {
        guard filter.isTallied else { return try rowCount(filter) }
        guard let moment = filter.unusedSince else { return try countByEnd(filter) }
        return try tallied(.use, filter.type, isRevoked: filter.isRevoked, before: moment)
    }

    /// Tokens that work now, by the day (UTC) on which they end, from today on; days on which none ends are left out.
    public func endingTokens(
        type: TokenType?, days: Int, at now: Timestamp
    ) throws(Refusal) -> [(day: Timestamp, count: Int)] {
        let today = now.day
        var counts: [Int64: Int] = [:]
        try rows(
            """
            SELECT day, CAST(SUM(tokens) AS BIGINT) FROM token_tally
            WHERE counted_by = 'end' AND token_type \(in: type.all) AND is_revoked = 0
                AND day > \(today) AND day < \(today + Int64(days))
            GROUP BY day
            """
        ) { row in counts[row.int(0)] = Int(row.int(1)) }
        var working = TokenFilter(type: type, standing: .active, now: now)
        for token in try overdueTokens(working) { counts[token.end.day]? -= 1 }
        working.expiresBefore = Timestamp(day: today + 1)
        counts[today] = try countByEnd(working)
        return counts.filter { $0.value > 0 }.sorted { $0.key < $1.key }.map { (Timestamp(day: $0.key), $0.value) }
    }

    private func countByEnd(_ filter: TokenFilter) throws(Refusal) -> Int {
        let next = filter.now + .milliseconds(1)
        let (from, before) = (filter.neverExpires ? .endOfTime : filter.expiresFrom, filter.expiresBefore)
        switch filter.standing {
        case .active:
            let start = max(from ?? next, next)
            return try count(filter, isRevoked: false, start, before) - overdue(filter, start, before)
        case .expired:
            let end = min(before ?? next, next)
            return try count(filter, isRevoked: false, from, end) - overdue(filter, from, end)
        case .revoked: return try count(filter, isRevoked: true, from, before) + overdue(filter, from, before)
        case .deleted, nil: return try count(filter, isRevoked: filter.isRevoked, from, before)
        }
    }

    private func count(
        _ filter: TokenFilter, isRevoked: Bool?, _ from: Timestamp?, _ before: Timestamp?
    ) throws(Refusal) -> Int {
        let earlier = try from.map { moment throws(Refusal) in
            try tallied(.end, filter.type, isRevoked: isRevoked, before: moment)
        }
        return max(0, try tallied(.end, filter.type, isRevoked: isRevoked, before: before) - (earlier ?? 0))
    }

    private func overdue(_ filter: TokenFilter, _ from: Timestamp?, _ before: Timestamp?) throws(Refusal) -> Int {
        try overdueTokens(filter).count { token in
            (from.map { token.end >= $0 } ?? true) && (before.map { token.end < $0 } ?? true)
        }
    }

    /// Tokens whose overlap is over and which the job that revokes them has not reached: some seconds' worth.
    ///
    /// Their type is not asked of the database: SQLite would look that up rather than the few that are due.
    func overdueTokens(_ filter: TokenFilter) throws(Refusal) -> [(id: ID<Token>, end: Timestamp)] {
        let due: [(type: TokenType, token: (id: ID<Token>, end: Timestamp))] = try all(
            """
            SELECT t.token_type, t.id, t.expires_at FROM token t
            WHERE t.retires_at <= \(filter.now) AND t.retires_at IS NOT NULL AND t.revoked_at IS NULL
                AND t.deleted_at IS NULL
            """
        ) { row throws(Refusal) in (try row.word(0), (row.id(1), row.time(2))) }
        return due.filter { filter.type == nil || filter.type == $0.type }.map(\.token)
    }

    /// What the days of the tally stand for.
    private enum Tally: String, SQLConvertible {
        case end, use

        var column: SQL {
            switch self {
            case .end: "l.expires_at"
            case .use: "l.listed_at"
            }
        }
    }

    private func tallied(
        _ tally: Tally, _ type: TokenType?, isRevoked: Bool?, before moment: Timestamp?
    ) throws(Refusal) -> Int {
        let revoked: SQL = isRevoked.map { "AND is_revoked = \($0)" } ?? ""
        let days: SQL = moment.map { "AND day < \($0.day)" } ?? ""
        let whole = try number(
            """
            SELECT CAST(SUM(tokens) AS BIGINT) FROM token_tally
            WHERE counted_by = \(tally) AND token_type \(in: type.all) \(revoked) \(days)
            """)
        guard let moment else { return Int(whole) }
        let standing: SQL = isRevoked.map { $0 ? "AND l.revoked_at IS NOT NULL" : "AND l.revoked_at IS NULL" } ?? ""
        let rest = try number(
            """
            SELECT COUNT(*) FROM token_use l
            WHERE l.is_deleted = 0 AND l.token_type \(in: type.all) AND \(tally.column) >= \(Timestamp(day: moment.day))
                AND \(tally.column) < \(moment) \(standing)
            """)
        return Int(whole + rest)
    }
}

extension TokenFilter {
    /// Whether the tally answers how many there are.
    fileprivate var isTallied: Bool {
        guard owner == nil, name == nil, isSCIMOnly == nil, !isUsedAfterRevocation, standing != .deleted else {
            return false
        }
        let asksForEnd = standing != nil || expiresFrom != nil || expiresBefore != nil || neverExpires
        return unusedSince == nil ? standing == nil || isRevoked == nil : !asksForEnd
    }
}

extension TokenType? {
    fileprivate var all: [TokenType] { map { [$0] } ?? TokenType.allCases }
}

extension Timestamp {
    private static let dayInMilliseconds: Int64 = 86_400_000

    /// Days since 1970; what is before that is day 0 or earlier, and no token's.
    fileprivate var day: Int64 { milliseconds / Self.dayInMilliseconds }

    fileprivate init(day: Int64) {
        self.init(milliseconds: day * Self.dayInMilliseconds)
    }
}
