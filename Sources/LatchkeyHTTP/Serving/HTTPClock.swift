import LatchkeyCore
import Synchronization

/// The `Date` of responses (RFC 9110 §6.6.1), written out once a second.
final class HTTPClock: Sendable {
    private struct Moment {
        var second: Int64 = .min
        var text = ""
    }

    private let now: @Sendable () -> Timestamp
    private let moment = Mutex(Moment())

    init(now: @escaping @Sendable () -> Timestamp) {
        self.now = now
    }

    var date: String {
        let now = now()
        return moment.withLock { moment in
            if moment.second != now.seconds { moment = Moment(second: now.seconds, text: Self.text(now)) }
            return moment.text
        }
    }

    private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// `Sun, 06 Nov 1994 08:49:37 GMT`, of `1994-11-06T08:49:37Z`; the first of January 1970 was a Thursday.
    static func text(_ time: Timestamp) -> String {
        let parts = time.text.split { !$0.isNumber }
        guard parts.count == 6, let month = Int(parts[1]) else { return "" }
        let weekday = weekdays[Int(time.seconds / 86400 % 7)]
        return "\(weekday), \(parts[2]) \(months[month - 1]) \(parts[0]) \(parts[3]):\(parts[4]):\(parts[5]) GMT"
    }
}
