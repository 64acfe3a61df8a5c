public import LatchkeyCore
import LatchkeyStore

/// An edit of a token as a door reads it.
public struct TokenEdit: Hashable, Sendable {
    /// `true` revokes, `false` restores, `nil` leaves the state as it is.
    public var revoke: Bool?
    public var reason: RevocationReason?
    public var name: String?
    /// Restores a token although its successor has replaced it.
    public var isForced: Bool
    /// The version that was seen when this was asked for; `nil` for whichever there is.
    public var version: Int64?

    public init(
        revoke: Bool?, reason: RevocationReason? = nil, name: String? = nil, isForced: Bool = false,
        version: Int64? = nil
    ) {
        self.revoke = revoke
        self.reason = reason
        self.name = name
        self.isForced = isForced
        self.version = version
    }
}

/// What becomes of a token after its issue.
extension App {
    /// Revokes, restores, renames. When a revocation has returned, the token is refused.
    public func updateToken(
        _ id: ID<Token>, _ edit: TokenEdit, as caller: Caller
    ) async throws(Refusal) -> TokenSummary {
        try caller.require(.manageOwnTokens)
        let now = ambient.now()
        let summary = try await commit(as: caller) { db throws(Refusal) in
            var (token, owner) = try db.controlled(id, by: caller)
            try token.version.requireSeen(edit.version, "token")
            if let name = edit.name {
                let isTaken = try db.isNameTaken(name, owner: owner.id, by: token.id)
                try db.carryOut(try token.rename(name, isNameTaken: isTaken, by: caller, at: now), &token)
            }
            switch edit.revoke {
            case true?:
                try db.carryOut(token.revoke(edit.reason, by: caller, at: now), &token)
                try db.abortRotation(to: token, by: caller, at: now)
            case false?:
                let predecessor = try token.predecessor.flatMap { id throws(Refusal) in try db.token(id) }
                if token.standing(at: now) != .active { try token.requirePlace(beside: predecessor, at: now) }
                let restored = try token.restore(owner: owner, isForced: edit.isForced, by: caller, at: now)
                try db.carryOut(restored, &token)
            case nil: break
            }
            return try db.detail(of: id)
        }
        return withLatestUse(summary)
    }

    public func deleteToken(_ id: ID<Token>, as caller: Caller) async throws(Refusal) {
        try caller.require(.manageOwnTokens)
        let now = ambient.now()
        try await commit(as: caller) { db throws(Refusal) in
            let (token, _) = try db.controlled(id, by: caller)
            try db.apply(try token.delete(by: caller, at: now))
        }
    }

    /// Makes a successor with the same limits. However many ask at once, one gets it and the others learn its number.
    public func rotateToken(
        _ id: ID<Token>, _ request: RotationRequest, as caller: Caller, keeping: ReplyKeeping<IssuedToken>? = nil
    ) async throws(Refusal) -> IssuedToken {
        try caller.require(.manageOwnTokens)
        let (old, owner) = try await store.read { db throws(Refusal) in try db.controlled(id, by: caller) }
        let now = ambient.now()
        let use: TokenUse = old.isSCIMOnly ? .scim : old.type == .personal ? .personal : .service
        let minted = try mint(
            try await tokenIDs.next(), subject: owner.handle, use: use,
            lifetime: request.lifetime ?? old.ownLifetime, at: now)
        return try await commit(as: caller, keeping: keeping) { db throws(Refusal) in
            let (token, owner) = try db.controlled(id, by: caller)
            let name = try db.successorName(of: token, asked: request.name)
            let (successor, decision) = try token.rotate(
                request, minted.minting, name: name, owner: owner, by: caller)
            try db.apply(decision)
            return IssuedToken(summary: try db.detail(of: successor.id), secret: minted.secret)
        }
    }

    /// Revokes every active token of a user in one transaction; returns how many.
    public func revokeTokens(
        of id: ID<User>, reason: RevocationReason?, as caller: Caller, keeping: ReplyKeeping<Int>? = nil
    ) async throws(Refusal) -> Int {
        try caller.require(.manageTokens)
        let now = ambient.now()
        return try await commit(as: caller, keeping: keeping) { db throws(Refusal) in
            guard let user = try db.user(id) else { throw .notFound("user") }
            guard user.type == .service || user.id == caller.userID else {
                throw .forbidden("Personal tokens are their owner's alone. Deactivate the user to stop them all.")
            }
            let tokens = try db.activeTokens(of: id, at: now)
            for token in tokens {
                try token.requireControl(by: caller, owner: user)
                if let decision = token.revoke(reason, by: caller, at: now) { try db.apply(decision) }
            }
            return tokens.count
        }
    }
}

extension Transaction {
    /// The token with its owner, if this caller may change it.
    func controlled(_ id: ID<Token>, by caller: Caller) throws(Refusal) -> (token: Token, owner: User) {
        guard let token = try token(id) else { throw .notFound("token") }
        try token.requireReach(of: caller)
        guard let owner = try user(token.owner) else { throw .notFound("token") }
        try token.requireControl(by: caller, owner: owner)
        return (token, owner)
    }

    func isNameTaken(_ name: String, owner: ID<User>, by id: ID<Token>) throws(Refusal) -> Bool {
        guard let holder = try liveToken(owner: owner, name: name.trimmed) else { return false }
        return holder.id != id
    }

    func successorName(of token: Token, asked: String?) throws(Refusal) -> String {
        guard let asked else {
            return try token.successorName { name throws(Refusal) in
                try liveToken(owner: token.owner, name: name) != nil
            }
        }
        guard try liveToken(owner: token.owner, name: asked.trimmed) == nil else {
            throw .conflict("The user has a token of this name already. Choose another name.")
        }
        return asked
    }
}

extension WriteTransaction {
    /// Applies a decision if there is one, and goes on with the token as it is then.
    func carryOut(_ decision: Decision?, _ token: inout Token) throws(Refusal) {
        guard let decision else { return }
        try apply(decision)
        if let changed = try self.token(token.id) { token = changed }
    }

    /// When a successor stops before its first use, its predecessor goes on as if it had not been rotated.
    func abortRotation(to token: Token, by caller: Caller, at now: Timestamp) throws(Refusal) {
        guard token.revocation != nil, let id = token.predecessor, let old = try self.token(id),
            old.rotation?.successor == token.id, let decision = old.abortRotation(by: caller, at: now)
        else { return }
        try apply(decision)
    }
}
