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
    /// Adds counts to their days: once for each token and day, and once for each day, however many the rows.
    func addToDays(_ counts: [UsageCount]) throws(Refusal) {
        var tokens: [TokenDay: DayCount] = [:]
        var days: [Int64: DayCount] = [:]
        for count in counts {
            let day = Timestamp(seconds: count.key.hour * 3600).dayNumber
            tokens[TokenDay(token: count.key.token, day: day), default: DayCount()].add(count)
            days[day, default: DayCount()].add(count)
        }
        for (key, count) in tokens.sorted(by: { $0.key < $1.key }) {
            try run(
                """
                INSERT INTO token_day (token_id, day, uses, refusals)
                VALUES (\(key.token), \(key.day), \(count.uses), \(count.refusals))
                ON CONFLICT (token_id, day) DO UPDATE SET uses = token_day.uses + excluded.uses,
                    refusals = token_day.refusals + excluded.refusals
                """)
        }
        for (day, count) in days.sorted(by: { $0.key < $1.key }) {
            try run(
                """
                INSERT INTO instance_day (day, uses, refusals) VALUES (\(day), \(count.uses), \(count.refusals))
                ON CONFLICT (day) DO UPDATE SET uses = instance_day.uses + excluded.uses,
                    refusals = instance_day.refusals + excluded.refusals
                """)
        }
    }
}

private struct TokenDay: Hashable, Comparable {
    let token: ID<Token>
    let day: Int64

    static func < (left: Self, right: Self) -> Bool {
        (left.token, left.day) < (right.token, right.day)
    }
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
