/// What answers here.
public struct RootBody: Codable, Hashable, Sendable {
    public let name: String
    public let version: String

    public init(name: String, version: String) {
        self.name = name
        self.version = version
    }
}

/// One word for each part of the instance.
public struct StatusBody: Codable, Hashable, Sendable {
    public let status: String
    public let databaseConnection: String
    public let tokenIndex: String
    public let policy: String

    enum CodingKeys: String, CodingKey {
        case status
        case databaseConnection = "database_connection"
        case tokenIndex = "token_index"
        case policy
    }

    public init(status: String, databaseConnection: String, tokenIndex: String, policy: String) {
        self.status = status
        self.databaseConnection = databaseConnection
        self.tokenIndex = tokenIndex
        self.policy = policy
    }
}

/// What a client wants to know first.
public struct BootstrapBody: Codable, Hashable, Sendable {
    public let currentUser: MeBody

    enum CodingKeys: String, CodingKey {
        case currentUser = "current_user"
    }

    public init(currentUser: MeBody) {
        self.currentUser = currentUser
    }
}

/// A request body that has no fields.
public struct EmptyBody: Codable, Hashable, Sendable {
    private enum CodingKeys: CodingKey {}

    public init(from decoder: any Decoder) throws {
        _ = try decoder.container(keyedBy: CodingKeys.self)
    }

    public func encode(to encoder: any Encoder) throws {
        _ = encoder.container(keyedBy: CodingKeys.self)
    }
}
