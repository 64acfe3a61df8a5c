import LatchkeyCore
import Synchronization

/// How often somebody may try to sign in: 10 times an account and 50 times an address in 15 minutes.
///
/// Whoever tries an account from an address from which it has never signed in shares one count with all others who do;
/// the person at a known address has their own, so that nobody can lock them out by guessing.
final class SignInThrottle: Sendable {
    static let span = Duration.minutes(15)
    static let mostPerAccount = 10
    static let mostPerAddress = 50
    /// Counts that are kept at most. Beyond, the oldest go: a flood of addresses must not fill the memory.
    private static let mostCounts = 50_000

    private enum Key: Hashable {
        case account(String, knownAddress: Address?)
        case address(Address?)
        /// Returns from identity providers that came to nothing.
        case strayReturns(Address?)
    }

    private struct Count {
        var since: Timestamp
        var tries: Int
    }

    private let counts = Mutex<[Key: Count]>([:])

    /// Counts a try, or refuses it.
    func admit(_ account: String, from address: Address?, isKnown: Bool, at now: Timestamp) throws(Refusal) {
        let place = address?.household
        let refused: Duration? = counts.withLock { counts in
            if counts.count > Self.mostCounts { Self.forget(&counts, at: now) }
            let keys: [(Key, Int)] = [
                (.account(account, knownAddress: isKnown ? place : nil), Self.mostPerAccount),
                (.address(place), Self.mostPerAddress),
            ]
            for (key, most) in keys {
                if let count = counts[key], now - count.since < Self.span, count.tries >= most {
                    return Self.span - (now - count.since)
                }
            }
            for (key, _) in keys { Self.add(key, to: &counts, at: now) }
            return nil
        }
        if let refused { throw .limited(retryAfter: refused) }
    }

    /// Refuses a return from an identity provider, each of which asks the provider, to an address that has brought too
    /// many which came to nothing. Good ones are not counted: a whole office may come from one address.
    func admitReturn(from address: Address?, at now: Timestamp) throws(Refusal) {
        let count = counts.withLock { $0[.strayReturns(address?.household)] }
        guard let count, now - count.since < Self.span, count.tries >= Self.mostPerAddress else { return }
        throw .limited(retryAfter: Self.span - (now - count.since))
    }

    func countStrayReturn(from address: Address?, at now: Timestamp) {
        counts.withLock { counts in
            if counts.count > Self.mostCounts { Self.forget(&counts, at: now) }
            Self.add(.strayReturns(address?.household), to: &counts, at: now)
        }
    }

    /// Somebody got in: their earlier slips count no more.
    func clear(_ account: String, from address: Address?) {
        let place = address?.household
        counts.withLock { counts in
            counts[.account(account, knownAddress: nil)] = nil
            counts[.account(account, knownAddress: place)] = nil
        }
    }

    private static func add(_ key: Key, to counts: inout [Key: Count], at now: Timestamp) {
        if let count = counts[key], now - count.since < span {
            counts[key]?.tries += 1
        } else {
            counts[key] = Count(since: now, tries: 1)
        }
    }

    private static func forget(_ counts: inout [Key: Count], at now: Timestamp) {
        counts = counts.filter { now - $0.value.since < span }
        guard counts.count > mostCounts else { return }
        let newest = counts.sorted { $0.value.since > $1.value.since }.prefix(mostCounts / 2)
        counts = Dictionary(uniqueKeysWithValues: newest.map { ($0.key, $0.value) })
    }
}
