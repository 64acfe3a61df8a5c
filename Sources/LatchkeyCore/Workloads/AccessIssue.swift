/// An access token that was given, as the log has it: how it was asked for, whom it is meant for, what it is limited to
/// and until when it lives. Never its value; it is told from others by its `jti`, which it bears itself.
public struct AccessIssue: Hashable, Sendable {
    /// How it was asked for, in OAuth's words.
    public enum Grant: String, Hashable, Sendable {
        case clientCredentials = "client_credentials"
        case tokenExchange = "token_exchange"
    }

    public let grant: Grant
    public let jti: String
    public let audience: String
    /// `nil` for no limit to certain actions.
    public let actions: Set<String>?
    public let expiresAt: Timestamp

    public init(grant: Grant, jti: String, audience: String, actions: Set<String>?, expiresAt: Timestamp) {
        self.grant = grant
        self.jti = jti
        self.audience = audience
        self.actions = actions
        self.expiresAt = expiresAt
    }

    /// That it was given for a token of the caller's.
    public func event(for token: ID<Token>, by caller: Caller, at now: Timestamp) -> AuditEvent {
        AuditEvent(.grant, .token, token.value, changes: [jtiFact] + facts, by: caller, at: now)
    }

    /// That so many more like it were given, this one last.
    public func event(
        ofRepeats count: Int64, for token: ID<Token>, by caller: Caller, at now: Timestamp
    ) -> AuditEvent {
        let changes = [FieldChange("count", after: .number(count))] + facts
        return AuditEvent(.grant, .token, token.value, changes: changes, by: caller, at: now)
    }

    var jtiFact: FieldChange { FieldChange("access_token", after: .text(jti)) }

    var facts: [FieldChange] {
        let scope = actions.map { FieldChange("scope", after: .list($0.sorted())) }
        return [
            FieldChange("grant", after: .text(grant.rawValue)), FieldChange("audience", after: .text(audience)),
            FieldChange("expiration", after: .text(expiresAt.text)),
        ] + (scope.map { [$0] } ?? [])
    }
}
