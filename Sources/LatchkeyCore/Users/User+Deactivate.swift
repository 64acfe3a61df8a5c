extension User {
    /// Decides a deactivation. Tokens of a deactivated account stop at once, whatever their own state.
    ///
    /// A service user with active tokens is refused unless `revokingTokens`: somebody's pipeline may hang on them.
    /// A person's tokens are always revoked with the account.
    ///
    /// - Parameter sessions: all that have not been ended; each of them is, so that none comes back with the account.
    public func deactivate(
        activeTokens: [Token], sessions: [ID<Session>], revokingTokens: Bool, isLastAdmin: Bool, by caller: Caller,
        at now: Timestamp
    ) throws(Refusal) -> Decision {
        try caller.requireRole(atLeast: role, pointer: "This user")
        guard isActive else { throw .conflict("This user is deactivated already.") }
        guard !isLastAdmin else { throw Self.lastAdmin }
        if type == .service, !activeTokens.isEmpty, !revokingTokens {
            let count = activeTokens.count == 1 ? "1 active token" : "\(activeTokens.count) active tokens"
            throw .badRequest(
                "This service user has \(count). Revoke them first, or repeat the call with revoke_tokens=true.")
        }
        var user = self
        user.deactivatedAt = now.wholeSecond
        user.version += 1
        let event = AuditEvent(
            .deactivate, .user, id.value,
            changes: [FieldChange("deleted_at", after: .text(now.text))], by: caller, at: now)
        let reason: RevocationReason = type == .human ? .affiliationChanged : .cessation
        let decision = activeTokens.reduce(Decision(event, [.updateUser(user)])) { decision, token in
            decision.and(token.revocation(reason, by: caller, at: now))
        }
        return Self.ending(sessions, by: caller, at: now).map(decision.and) ?? decision
    }

    /// Decides that the account may be used again. Tokens that were revoked stay revoked.
    public func restore(by caller: Caller, at now: Timestamp) throws(Refusal) -> Decision {
        try caller.requireRole(atLeast: role, pointer: "This user")
        guard !isActive else { throw .conflict("This user is active already.") }
        var user = self
        user.deactivatedAt = nil
        user.version += 1
        let event = AuditEvent(
            .restore, .user, id.value,
            changes: [FieldChange("deleted_at", before: .optional(deactivatedAt))], by: caller, at: now)
        return Decision(event, [.updateUser(user)])
    }
}
