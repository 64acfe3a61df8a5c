import LatchkeyCore

/// A span of time by its name.
enum Timeframe: String, CaseIterable {
    case hour, day, week, month, quarter, year

    var span: Duration {
        switch self {
        case .hour: .hours(1)
        case .day: .days(1)
        case .week: .days(7)
        case .month: .days(30)
        case .quarter: .days(91)
        case .year: .days(365)
        }
    }
}
