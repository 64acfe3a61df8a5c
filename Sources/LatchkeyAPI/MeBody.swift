/// Who a token speaks for: the account, what the token leaves of its rights, and the token itself.
public struct MeBody: Codable, Hashable, Sendable {
    public let id: Int64
    public let handle: String
    public let userName: String
    public let email: String?
    public let name: String
    public let type: String
    /// The lower of the account's role and the token's.
    public let role: String
    /// `Public` first.
    public let teams: [String]
    public let token: MyTokenBody

    enum CodingKeys: String, CodingKey {
        case id
        case handle = "user_id"
        case userName = "user_name"
        case email, name
        case type = "user_type"
        case role, teams, token
    }

    public init(
        id: Int64, handle: String, userName: String, email: String?, name: String, type: String, role: String,
        teams: [String], token: MyTokenBody
    ) {
        self.id = id
        self.handle = handle
        self.userName = userName
        self.email = email
        self.name = name
        self.type = type
        self.role = role
        self.teams = teams
        self.token = token
    }
}

/// The token that was presented.
public struct MyTokenBody: Codable, Hashable, Sendable {
    public let id: Int64
    public let name: String
    public let expiration: String?
    public let created: String
    public let type: String

    public init(id: Int64, name: String, expiration: String?, created: String, type: String) {
        self.id = id
        self.name = name
        self.expiration = expiration
        self.created = created
        self.type = type
    }
}
