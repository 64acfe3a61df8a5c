import LatchkeyCore

/// Access tokens that were given up before their time, until they would have run out anyway. Not safe for concurrent
/// use; ``TokenIndex`` guards it.
struct GivenUpAccess {
    private var ends: [[UInt8]: Timestamp] = [:]

    func contains(_ grant: AccessGrant) -> Bool { !ends.isEmpty && ends[grant.nonce] != nil }

    /// No access token outlives an hour, so one that ends now shows which of the others have ended: no clock is needed.
    mutating func add(_ revocations: [AccessRevocation]) {
        guard let latest = revocations.map(\.endsAt).max() else { return }
        for revocation in revocations { ends[revocation.nonce] = revocation.endsAt }
        ends = ends.filter { $0.value > latest - AccessLifetime.longest }
    }
}
