public import LatchkeyCore

/// What the house takes from the world around it: handed in, never reached for.
public struct Ambient: Sendable {
    public let now: @Sendable () -> Timestamp
    /// That many unpredictable bytes.
    public let randomBytes: @Sendable (Int) -> [UInt8]
    public let fetch: Fetch

    public init(
        now: @escaping @Sendable () -> Timestamp, randomBytes: @escaping @Sendable (Int) -> [UInt8],
        fetch: @escaping Fetch = Self.fetchesNothing
    ) {
        self.now = now
        self.randomBytes = randomBytes
        self.fetch = fetch
    }

    /// For commands and tests that ask nobody.
    public static let fetchesNothing: Fetch = { _ throws(FetchFault) in throw .off }
}
