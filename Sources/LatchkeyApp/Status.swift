import LatchkeyCore
import LatchkeyStore

/// How the instance is doing, one word a part.
public struct InstanceStatus: Hashable, Sendable {
    public let databaseAnswers: Bool
    /// The newest change that verification knows of, and the newest there is.
    public let appliedChange: Int64
    public let newestChange: Int64
    public let hasAdmin: Bool

    public var isWell: Bool { databaseAnswers }
}

extension App {
    public func status() async -> InstanceStatus {
        let applied = feed.applied
        do throws(Refusal) {
            let (newest, admins) = try await store.read { db throws(Refusal) in
                (try db.lastSequence(), try db.activeAdminCount())
            }
            return InstanceStatus(
                databaseAnswers: true, appliedChange: applied, newestChange: newest, hasAdmin: admins > 0)
        } catch {
            return InstanceStatus(
                databaseAnswers: false, appliedChange: applied, newestChange: applied, hasAdmin: true)
        }
    }

    /// The public keys, as a JWK set.
    public var jwks: String { keys.current.jwks }
}
