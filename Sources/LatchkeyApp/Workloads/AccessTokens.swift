public import LatchkeyCore
import LatchkeyStore

/// An access token that was just made, with what is told beside it.
public struct IssuedAccess: Sendable {
    public let secret: TokenSecret
    public let lifetime: Duration
    /// What the log has of it.
    let issue: AccessIssue
    /// Whose it is: the token that it came of, with the limits that both have.
    public let bearer: Bearer

    /// `nil` for no limit to certain actions.
    public var actions: Set<String>? { issue.actions }
}

/// What an access token is asked for.
public struct AccessRequest: Sendable {
    public let grant: AccessIssue.Grant
    /// What it is to be limited to; `nil` for no further limit.
    public let scope: [String]?
    /// How long it is to live, 5 to 60 minutes; `nil` for the usual length.
    public let lifetime: Duration?

    public init(_ grant: AccessIssue.Grant, scope: [String]? = nil, lifetime: Duration? = nil) {
        self.grant = grant
        self.scope = scope
        self.lifetime = lifetime
    }
}

/// Short tokens (RFC 9068) in place of long ones. They are not stored: each names the token that it came of, and is
/// judged by that one's standing at every use.
extension App {
    /// It is in the log before it is given. What is given alike within a minute is counted there in one more event.
    ///
    /// - Parameter bearer: of a service token, or of an access token that is to be narrowed further.
    public func issueAccess(
        _ request: AccessRequest, of bearer: Bearer, from origin: Origin
    ) async throws(Refusal) -> IssuedAccess {
        guard bearer.type == .service, !bearer.isSCIMOnly else {
            throw .forbidden("Only the token of a service user can get access tokens, and no SCIM token.")
        }
        let issued = try makeAccess(request, of: bearer, until: nil)
        try await record(issued, from: origin)
        return issued
    }

    private func record(_ issued: IssuedAccess, from origin: Origin) async throws(Refusal) {
        let (token, now) = (issued.bearer.token, ambient.now())
        let caller = Caller(.bearer(issued.bearer.credential), origin: origin)
        let given = GivenAccess(issue: issued.issue, token: token, caller: caller, at: now)
        guard !ledger.isRepeat(given) else { return }
        try await commit(as: caller) { db throws(Refusal) in
            _ = try db.apply(Decision(issued.issue.event(for: token, by: caller, at: now)))
        }
        ledger.noteFirst(given)
    }

    /// - Parameter end: of what the workload itself presented.
    func makeAccess(
        _ request: AccessRequest, of bearer: Bearer, until end: Timestamp?
    ) throws(Refusal) -> IssuedAccess {
        let lifetime = request.lifetime ?? policy.usualAccessLifetime
        guard (AccessLifetime.shortest...AccessLifetime.longest).contains(lifetime) else {
            throw .badRequest("An access token lives 300 to 3600 seconds. Let expires_in be within, or leave it out.")
        }
        let now = ambient.now().wholeSecond
        let ends = [now + lifetime, bearer.expiresAt, end].compactMap { $0?.wholeSecond }
        guard let expiry = ends.min(), expiry > now else {
            throw .badRequest("What was presented ends this very moment. Get a fresh one.")
        }
        let actions = try actions(in: request.scope, of: bearer)
        let claims = AccessClaims(
            token: bearer.token, issuer: settings.publicURL, subject: bearer.account.handle, issuedAt: now,
            expiresAt: expiry, role: bearer.role, teams: bearer.teamNames, actions: actions, parent: bearer.access)
        let made = try keys.current.mint(claims, random: ambient.randomBytes(16))
        let issue = AccessIssue(
            grant: request.grant, jti: made.jti, audience: claims.issuer, actions: actions, expiresAt: expiry)
        return IssuedAccess(secret: made.secret, lifetime: expiry - now, issue: issue, bearer: bearer)
    }

    /// Shuts off one access token at the wish of whoever holds it, and those that were got in exchange for it; the
    /// token that it came of goes on, and its others.
    func giveUp(_ access: AccessGrant, as caller: Caller) async throws(Refusal) {
        let now = ambient.now()
        try await commit(as: nil) { db throws(Refusal) -> Void in
            guard let token = try db.token(access.token), token.deletedAt == nil else { return }
            let revocation = AccessRevocation(token: token.id, nonce: access.nonce, endsAt: access.expiresAt)
            try db.apply(token.revokeAccess(revocation, jti: access.jti, by: caller, at: now))
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
