public import LatchkeyCore
import LatchkeyStore

/// An access token that was just made, with what is told beside it.
public struct IssuedAccess: Sendable {
    public let secret: TokenSecret
    public let lifetime: Duration
    /// `nil` for no limit to certain actions.
    public let actions: Set<String>?
    /// Whose it is: the token that it came of, with the limits that both have.
    public let bearer: Bearer
}

/// Short tokens (RFC 9068) in place of long ones. They are not stored: each names the token that it came of, and is
/// judged by that one's standing at every use.
extension App {
    /// - Parameters:
    ///   - bearer: of a service token, or of an access token that is to be narrowed further.
    ///   - scope: what the access token is to be limited to; `nil` for no further limit.
    ///   - asked: how long it is to live, 5 to 60 minutes; `nil` for the usual length.
    public func issueAccess(
        of bearer: Bearer, scope: [String]?, lasting asked: Duration? = nil
    ) throws(Refusal) -> IssuedAccess {
        guard bearer.type == .service, !bearer.isSCIMOnly else {
            throw .forbidden("Only the token of a service user can get access tokens, and no SCIM token.")
        }
        return try issueAccess(of: bearer, scope: scope, lasting: asked ?? policy.usualAccessLifetime, until: nil)
    }

    /// - Parameter end: of what the workload itself presented.
    func issueAccess(
        of bearer: Bearer, scope: [String]?, lasting lifetime: Duration, until end: Timestamp?
    ) throws(Refusal) -> IssuedAccess {
        guard (AccessLifetime.shortest...AccessLifetime.longest).contains(lifetime) else {
            throw .badRequest("An access token lives 300 to 3600 seconds. Let expires_in be within, or leave it out.")
        }
        let now = ambient.now().wholeSecond
        let ends = [now + lifetime, bearer.expiresAt, end].compactMap { $0?.wholeSecond }
        guard let expiry = ends.min(), expiry > now else {
            throw .badRequest("What was presented ends this very moment. Get a fresh one.")
        }
        let actions = try actions(in: scope, of: bearer)
        let claims = AccessClaims(
            token: bearer.token, issuer: settings.publicURL, subject: bearer.account.handle, issuedAt: now,
            expiresAt: expiry, role: bearer.role, teams: bearer.teamNames, actions: actions)
        let secret = try keys.current.mint(claims, random: ambient.randomBytes(16))
        return IssuedAccess(secret: secret, lifetime: expiry - now, actions: actions, bearer: bearer)
    }

    /// Shuts off one access token at the wish of whoever holds it; the token that it came of goes on, and its others.
    func giveUp(_ access: AccessGrant, as caller: Caller) async throws(Refusal) {
        let now = ambient.now()
        try await commit { db throws(Refusal) -> Void in
            guard let token = try db.token(access.token), token.deletedAt == nil else { return }
            try db.apply(token.revokeAccess(nonce: access.nonce, endsAt: access.expiresAt, by: caller, at: now))
        }
    }

    /// A scope never widens: what the subject may not do is refused, not left out, so that nobody finds out later.
    private func actions(in scope: [String]?, of bearer: Bearer) throws(Refusal) -> Set<String>? {
        guard let scope else { return bearer.narrowing.actions }
        let policy = policyInForce.current
        for name in scope {
            guard policy.action(named: name) != nil else {
                throw .invalid("scope", "names an action that is not known here: \(name.prefix(64))")
            }
            guard bearer.narrowing.allows(action: name) else {
                throw .invalid("scope", "asks for \(name), which the token presented does not allow")
            }
        }
        return Set(scope)
    }
}
