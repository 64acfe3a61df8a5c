public import LatchkeyCore
import Synchronization

/// A clock that stands still until a test moves it.
public final class HandClock: Sendable {
    /// 2027-11-21T12:34:56Z, the moment of the API's examples.
    public static let start = Timestamp(seconds: 1_826_800_496)

    private let moment: Mutex<Timestamp>

    public init(_ start: Timestamp = HandClock.start) {
        moment = Mutex(start)
    }

    public var now: Timestamp { moment.withLock { $0 } }

    public func advance(by span: Duration) {
        moment.withLock { $0 = $0 + span }
    }

    public func set(_ now: Timestamp) {
        moment.withLock { $0 = now }
    }
}
