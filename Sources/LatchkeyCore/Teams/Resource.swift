/// Something that teams have access to: a kind and a name, unique together.
public struct Resource: Hashable, Sendable {
    /// The kind of the data platform's datastores.
    public static let datastore = "datastore"

    public let id: ID<Resource>
    public var kind: String
    public var name: String
    /// The name of the same thing in the system that holds it.
    public var externalID: String?
    public var description: String
    public let createdAt: Timestamp
    public let createdBy: ID<User>?
    public var version: Int64

    public init(
        id: ID<Resource>, kind: String, name: String, externalID: String?, description: String,
        createdAt: Timestamp, createdBy: ID<User>?, version: Int64 = 1
    ) {
        self.id = id
        self.kind = kind
        self.name = name
        self.externalID = externalID
        self.description = description
        self.createdAt = createdAt
        self.createdBy = createdBy
        self.version = version
    }
}

extension Resource {
    /// Whether policies mean the same thing by both.
    public func isNamed(like other: Resource) -> Bool {
        kind == other.kind && name == other.name && externalID == other.externalID
    }
}

/// A resource with the teams that open it.
public struct GrantedResource: Hashable, Sendable {
    public let resource: Resource
    public let teams: [ID<Team>]

    public init(resource: Resource, teams: [ID<Team>]) {
        self.resource = resource
        self.teams = teams
    }
}

/// Which resources a list shows.
public struct ResourceFilter: Hashable, Sendable {
    public var kind: String?
    /// A part of the name, compared folded.
    public var name: String?
    /// Only what these teams open; `nil` for all.
    public var grantedTo: Set<ID<Team>>?

    public init(kind: String? = nil, name: String? = nil, grantedTo: Set<ID<Team>>? = nil) {
        self.kind = kind
        self.name = name
        self.grantedTo = grantedTo
    }
}
