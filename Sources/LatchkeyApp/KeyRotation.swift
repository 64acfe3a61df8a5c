public import LatchkeyCore
public import LatchkeyStore

/// The record of a key rotation: the keys are a file's, the log is the database's.
public enum KeyRotation {
    /// Which keys something live still needs, those of tokens that are being made at this moment aside.
    public static func needed(
        in store: Store, at now: Timestamp
    ) async throws(Refusal) -> (signing: Set<String>, digests: Set<Int>) {
        try await store.read { db throws(Refusal) in try db.keysInUse(at: now) }
    }

    /// Writes down that these are the keys now.
    public static func record(
        _ ring: KeyRing, in store: Store, at now: Timestamp
    ) async throws(Refusal) {
        let changes = [FieldChange("signing", after: .list(ring.kids))]
        let event = AuditEvent(.rotate, .keys, 0, changes: changes, by: Caller(.host), at: now)
        try await store.write { db throws(Refusal) -> Void in try db.apply(Decision(event)) }
    }
}
