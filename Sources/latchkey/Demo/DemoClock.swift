import LatchkeyCore
import Synchronization

/// A clock that the story moves: what it tells happened on the day of which it is told.
final class DemoClock: Sendable {
    private let moment: Mutex<Timestamp>

    init(_ start: Timestamp) {
        moment = Mutex(start)
    }

    var now: Timestamp { moment.withLock { $0 } }

    /// Forward only, so that the audit log stays in order.
    func move(to later: Timestamp) {
        moment.withLock { $0 = max($0, later) }
    }
}

/// Chance for a story that is the same each time it is told (SplitMix64). No secret is made of it.
struct DemoChance {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func number(in range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(next() % UInt64(range.count))
    }

    mutating func happens(_ percent: Int) -> Bool {
        number(in: 0...99) < percent
    }

    /// One of a list that is not empty.
    mutating func one<Element>(of list: [Element]) -> Element {
        list[number(in: 0...list.count - 1)]
    }
}
