public import LatchkeyCore
import Synchronization

/// The key ring in use. It changes while the program runs, when keys are rotated.
public final class Keys: Sendable {
    private let ring: Mutex<KeyRing>

    public init(_ ring: KeyRing) {
        self.ring = Mutex(ring)
    }

    public var current: KeyRing { ring.withLock { $0 } }

    public func use(_ newer: KeyRing) {
        ring.withLock { $0 = newer }
    }
}
