/// That an access token was given up before its time. It ends with its own token's end in any case, so this is
/// forgotten then.
public struct AccessRevocation: Hashable, Sendable {
    /// The token that it came of.
    public let token: ID<Token>
    /// The random part of its `jti`.
    public let nonce: [UInt8]
    public let endsAt: Timestamp

    public init(token: ID<Token>, nonce: [UInt8], endsAt: Timestamp) {
        self.token = token
        self.nonce = nonce
        self.endsAt = endsAt
    }
}

extension Token {
    /// Decides that one access token of this token's stops, at the wish of whoever holds it; all others go on.
    ///
    /// - Parameter jti: what the log calls it.
    public func revokeAccess(
        _ revocation: AccessRevocation, jti: String, by caller: Caller, at now: Timestamp
    ) -> Decision {
        let event = AuditEvent(
            .revoke, .token, id.value, changes: [FieldChange("access_token", before: .text(jti))], by: caller, at: now)
        return Decision(event, [.revokeAccessToken(revocation)])
    }
}
