/// What somebody says of a token to be made.
public struct NewToken: Hashable, Sendable {
    public let name: String
    /// A service user; `nil` for a personal token of the caller.
    public let owner: ID<User>?
    public let lifetime: Lifetime
    public let isSCIMOnly: Bool
    public let limits: NarrowingRequest

    public init(
        name: String, owner: ID<User>? = nil, lifetime: Lifetime, isSCIMOnly: Bool = false,
        limits: NarrowingRequest = NarrowingRequest()
    ) {
        self.name = name
        self.owner = owner
        self.lifetime = lifetime
        self.isSCIMOnly = isSCIMOnly
        self.limits = limits
    }
}

/// What was prepared for a token before its transaction: the signature takes too long to be made within one.
public struct Minting: Hashable, Sendable {
    public let id: ID<Token>
    public let digest: TokenDigest
    public let hint: String
    public let signedBy: String
    public let expiresAt: Timestamp?
    public let at: Timestamp

    public init(
        id: ID<Token>, digest: TokenDigest, hint: String, signedBy: String, expiresAt: Timestamp?, at: Timestamp
    ) {
        self.id = id
        self.digest = digest
        self.hint = hint
        self.signedBy = signedBy
        self.expiresAt = expiresAt
        self.at = at
    }
}

extension Token {
    /// Decides whether a token is granted to its owner, whose `teams` include `Public`.
    ///
    /// What is made through a narrowed token is narrowed alike, so that no limit can be shaken off.
    public static func issue(
        _ request: NewToken, _ minting: Minting, to owner: User, teams: [Team], isNameTaken: Bool, by caller: Caller
    ) throws(Refusal) -> (token: Token, decision: Decision) {
        try caller.requireLasting()
        try requireIssuable(request, to: owner, by: caller)
        let name = try Names.checked(request.name, at: "/name")
        guard !isNameTaken else {
            throw .conflict("\(owner.handle) has a token of this name already. Choose another name.")
        }
        let asked = try request.limits.checked(owner: owner, ownerTeams: teams)
        let narrowing = asked.within(caller.narrowing)
        if request.isSCIMOnly, narrowing.teams != nil {
            throw .invalid("/teams", "must be left out: directory sync reaches all teams")
        }
        try caller.requireRole(atLeast: min(owner.role, narrowing.role ?? owner.role), pointer: "The token")
        let token = Token(
            id: minting.id, owner: owner.id, type: TokenType(for: owner.type), isSCIMOnly: request.isSCIMOnly,
            name: name, digest: minting.digest, hint: minting.hint, signedBy: minting.signedBy,
            createdAt: minting.at.wholeSecond, createdBy: caller.userID, expiresAt: minting.expiresAt,
            narrowing: narrowing)
        return (token, Decision(token.issued(by: caller, at: minting.at), [.insertToken(token)]))
    }

    private static func requireIssuable(
        _ request: NewToken, to owner: User, by caller: Caller
    ) throws(Refusal) {
        if request.isSCIMOnly { try caller.require(.manageTokens) }
        if request.owner != nil {
            guard owner.type == .service, owner.isActive else { throw notAServiceUser }
        } else {
            guard owner.type == .human else {
                throw .invalid("/user_id", "must name a service user: a service user has no personal tokens")
            }
            guard owner.isActive else { throw .conflict("This account is deactivated.") }
        }
    }

    /// One answer for a person, a deactivated service user and nobody at all.
    public static let notAServiceUser = Refusal.invalid("/user_id", "must name an active service user")

    func issued(by caller: Caller, at now: Timestamp) -> AuditEvent {
        AuditEvent(
            .issue, .token, id.value,
            changes: .between([
                ("name", nil, .text(name)), ("user_id", nil, .number(owner.value)),
                ("type", nil, .text(type.rawValue)), ("expiration", nil, .optional(expiresAt)),
                ("scim_endpoints_only", nil, isSCIMOnly ? .flag(true) : nil),
                ("narrowing", nil, .optional(narrowing.stored)),
                ("rotated_from", nil, .optional(predecessor)),
            ]), by: caller, at: now)
    }
}
