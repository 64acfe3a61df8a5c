public import LatchkeyCore
import LatchkeyStore

/// What happens to rotations by itself. Each function may be repeated without harm, and reloads what it changes.
extension App {
    static let rotationJob = Caller(.job("rotation"))

    /// The successors of these tokens have been used: their grace begins.
    func proveRotations(_ uses: [ProvenRotation]) async throws(Refusal) {
        let (now, policy) = (ambient.now(), policy)
        try await commit(as: nil) { db throws(Refusal) in
            for use in uses {
                // A successor that was shut off since proves nothing of the one that came after it.
                guard let old = try db.token(use.predecessor), old.rotation?.successor == use.successor,
                    let decision = old.prove(at: use.at, policy: policy, by: Self.rotationJob, at: now)
                else { continue }
                try db.apply(decision)
            }
        }
    }

    /// Writes down that overlaps have run out. Verification has refused these tokens since the very moment.
    /// Returns how many there were.
    @discardableResult
    public func retireRotatedTokens() async throws(Refusal) -> Int {
        let now = ambient.now()
        let due = try await store.read { db throws(Refusal) in try db.tokensDueToRetire(at: now, limit: 1000) }
        guard !due.isEmpty else { return 0 }
        return try await commit(as: nil) { db throws(Refusal) in
            var retired = 0
            for token in due {
                guard let current = try db.token(token.id),
                    let decision = current.retire(by: Self.rotationJob, at: now)
                else { continue }
                try db.apply(decision)
                retired += 1
            }
            return retired
        }
    }
}

/// The first use of a successor.
struct ProvenRotation: Hashable, Sendable {
    let predecessor: ID<Token>
    let successor: ID<Token>
    let at: Timestamp
}
