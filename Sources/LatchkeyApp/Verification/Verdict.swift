public import LatchkeyCore

/// What ``Verifier`` concluded.
public enum Verdict: Sendable {
    case valid(Bearer)
    case refused(RefusedUse)

    public var bearer: Bearer? {
        guard case .valid(let bearer) = self else { return nil }
        return bearer
    }

    public var refusal: RefusedUse? {
        guard case .refused(let refusal) = self else { return nil }
        return refusal
    }
}

/// A token that works, with what it may do now. A class, because each answer hands it on some ten times.
public final class Bearer: Sendable {
    public let token: ID<Token>
    public let name: String
    public let type: TokenType
    public let isSCIMOnly: Bool
    public let createdAt: Timestamp
    /// `nil` for never.
    public let expiresAt: Timestamp?
    public let account: Account
    /// All teams of the account; ``teams`` are those that the narrowing leaves.
    public let membership: Membership
    public let narrowing: Narrowing
    /// Its digest is still one of an older key: under the newest it would be this.
    public let freshDigest: TokenDigest?
    /// The predecessor in a rotation that waited for this first use.
    public let proves: ID<Token>?
    /// What came was an access token of this token's, with limits and an end of its own.
    public let access: AccessGrant?

    init(
        token: ID<Token>, name: String, type: TokenType, isSCIMOnly: Bool, createdAt: Timestamp, expiresAt: Timestamp?,
        account: Account, membership: Membership, narrowing: Narrowing, freshDigest: TokenDigest?, proves: ID<Token>?,
        access: AccessGrant?
    ) {
        self.token = token
        self.name = name
        self.type = type
        self.isSCIMOnly = isSCIMOnly
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.account = account
        self.membership = membership
        self.narrowing = narrowing
        self.freshDigest = freshDigest
        self.proves = proves
        self.access = access
    }

    /// The lower of the account's role and the token's.
    public var role: Role { min(account.role, narrowing.role ?? account.role) }

    public var teams: Set<ID<Team>> {
        narrowing.teams.map { membership.teams.intersection($0) } ?? membership.teams
    }

    /// `Public` first, then by name.
    public var teamNames: [String] {
        guard let left = narrowing.teams else { return membership.names }
        return zip(membership.ordered, membership.names).filter { left.contains($0.0) }.map(\.1)
    }

    /// As use cases ask for it.
    public var credential: Caller.Credential {
        Caller.Credential(
            user: account.id, handle: account.handle, userType: account.type, role: role, token: token,
            scimOnly: isSCIMOnly, narrowing: narrowing, teams: teams, access: access)
    }

    /// What is left of it for an access token.
    func limited(by grant: AccessGrant) -> Bearer {
        Bearer(
            token: token, name: name, type: type, isSCIMOnly: isSCIMOnly, createdAt: grant.issuedAt,
            expiresAt: min(grant.expiresAt, expiresAt ?? grant.expiresAt), account: account, membership: membership,
            narrowing: Narrowing(actions: grant.actions).within(narrowing), freshDigest: nil, proves: nil,
            access: grant)
    }
}

/// What was presented and does not work. Its bearer is never told why.
public struct RefusedUse: Hashable, Sendable {
    public enum Reason: String, Hashable, Sendable, CaseIterable {
        /// Not a token of any instance.
        case malformed
        /// Of the right form, but none of ours: made up, altered, or another instance's.
        case unknown
        case revoked, expired
        /// Rotated, and the overlap has run out.
        case superseded
        case userDeactivated = "user_deactivated"
        case addressNotAllowed = "address_not_allowed"
        case deleted
        /// A workload's own token that had been exchanged before.
        case replayed
    }

    public let reason: Reason
    /// Where it is known: somebody still holds this one.
    public let token: ID<Token>?
    public let owner: ID<User>?

    public init(_ reason: Reason, token: ID<Token>? = nil, owner: ID<User>? = nil) {
        self.reason = reason
        self.token = token
        self.owner = owner
    }
}
