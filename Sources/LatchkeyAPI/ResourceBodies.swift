/// Something that teams have access to.
public struct ResourceBody: Codable, Hashable, Sendable {
    public let id: Int64
    public let kind: String
    public let name: String
    public let externalID: String?
    public let description: String
    public let created: String

    enum CodingKeys: String, CodingKey {
        case id, kind, name
        case externalID = "external_id"
        case description, created
    }

    public init(id: Int64, kind: String, name: String, externalID: String?, description: String, created: String) {
        self.id = id
        self.kind = kind
        self.name = name
        self.externalID = externalID
        self.description = description
        self.created = created
    }
}

/// A resource to be made or changed; what is left out stays.
public struct ResourceEditBody: Codable, Hashable, Sendable {
    public let kind: String?
    public let name: String?
    public let externalID: Maybe<String>
    public let description: String?

    enum CodingKeys: String, CodingKey {
        case kind, name
        case externalID = "external_id"
        case description
    }
}
