public import LatchkeyCore
import LatchkeyStore

/// What an Admin demands of those who sign in.
extension App {
    public func signInPolicy(as caller: Caller) async throws(Refusal) -> SignInPolicy {
        try caller.require(.manageUsers)
        return try await store.read { db throws(Refusal) in try db.signInPolicy() }
    }

    public func setSignInPolicy(_ policy: SignInPolicy, as caller: Caller) async throws(Refusal) {
        try caller.require(.manageUsers)
        let now = ambient.now()
        try await commit(as: caller) { db throws(Refusal) in
            let before = try db.signInPolicy()
            guard before != policy else { return }
            let change = FieldChange(
                "requires_second_factor", before: .flag(before.requiresSecondFactor),
                after: .flag(policy.requiresSecondFactor))
            try db.note(
                .setInstanceValue(
                    name: Transaction.secondFactorRule, value: policy.requiresSecondFactor ? "yes" : "no"))
            try db.apply(Decision(AuditEvent(.update, .signIn, 0, changes: [change], by: caller, at: now)))
        }
    }
}

/// Of those who sign in with a password: how many have a second factor, and who has none.
public struct SecondFactorCoverage: Hashable, Sendable {
    public let protected: Int
    public let unprotected: Int
    /// The first of them, by name.
    public let someUnprotected: [UserReference]
}

extension App {
    public func secondFactorCoverage(as caller: Caller) async throws(Refusal) -> SecondFactorCoverage {
        try caller.require(.manageUsers)
        return try await store.read { db throws(Refusal) in
            SecondFactorCoverage(
                protected: try db.passwordHolderCount(haveSecondFactor: true),
                unprotected: try db.passwordHolderCount(haveSecondFactor: false),
                someUnprotected: try db.passwordHoldersWithoutSecondFactor(limit: 10))
        }
    }
}

extension Transaction {
    static let secondFactorRule = "sign_in_requires_second_factor"

    func signInPolicy() throws(Refusal) -> SignInPolicy {
        SignInPolicy(requiresSecondFactor: try instanceValue(Self.secondFactorRule) == "yes")
    }
}
