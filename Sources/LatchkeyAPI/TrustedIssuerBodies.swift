/// An issuer that a service user trusts, with the token that the trust stands on.
public struct TrustedIssuerBody: Codable, Hashable, Sendable {
    /// Of the token too, which nobody holds.
    public let id: Int64
    public let name: String
    public let issuer: String
    public let audience: String
    public let subject: String
    public let claims: [ClaimConditionBody]
    public let accessMinutes: Int64
    public let status: String
    public let expiration: String?
    public let user: UserStub
    public let created: String
    public let createdBy: UserStub?
    /// `null`: not used.
    public let lastUsed: String?
    public let narrowing: NarrowingBody?

    enum CodingKeys: String, CodingKey {
        case id, name, issuer, audience, subject, claims
        case accessMinutes = "access_minutes"
        case status, expiration, user, created
        case createdBy = "created_by"
        case lastUsed = "last_used"
        case narrowing
    }

    public init(
        id: Int64, name: String, issuer: String, audience: String, subject: String, claims: [ClaimConditionBody],
        accessMinutes: Int64, token: TokenBody
    ) {
        self.id = id
        self.name = name
        self.issuer = issuer
        self.audience = audience
        self.subject = subject
        self.claims = claims
        self.accessMinutes = accessMinutes
        status = token.status
        expiration = token.expiration
        user = token.user
        created = token.created
        createdBy = token.createdBy
        lastUsed = token.lastUsed
        narrowing = token.narrowing
    }
}

/// A claim beside `sub` that has to be there and to fit.
public struct ClaimConditionBody: Codable, Hashable, Sendable {
    public let name: String
    public let value: String

    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// An issuer to be trusted.
public struct NewTrustedIssuerBody: Codable, Hashable, Sendable {
    public let name: String
    public let issuer: String
    /// Left out: this instance's public address.
    public let audience: String?
    public let subject: String
    public let claims: [ClaimConditionBody]?
    /// 5 to 60; left out: 10.
    public let accessMinutes: Int?
    /// Of the trust itself. Left out: never, or the longest that the instance allows.
    public let expiresInDays: Maybe<Int>
    public let role: Maybe<String>
    /// By name.
    public let teams: Maybe<[String]>
    public let actions: Maybe<[String]>
    public let allowedCIDRs: Maybe<[String]>

    enum CodingKeys: String, CodingKey {
        case name, issuer, audience, subject, claims
        case accessMinutes = "access_minutes"
        case expiresInDays = "expires_in_days"
        case role, teams, actions
        case allowedCIDRs = "allowed_cidrs"
    }
}
