public import LatchkeyCore

/// What the house takes from the world around it: handed in, never reached for.
public struct Ambient: Sendable {
    public let now: @Sendable () -> Timestamp
    /// That many unpredictable bytes.
    public let randomBytes: @Sendable (Int) -> [UInt8]

    public init(now: @escaping @Sendable () -> Timestamp, randomBytes: @escaping @Sendable (Int) -> [UInt8]) {
        self.now = now
        self.randomBytes = randomBytes
    }
}
