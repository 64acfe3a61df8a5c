/// An identity provider. Its secret is never shown; `has_client_secret` tells whether there is one.
public struct IdentityProviderBody: Codable, Hashable, Sendable {
    public let id: Int64
    public let name: String
    public let issuer: String
    public let clientID: String
    public let hasClientSecret: Bool
    public let scopes: [String]
    public let groupsClaim: String?
    public let groups: [GroupRuleBody]
    public let mailDomains: [String]
    public let makesAccounts: Bool
    public let enabled: Bool
    /// What has to be set up at the provider.
    public let redirectURI: String
    public let created: String
    public let version: Int64

    enum CodingKeys: String, CodingKey {
        case id, name, issuer
        case clientID = "client_id"
        case hasClientSecret = "has_client_secret"
        case scopes
        case groupsClaim = "groups_claim"
        case groups
        case mailDomains = "mail_domains"
        case makesAccounts = "makes_accounts"
        case enabled
        case redirectURI = "redirect_uri"
        case created, version
    }

    public init(
        id: Int64, name: String, issuer: String, clientID: String, hasClientSecret: Bool, scopes: [String],
        groupsClaim: String?, groups: [GroupRuleBody], mailDomains: [String], makesAccounts: Bool, enabled: Bool,
        redirectURI: String, created: String, version: Int64
    ) {
        self.id = id
        self.name = name
        self.issuer = issuer
        self.clientID = clientID
        self.hasClientSecret = hasClientSecret
        self.scopes = scopes
        self.groupsClaim = groupsClaim
        self.groups = groups
        self.mailDomains = mailDomains
        self.makesAccounts = makesAccounts
        self.enabled = enabled
        self.redirectURI = redirectURI
        self.created = created
        self.version = version
    }
}

/// Members of a group at the provider join a team here.
public struct GroupRuleBody: Codable, Hashable, Sendable {
    public let group: String
    public let teamID: Int64

    enum CodingKeys: String, CodingKey {
        case group
        case teamID = "team_id"
    }

    public init(group: String, teamID: Int64) {
        self.group = group
        self.teamID = teamID
    }
}

/// A provider to be made or changed; what is left out stays.
public struct IdentityProviderEditBody: Codable, Hashable, Sendable {
    public let name: String?
    public let issuer: String?
    public let clientID: String?
    public let clientSecret: Maybe<String>
    public let scopes: [String]?
    public let groupsClaim: Maybe<String>
    public let groups: [GroupRuleBody]?
    public let mailDomains: [String]?
    public let makesAccounts: Bool?
    public let enabled: Bool?
    public let version: Int64?

    enum CodingKeys: String, CodingKey {
        case name, issuer
        case clientID = "client_id"
        case clientSecret = "client_secret"
        case scopes
        case groupsClaim = "groups_claim"
        case groups
        case mailDomains = "mail_domains"
        case makesAccounts = "makes_accounts"
        case enabled, version
    }
}

/// What came of trying a provider out.
public struct ProviderChecksBody: Codable, Hashable, Sendable {
    public let good: Bool
    public let checks: [ProviderCheckBody]

    public init(good: Bool, checks: [ProviderCheckBody]) {
        self.good = good
        self.checks = checks
    }
}

/// One step of it.
public struct ProviderCheckBody: Codable, Hashable, Sendable {
    public let step: String
    public let good: Bool
    public let finding: String

    public init(step: String, good: Bool, finding: String) {
        self.step = step
        self.good = good
        self.finding = finding
    }
}

/// An identity that opens an account.
public struct IdentityBody: Codable, Hashable, Sendable {
    public let issuer: String
    public let subject: String
    public let userID: Int64
    public let linkedAt: String
    public let linkedBy: Int64?

    enum CodingKeys: String, CodingKey {
        case issuer, subject
        case userID = "user_id"
        case linkedAt = "linked_at"
        case linkedBy = "linked_by"
    }

    public init(issuer: String, subject: String, userID: Int64, linkedAt: String, linkedBy: Int64?) {
        self.issuer = issuer
        self.subject = subject
        self.userID = userID
        self.linkedAt = linkedAt
        self.linkedBy = linkedBy
    }
}

/// An identity to be connected with an account.
public struct NewIdentityBody: Codable, Hashable, Sendable {
    public let providerID: Int64
    public let subject: String

    enum CodingKeys: String, CodingKey {
        case providerID = "provider_id"
        case subject
    }
}
