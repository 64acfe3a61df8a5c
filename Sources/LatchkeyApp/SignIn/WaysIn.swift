public import LatchkeyCore
import LatchkeyStore

/// By which ways one comes in oneself.
public struct WaysIn: Hashable, Sendable {
    /// `nil` for somebody who has no password and comes through an identity provider.
    public let passwordChangedAt: Timestamp?
    public let secondFactor: SecondFactorStanding
    public let isSecondFactorRequired: Bool
}

extension App {
    public func waysIn(as caller: Caller) async throws(Refusal) -> WaysIn {
        let person = try person(caller)
        let standing = try await secondFactor(as: caller)
        return try await store.read { db throws(Refusal) in
            WaysIn(
                passwordChangedAt: try db.passwordChangedAt(of: person.user), secondFactor: standing,
                isSecondFactorRequired: try db.signInPolicy().requiresSecondFactor)
        }
    }
}
