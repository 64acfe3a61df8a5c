import Logging
import Synchronization

/// The log lines of requests without a valid token or session. Anybody can send a million of them, so there are at most
/// 20 lines a second, whichever door they come to; metrics count them all.
final class StrangerLines: Sendable {
    private static let mostInSecond = 20

    private struct Count {
        var second: Int64 = 0
        var lines = 0
        var leftOut = 0
    }

    private let count = Mutex(Count())
    private let start = ContinuousClock.now
    private let log: RequestLog
    private let logger: Logger

    init(log: @escaping RequestLog, logger: Logger) {
        self.log = log
        self.logger = logger
    }

    /// Writes a line if there is room, and before it how many had none since the last one.
    func write(_ line: RequestLine, at moment: ContinuousClock.Instant) {
        guard let leftOut = admit(at: start.duration(to: moment).components.seconds) else { return }
        if leftOut > 0 {
            logger.notice("refused requests were left out of the log", metadata: ["requests": "\(leftOut)"])
        }
        log(line)
    }

    /// - Parameter second: now, in whole seconds; only differences count.
    /// - Returns: `nil` for no line; else how many have been left out since the last one.
    private func admit(at second: Int64) -> Int? {
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
