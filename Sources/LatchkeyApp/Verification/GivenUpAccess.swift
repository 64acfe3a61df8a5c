import LatchkeyCore

/// Access tokens that were given up before their time, until they would have run out anyway. Not safe for concurrent
/// use; ``TokenIndex`` guards it.
struct GivenUpAccess {
    private var ends: [[UInt8]: Timestamp] = [:]

    /// None outlives what it was exchanged from, so that one's end is late enough for all that came of it.
    func contains(_ grant: AccessGrant) -> Bool {
        guard !ends.isEmpty else { return false }
        return ends[grant.nonce] != nil || grant.lineage.contains { ends[$0] != nil }
    }

    /// No access token outlives an hour, so one that ends now shows which of the others have ended: no clock is needed.
    mutating func add(_ revocations: [AccessRevocation]) {
        guard let latest = revocations.map(\.endsAt).max() else { return }
        for revocation in revocations { ends[revocation.nonce] = revocation.endsAt }
        ends = ends.filter { $0.value > latest - AccessLifetime.longest }
    }
}
