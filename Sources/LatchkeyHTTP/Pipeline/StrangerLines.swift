import Synchronization

/// Whether a request without a valid token gets a line in the log. Anybody can send a million of them, so there are at
/// most 20 lines a second; metrics count them all.
final class StrangerLines: Sendable {
    private static let mostInSecond = 20

    private struct Count {
        var second: Int64 = 0
        var lines = 0
        var leftOut = 0
    }

    private let count = Mutex(Count())

    /// - Parameter second: now, in whole seconds.
    /// - Returns: `nil` for no line; else how many have been left out since the last one.
    func admit(at second: Int64) -> Int? {
        count.withLock { count in
            if count.second != second { (count.second, count.lines) = (second, 0) }
            guard count.lines < Self.mostInSecond else {
                count.leftOut += 1
                return nil
            }
            count.lines += 1
            defer { count.leftOut = 0 }
            return count.leftOut
        }
    }
}
