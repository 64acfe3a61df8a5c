import LatchkeyApp
import LatchkeyCore
import LatchkeyStore

/// Keeps database and keys together: a database without its keys could check no token, and with another's it would
/// refuse every token there is.
struct Custody: Sendable {
    let source: KeySource
    let store: Store
    let ambient: Ambient

    /// The keys of this database; makes them for a new one.
    func keys() async throws -> KeyRing {
        let owner = try await store.read { db throws(Refusal) in try db.instanceValue("id") }
        let found = try source.load()
        guard owner != nil || found != nil else {
            return try await adopt(try source.make(randomBytes: ambient.randomBytes))
        }
        guard let found else {
            throw CommandFailure(
                "\(source.name) is missing, and the database has tokens that only it can check",
                hint: "restore it from a backup; if it is lost, start with an empty data directory and issue new tokens"
            )
        }
        return try await adopt(found)
    }

    /// Ties keys to a database that has none, and refuses those of another instance. In one transaction, so that of
    /// two first starts on one database one wins.
    private func adopt(_ ring: KeyRing) async throws -> KeyRing {
        let (instance, check) = (ring.instance, ring.check)
        let isOurs = try await store.write { db throws(Refusal) -> Bool in
            if let owner = try db.instanceValue("id") {
                let known = try db.instanceValue("key_check")
                return owner == instance && known == check
            }
            try db.note(.setInstanceValue(name: "id", value: instance))
            try db.note(.setInstanceValue(name: "key_check", value: check))
            return true
        }
        guard isOurs else {
            throw CommandFailure(
                "\(source.name) belongs to another instance than the database",
                hint: "name the right one with --key-file, or the right database with --data-dir or --database")
        }
        return ring
    }
}
