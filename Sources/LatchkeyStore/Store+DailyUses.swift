public import LatchkeyCore

extension Transaction {
    /// What these tokens did on each day from `first` on, quiet days left out, in order.
    public func dailyUses(
        of tokens: [ID<Token>], since first: Timestamp
    ) throws(Refusal) -> [ID<Token>: [DailyUses]] {
        var found: [ID<Token>: [DailyUses]] = [:]
        try rows(
            """
            SELECT token_id, day, uses, refusals FROM token_day
            WHERE token_id \(in: tokens) AND day >= \(first.dayNumber) ORDER BY token_id, day
            """
        ) { row in found[row.id(0), default: []].append(DailyUses(row, at: 1)) }
        return found
    }

    /// What all tokens did together.
    public func dailyUses(since first: Timestamp) throws(Refusal) -> [DailyUses] {
        try all("SELECT day, uses, refusals FROM instance_day WHERE day >= \(first.dayNumber) ORDER BY day") { row in
            DailyUses(row, at: 0)
        }
    }
}

extension WriteTransaction {
    /// Adds counts to their days: once for each token and day, as they come in the order of their tokens, and once for
    /// each day.
    func addToDays(_ counts: [UsageCount]) throws(Refusal) {
        var tokens: [(token: ID<Token>, day: Int64, count: DayCount)] = []
        var days: [Int64: DayCount] = [:]
        for count in counts {
            let (token, day) = (count.key.token, Timestamp(seconds: count.key.hour * 3600).dayNumber)
            let isNext = tokens.last.map { $0.token == token && $0.day == day } ?? false
            if !isNext { tokens.append((token, day, DayCount())) }
            tokens[tokens.count - 1].count.add(count)
            days[day, default: DayCount()].add(count)
        }
        let ofTokens = tokens.map { token, day, count in
            [token.sqlValue, day.sqlValue, count.uses.sqlValue, count.refusals.sqlValue]
        }
        try run(.addToTokenDay, each: ofTokens)
        let ofAll = days.sorted { $0.key < $1.key }.map { day, count in
            [day.sqlValue, count.uses.sqlValue, count.refusals.sqlValue]
        }
        try run(.addToInstanceDay, each: ofAll)
    }
}

extension StaticString {
    fileprivate static let addToTokenDay: StaticString = """
        INSERT INTO token_day (token_id, day, uses, refusals) VALUES ($1, $2, $3, $4)
        ON CONFLICT (token_id, day) DO UPDATE SET uses = token_day.uses + excluded.uses,
            refusals = token_day.refusals + excluded.refusals
        """

    fileprivate static let addToInstanceDay: StaticString = """
        INSERT INTO instance_day (day, uses, refusals) VALUES ($1, $2, $3)
        ON CONFLICT (day) DO UPDATE SET uses = instance_day.uses + excluded.uses,
            refusals = instance_day.refusals + excluded.refusals
        """
}

private struct DayCount {
    private(set) var uses: Int64 = 0
    private(set) var refusals: Int64 = 0

    mutating func add(_ count: UsageCount) {
        if count.key.outcome.isRefusal { refusals += count.count } else { uses += count.count }
    }
}

extension DailyUses {
    fileprivate init(_ row: Row, at start: Int32) {
        self.init(
            day: Timestamp(dayNumber: row.int(start)), uses: Int(row.int(start + 1)), refusals: Int(row.int(start + 2)))
    }
}
