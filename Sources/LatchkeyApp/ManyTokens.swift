public import LatchkeyCore
import LatchkeyStore

/// What is to become of many tokens at once.
public enum ManyTokensChange: Hashable, Sendable {
    case revoke(RevocationReason?)
    case restore
    case delete
}

/// What becomes of one of them.
public struct ManyTokensOutcome: Sendable {
    public let token: TokenSummary
    /// Why this one stays as it is; `nil` for those that change.
    public let obstacle: String?
}

extension App {
    public static let mostTokensAtOnce = PageRequest.largestSize

    /// What ``changeTokens(_:_:as:)`` would do at this moment.
    public func rehearseTokens(
        _ ids: [ID<Token>], _ change: ManyTokensChange, as caller: Caller
    ) async throws(Refusal) -> [ManyTokensOutcome] {
        try caller.require(.manageOwnTokens)
        let now = ambient.now()
        let ids = try Self.checked(ids)
        return try await store.read { db throws(Refusal) in
            var outcomes: [ManyTokensOutcome] = []
            for id in ids {
                let (outcome, _) = try db.outcome(of: change, for: id, by: caller, at: now)
                outcomes.append(outcome)
            }
            return outcomes
        }
    }

    /// Changes those that can be changed, in one transaction, and says of each of the others why not. One that the
    /// caller may not see refuses them all.
    public func changeTokens(
        _ ids: [ID<Token>], _ change: ManyTokensChange, as caller: Caller
    ) async throws(Refusal) -> [ManyTokensOutcome] {
        try caller.require(.manageOwnTokens)
        let now = ambient.now()
        let ids = try Self.checked(ids)
        return try await commit(as: caller) { db throws(Refusal) in
            var outcomes: [ManyTokensOutcome] = []
            for id in ids {
                let (outcome, decision) = try db.outcome(of: change, for: id, by: caller, at: now)
                if let decision { try db.apply(decision) }
                if case .revoke = change, let token = try db.token(id) {
                    try db.abortRotation(to: token, by: caller, at: now)
                }
                outcomes.append(outcome)
            }
            return outcomes
        }
    }

    private static func checked(_ ids: [ID<Token>]) throws(Refusal) -> [ID<Token>] {
        let ids = Set(ids).sorted()
        guard !ids.isEmpty else { throw .invalid("/id", "Choose at least one token.") }
        guard ids.count <= mostTokensAtOnce else {
            throw .invalid("/id", "Choose at most \(mostTokensAtOnce) tokens at once.")
        }
        return ids
    }
}

extension Transaction {
    fileprivate func outcome(
        of change: ManyTokensChange, for id: ID<Token>, by caller: Caller, at now: Timestamp
    ) throws(Refusal) -> (outcome: ManyTokensOutcome, decision: Decision?) {
        let (token, owner) = try controlled(id, by: caller)
        let summary = try detail(of: id)
        do throws(Refusal) {
            let decision = try decision(change, token, owner, by: caller, at: now)
            let obstacle = decision == nil ? change.nothingToDo : nil
            return (ManyTokensOutcome(token: summary, obstacle: obstacle), decision)
        } catch {
            guard let reason = error.reasonOfState else { throw error }
            return (ManyTokensOutcome(token: summary, obstacle: reason), nil)
        }
    }

    private func decision(
        _ change: ManyTokensChange, _ token: Token, _ owner: User, by caller: Caller, at now: Timestamp
    ) throws(Refusal) -> Decision? {
        switch change {
        case .revoke(let reason):
            guard token.standing(at: now) != .expired else { throw .conflict("This token has expired already.") }
            return token.revoke(reason, by: caller, at: now)
        case .restore:
            let predecessor = try token.predecessor.flatMap { id throws(Refusal) in try self.token(id) }
            if token.standing(at: now) != .active { try token.requirePlace(beside: predecessor, at: now) }
            return try token.restore(owner: owner, isForced: false, by: caller, at: now)
        case .delete: return try token.delete(by: caller, at: now)
        }
    }
}

extension ManyTokensChange {
    fileprivate var nothingToDo: String {
        switch self {
        case .revoke: "This token is revoked already."
        case .restore: "This token is active already."
        case .delete: "This token is deleted already."
        }
    }
}

extension Refusal {
    /// What stands in the way is the state of this one token, and not the request.
    fileprivate var reasonOfState: String? {
        switch self {
        case .conflict(let reason, _), .forbidden(let reason), .badRequest(let reason): reason
        case .unauthenticated, .notFound, .invalid, .limited, .unavailable: nil
        }
    }
}
