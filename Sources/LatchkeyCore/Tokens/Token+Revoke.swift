extension Token {
    /// Whether this caller may see and handle this token at all. One that it may not see is as if it were not there.
    ///
    /// Nobody but its owner reaches a personal token, an Admin included; a service token is its own and the Admins'.
    public func requireReach(of caller: Caller) throws(Refusal) {
        guard deletedAt == nil else { throw .notFound("token") }
        if case .job = caller.identity { return }
        if caller.userID == owner { return try caller.require(.manageOwnTokens) }
        guard type == .service, caller.isAllowed(.manageTokens) else { throw .notFound("token") }
    }

    /// A change of a token needs at least the role that the token gives. The SCIM token of a service user gives an
    /// Admin's right whatever the account's role (``Asker``), so it takes what its issue took.
    public func requireControl(by caller: Caller, owner user: User) throws(Refusal) {
        if isSCIMOnly, type == .service { try caller.require(.manageTokens) }
        try caller.requireRole(atLeast: min(user.role, narrowing.role ?? user.role), pointer: "The token")
    }

    /// Shuts the token off. Revoking twice keeps the first moment, but a reason may still rise to `compromised`;
    /// `nil` when there is nothing to do.
    public func revoke(_ reason: RevocationReason?, by caller: Caller, at now: Timestamp) -> Decision? {
        guard let revocation else { return self.revocation(reason ?? .unspecified, by: caller, at: now) }
        guard reason == .compromised, revocation.reason != .compromised else { return nil }
        var token = self
        token.revocation = Revocation(at: revocation.at, by: revocation.by, reason: .compromised)
        let change = FieldChange("reason", before: .text(revocation.reason.rawValue), after: .text("compromised"))
        return token.updated(.revoke, [change], by: caller, at: now)
    }

    /// The revocation of a token that is not revoked yet.
    func revocation(_ reason: RevocationReason, by caller: Caller, at now: Timestamp) -> Decision {
        var token = self
        token.revocation = Revocation(at: now.wholeSecond, by: caller.userID, reason: reason)
        return token.updated(
            .revoke,
            [FieldChange("revoked_at", after: .text(now.text)), FieldChange("reason", after: .text(reason.rawValue))],
            by: caller, at: now)
    }

    /// Decides that a revoked token may work again; `nil` when it does already.
    public func restore(
        owner user: User, isForced: Bool, by caller: Caller, at now: Timestamp
    ) throws(Refusal) -> Decision? {
        let standing = standing(at: now)
        if standing == .active { return nil }
        if type == .service { try caller.require(.manageTokens) }
        guard narrowing.isWithin(caller.narrowing) else {
            throw .forbidden("This token is limited more loosely than the one that would restore it.")
        }
        guard user.isActive else {
            throw .conflict("The token's user is deactivated. Restore the user first.")
        }
        if let expiresAt, expiresAt <= now {
            throw .conflict("This token expired at \(expiresAt.text). Make a new one.")
        }
        guard revocation?.reason != .compromised else {
            throw .conflict("This token was revoked as compromised and can never be restored. Make a new one.")
        }
        if rotation?.provenAt != nil, !(isForced && caller.isAllowed(.manageTokens)) {
            throw .conflict(
                "A successor has replaced this token. An Admin can restore it all the same with force.",
                related: rotation?.successor.value)
        }
        return restoration(by: caller, at: now)
    }

    private func restoration(by caller: Caller, at now: Timestamp) -> Decision {
        var token = self
        token.revocation = nil
        if let retiresAt = rotation?.retiresAt, retiresAt <= now { token.rotation?.retiresAt = nil }
        let before = AuditValue.optional(revocation?.at ?? rotation?.retiresAt)
        return token.updated(.restore, [FieldChange("revoked_at", before: before)], by: caller, at: now)
    }

    /// A successor that was shut off before its first use has given its place up: its predecessor went on, and may have
    /// another successor by now.
    public func requirePlace(beside predecessor: Token?, at now: Timestamp) throws(Refusal) {
        guard let predecessor, predecessor.standing(at: now) == .active else { return }
        let isSuccessor = predecessor.rotation?.successor == id && predecessor.rotation?.abortedAt == nil
        guard isSuccessor else {
            throw .conflict(
                "The rotation that made this token was called off. Rotate token \(predecessor.id) again.",
                related: predecessor.id.value)
        }
    }

    public func rename(_ name: String, isNameTaken: Bool, by caller: Caller, at now: Timestamp) throws(Refusal)
        -> Decision?
    {
        let name = try Names.checked(name, at: "/name")
        guard name != self.name else { return nil }
        guard !isNameTaken else { throw .conflict("The user has a token of this name already. Choose another name.") }
        var token = self
        token.name = name
        let change = FieldChange("name", before: .text(self.name), after: .text(name))
        return token.updated(.update, [change], by: caller, at: now)
    }

    /// Only what no longer works is deleted. A tombstone stays: the name is free again, the id never is.
    public func delete(by caller: Caller, at now: Timestamp) throws(Refusal) -> Decision {
        guard standing(at: now) != .active else {
            throw .conflict("This token is active. Revoke it first, then delete it.")
        }
        var token = self
        token.deletedAt = now.wholeSecond
        return token.updated(.delete, [FieldChange("deleted_at", after: .text(now.text))], by: caller, at: now)
    }

    /// `self` is the token as it shall be; its version still that of the row.
    func updated(_ verb: Verb, _ changes: [FieldChange], by caller: Caller, at now: Timestamp) -> Decision {
        var token = self
        token.version += 1
        return Decision(
            AuditEvent(verb, .token, id.value, changes: changes, by: caller, at: now), [.updateToken(token)])
    }
}
