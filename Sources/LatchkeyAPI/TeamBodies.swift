/// A team with whom it holds and what it opens. `Public` lists nobody: it holds everyone.
public struct TeamBody: Codable, Hashable, Sendable {
    public let id: Int64
    public let name: String
    public let description: String
    public let permission: String
    public let isPublic: Bool
    public let userIDs: [Int64]
    public let resourceIDs: [Int64]
    public let created: String
    public let createdBy: UserStub?

    enum CodingKeys: String, CodingKey {
        case id, name, description, permission
        case isPublic = "is_public"
        case userIDs = "user_ids"
        case resourceIDs = "resource_ids"
        case created
        case createdBy = "created_by"
    }

    public init(
        id: Int64, name: String, description: String, permission: String, isPublic: Bool, userIDs: [Int64],
        resourceIDs: [Int64], created: String, createdBy: UserStub?
    ) {
        self.id = id
        self.name = name
        self.description = description
        self.permission = permission
        self.isPublic = isPublic
        self.userIDs = userIDs
        self.resourceIDs = resourceIDs
        self.created = created
        self.createdBy = createdBy
    }
}

/// A team as the flat list shows it to everybody.
public struct TeamStub: Codable, Hashable, Sendable {
    public let id: Int64
    public let name: String
    public let permission: String

    public init(id: Int64, name: String, permission: String) {
        self.id = id
        self.name = name
        self.permission = permission
    }
}

/// A team to be made or changed; what is left out stays.
public struct TeamEditBody: Codable, Hashable, Sendable {
    public let name: String?
    public let description: String?
    public let permission: String?
    public let userIDs: [Int64]?
    public let resourceIDs: [Int64]?
    /// Another name for `resource_ids` that existing clients use.
    public let datastoreIDs: [Int64]?

    enum CodingKeys: String, CodingKey {
        case name, description, permission
        case userIDs = "user_ids"
        case resourceIDs = "resource_ids"
        case datastoreIDs = "datastore_ids"
    }
}
