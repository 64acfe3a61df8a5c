public import LatchkeyCore
public import LatchkeyStore

/// The record of a key rotation: the keys are a file's, the log is the database's.
public enum KeyRotation {
    /// Servers take up new keys within seconds; until then they make tokens with the old ones. Of access tokens nothing
    /// is stored that says which key they need, so no key is dropped for their longest life and this long after a
    /// rotation.
    private static let settling = AccessLifetime.longest + .minutes(10)
    private static let lastRotation = "key_rotated_at"

    /// Which keys something live still needs; `nil` when that cannot be known yet, because servers may still be using
    /// keys from before the last rotation.
    public static func needed(
        in store: Store, at now: Timestamp
    ) async throws(Refusal) -> KeysInUse? {
        try await store.read { db throws(Refusal) in
            if let last = try db.instanceValue(lastRotation).flatMap({ Timestamp(text: $0) }), now - last < settling {
                return nil
            }
            return try db.keysInUse(at: now)
        }
    }

    /// Writes down that these are the keys now.
    public static func record(
        _ ring: KeyRing, in store: Store, at now: Timestamp
    ) async throws(Refusal) {
        let changes = [FieldChange("signing", after: .list(ring.kids))]
        let event = AuditEvent(.rotate, .keys, 0, changes: changes, by: Caller(.host), at: now)
        try await store.write { db throws(Refusal) -> Void in
            try db.note(.setInstanceValue(name: lastRotation, value: now.text))
            try db.apply(Decision(event))
        }
    }
}
