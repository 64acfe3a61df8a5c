import LatchkeyCore

/// A moment as a reader wants it, for the partial `moment`: how far away, with the exact time behind it. The script
/// turns the exact time into the reader's zone; without it, it is UTC.
struct Moment: View {
    /// RFC 3339, for machines and for the script.
    let iso: String
    /// `3 days ago`, `in 2 hours`.
    let relative: String
    /// `21 Nov 2027, 12:34 UTC`.
    let exact: String

    init(_ moment: Timestamp, now: Timestamp) {
        iso = moment.text
        relative = Self.relative(moment, now: now)
        exact = moment.exact
    }

    init?(_ moment: Timestamp?, now: Timestamp) {
        guard let moment else { return nil }
        self.init(moment, now: now)
    }

    static func relative(_ moment: Timestamp, now: Timestamp) -> String {
        let seconds = moment.seconds - now.seconds
        let span = Span.text(seconds: abs(seconds))
        if abs(seconds) < 45 { return seconds > 0 ? "in a moment" : "just now" }
        return seconds > 0 ? "in \(span)" : "\(span) ago"
    }
}

/// A length of time in its largest unit.
enum Span {
    static func text(_ duration: Duration) -> String { text(seconds: duration.components.seconds) }

    static func text(seconds: Int64) -> String {
        let units: [(name: String, seconds: Int64)] = [
            ("year", 365 * 86_400), ("month", 30 * 86_400), ("day", 86_400), ("hour", 3600), ("minute", 60),
        ]
        // Rounded down, and days go on to two months: `45 days` says more than `1 month`.
        let fitting = units.first { unit in
            seconds >= (unit.name == "month" ? 2 * unit.seconds : unit.seconds)
        }
        guard let unit = fitting else { return "a minute" }
        let count = seconds / unit.seconds
        return count == 1 ? "1 \(unit.name)" : "\(count) \(unit.name)s"
    }
}

extension Timestamp {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `21 Nov 2027, 12:34 UTC`.
    var exact: String { "\(day), \(text.dropFirst(11).prefix(5)) UTC" }

    /// `21 Nov 2027`.
    var day: String { "\(shortDay) \(text.prefix(4))" }

    /// `21 Nov`.
    var shortDay: String {
        let text = text
        let month = Int(text.dropFirst(5).prefix(2)) ?? 1
        return "\(Int(text.dropFirst(8).prefix(2)) ?? 1) \(Self.months[month - 1])"
    }
}
