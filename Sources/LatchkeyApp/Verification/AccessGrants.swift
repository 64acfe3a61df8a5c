import LatchkeyCore
import Synchronization

/// Access tokens that were found genuine a moment ago, by their keyed digest, so that each signature is checked once
/// and not at each use. What a token may do is never kept: that is asked of the index each time.
///
/// Two generations: when the young one is full it becomes the old one, so that what is used stays and the memory has a
/// bound. Only a genuine token gets in, so strangers cannot push anything out.
final class AccessGrants: Sendable {
    private struct State {
        var young: [TokenDigest: AccessGrant] = [:]
        var old: [TokenDigest: AccessGrant] = [:]

        mutating func keep(_ grant: AccessGrant, for digest: TokenDigest) {
            if young.count >= AccessGrants.most { (old, young) = (young, [:]) }
            young[digest] = grant
        }
    }

    private static let most = 8192

    private let state = Mutex(State())

    /// - Parameter check: reads the token itself; asked outside of the lock.
    func grant(for digest: TokenDigest, _ check: () -> AccessGrant?) -> AccessGrant? {
        if let known = known(digest) { return known }
        guard let grant = check() else { return nil }
        state.withLock { $0.keep(grant, for: digest) }
        return grant
    }

    private func known(_ digest: TokenDigest) -> AccessGrant? {
        state.withLock { state in
            if let grant = state.young[digest] { return grant }
            guard let grant = state.old[digest] else { return nil }
            state.keep(grant, for: digest)
            return grant
        }
    }
}
