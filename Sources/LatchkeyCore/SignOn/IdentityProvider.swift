/// A service that people prove themselves to and whose word is taken here: one issuer, and what it may do.
public struct IdentityProvider: Hashable, Sendable {
    public let id: ID<IdentityProvider>
    /// On the button of the sign-in page.
    public var name: String
    /// Never changes: another issuer is another authority, whose subjects are other people.
    public let issuer: String
    public var clientID: String
    /// `nil` for a public client, which proves itself by PKCE alone.
    public var sealedSecret: [UInt8]?
    public var scopes: [String]
    /// The claim that lists a person's groups; `nil` when groups make no difference.
    public var groupsClaim: String?
    public var groups: [GroupRule]
    /// Whose people get an account at their first sign-in; empty for everybody whom the provider lets in.
    public var mailDomains: [String]
    /// Whether a first sign-in makes an account at all.
    public var makesAccounts: Bool
    public var turnedOffAt: Timestamp?
    public let createdAt: Timestamp
    public let createdBy: ID<User>?
    public var version: Int64

    public init(
        id: ID<IdentityProvider>, name: String, issuer: String, clientID: String, sealedSecret: [UInt8]? = nil,
        scopes: [String] = usualScopes, groupsClaim: String? = nil, groups: [GroupRule] = [],
        mailDomains: [String] = [], makesAccounts: Bool = true, turnedOffAt: Timestamp? = nil, createdAt: Timestamp,
        createdBy: ID<User>?, version: Int64 = 1
    ) {
        self.id = id
        self.name = name
        self.issuer = issuer
        self.clientID = clientID
        self.sealedSecret = sealedSecret
        self.scopes = scopes
        self.groupsClaim = groupsClaim
        self.groups = groups
        self.mailDomains = mailDomains
        self.makesAccounts = makesAccounts
        self.turnedOffAt = turnedOffAt
        self.createdAt = createdAt
        self.createdBy = createdBy
        self.version = version
    }

    public static let usualScopes = ["openid", "email", "profile"]

    public var isOn: Bool { turnedOffAt == nil }

    /// The teams that these groups open, each once.
    public func teams(for groups: [String]) -> Set<ID<Team>> {
        let named = Set(groups)
        return Set(self.groups.filter { named.contains($0.group) }.map(\.team))
    }
}

/// Members of this group of the provider's become members of this team. It only ever adds.
public struct GroupRule: Hashable, Sendable {
    /// As the provider writes it, to the letter.
    public let group: String
    public let team: ID<Team>

    public init(group: String, team: ID<Team>) {
        self.group = group
        self.team = team
    }
}

/// What the sign-in page shows to strangers.
public struct ProviderButton: Hashable, Sendable {
    public let id: ID<IdentityProvider>
    public let name: String

    public init(id: ID<IdentityProvider>, name: String) {
        self.id = id
        self.name = name
    }
}

/// What somebody says of a provider; absent fields stay.
public struct IdentityProviderEdit: Sendable {
    public var name: String?
    public var issuer: String?
    public var clientID: String?
    /// `.some(nil)` makes it a public client, here and below.
    public var clientSecret: ClientSecret??
    public var scopes: [String]?
    public var groupsClaim: String??
    public var groups: [GroupRule]?
    public var mailDomains: [String]?
    public var makesAccounts: Bool?
    public var isOn: Bool?
    /// The version that was edited; another in between is a conflict.
    public var version: Int64?

    public init() {}
}
