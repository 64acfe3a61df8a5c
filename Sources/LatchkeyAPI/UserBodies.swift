/// A user as others mention it.
public struct UserStub: Codable, Hashable, Sendable {
    public let id: Int64
    public let handle: String
    public let name: String
    public let type: String
    public let userName: String
    public let email: String?

    enum CodingKeys: String, CodingKey {
        case id
        case handle = "user_id"
        case name
        case type = "user_type"
        case userName = "user_name"
        case email
    }

    public init(id: Int64, handle: String, name: String, type: String, userName: String, email: String?) {
        self.id = id
        self.handle = handle
        self.name = name
        self.type = type
        self.userName = userName
        self.email = email
    }
}

/// An account whole.
public struct UserBody: Codable, Hashable, Sendable {
    public let id: Int64
    public let handle: String
    public let userName: String
    public let email: String?
    public let name: String
    public let type: String
    public let role: String
    /// `Public` first.
    public let teams: [String]
    public let created: String
    /// The same as `created`: existing clients read either.
    public let createdAt: String
    public let deletedAt: String?
    public let lastLogin: String?
    public let lastUsed: String?
    public let purpose: String?
    public let owner: UserStub?
    public let createdBy: UserStub?
    public let activeTokens: Int

    enum CodingKeys: String, CodingKey {
        case id
        case handle = "user_id"
        case userName = "user_name"
        case email, name
        case type = "user_type"
        case role, teams, created
        case createdAt = "created_at"
        case deletedAt = "deleted_at"
        case lastLogin = "last_login"
        case lastUsed = "last_used"
        case purpose, owner
        case createdBy = "created_by"
        case activeTokens = "active_tokens"
    }

    public init(
        id: Int64, handle: String, userName: String, email: String?, name: String, type: String, role: String,
        teams: [String], created: String, deletedAt: String?, lastLogin: String?, lastUsed: String?,
        purpose: String?, owner: UserStub?, createdBy: UserStub?, activeTokens: Int
    ) {
        self.id = id
        self.handle = handle
        self.userName = userName
        self.email = email
        self.name = name
        self.type = type
        self.role = role
        self.teams = teams
        self.created = created
        createdAt = created
        self.deletedAt = deletedAt
        self.lastLogin = lastLogin
        self.lastUsed = lastUsed
        self.purpose = purpose
        self.owner = owner
        self.createdBy = createdBy
        self.activeTokens = activeTokens
    }
}

/// A service user to be made.
public struct NewUserBody: Codable, Hashable, Sendable {
    public let name: String
    public let role: String
    public let teams: [String]?
    public let purpose: Maybe<String>
    public let ownerID: Maybe<Int64>

    enum CodingKeys: String, CodingKey {
        case name, role, teams, purpose
        case ownerID = "owner_id"
    }
}

/// What shall be different about a user; what is left out stays.
public struct UserEditBody: Codable, Hashable, Sendable {
    public let name: String?
    public let role: String?
    public let teams: [String]?
    public let purpose: Maybe<String>
    public let ownerID: Maybe<Int64>

    enum CodingKeys: String, CodingKey {
        case name, role, teams, purpose
        case ownerID = "owner_id"
    }
}

/// Why all tokens of a user are to be revoked.
public struct RevokeTokensBody: Codable, Hashable, Sendable {
    public let reason: String?
}

/// How many tokens were revoked.
public struct RevokedTokensBody: Codable, Hashable, Sendable {
    public let revoked: Int

    public init(revoked: Int) {
        self.revoked = revoked
    }
}
