/// How often tokens were used on one day, for drawings.
public struct DailyUses: Hashable, Sendable {
    public static let usualDays = 30

    /// The first moment of the day, in UTC.
    public let day: Timestamp
    /// Requests that were answered, whatever with: outcomes `allowed` and `failed`.
    public let uses: Int
    /// Requests that were turned away: outcomes `refused` (the token does not work) and `denied` (it may not do this).
    public let refusals: Int

    public init(day: Timestamp, uses: Int, refusals: Int) {
        self.day = day
        self.uses = uses
        self.refusals = refusals
    }

    /// The days up to and with that of `now`, the quiet ones as zeros.
    public static func series(_ known: [DailyUses], days: Int = usualDays, until now: Timestamp) -> [DailyUses] {
        let byDay = Dictionary(known.map { ($0.day.dayNumber, $0) }) { first, _ in first }
        return (0..<Int64(days)).reversed().map { age in
            let day = now.dayNumber - age
            return byDay[day] ?? DailyUses(day: Timestamp(dayNumber: day), uses: 0, refusals: 0)
        }
    }
}

extension UseOutcome {
    /// Whether the request was turned away for what the token is or may.
    public var isRefusal: Bool {
        switch self {
        case .refused, .denied: true
        case .allowed, .failed: false
        }
    }
}
