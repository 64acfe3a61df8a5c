/// How much of its resources a team opens to its members.
public enum TeamPermission: String, Hashable, Sendable, CaseIterable, Comparable {
    case reporter = "Reporter"
    case viewer = "Viewer"
    case drafter = "Drafter"
    case author = "Author"
    case editor = "Editor"

    public var rank: Int {
        switch self {
        case .reporter: 0
        case .viewer: 1
        case .drafter: 2
        case .author: 3
        case .editor: 4
        }
    }

    public static func < (left: TeamPermission, right: TeamPermission) -> Bool {
        left.rank < right.rank
    }
}

/// A set of users with one permission level over a set of resources.
public struct Team: Hashable, Sendable {
    public static let publicName = "Public"

    public let id: ID<Team>
    public var name: String
    public var description: String
    public var permission: TeamPermission
    /// Whether this is `Public`, which holds everyone, always.
    public let isPublic: Bool
    public let createdAt: Timestamp
    public let createdBy: ID<User>?
    public var version: Int64

    public init(
        id: ID<Team>, name: String, description: String, permission: TeamPermission, isPublic: Bool = false,
        createdAt: Timestamp, createdBy: ID<User>?, version: Int64 = 1
    ) {
        self.id = id
        self.name = name
        self.description = description
        self.permission = permission
        self.isPublic = isPublic
        self.createdAt = createdAt
        self.createdBy = createdBy
        self.version = version
    }
}

/// A team with whom it holds and what it opens, by id. `Public` lists no members: it holds everyone.
public struct TeamSummary: Hashable, Sendable {
    public let team: Team
    public let users: [ID<User>]
    public let resources: [ID<Resource>]
    public let createdBy: UserReference?

    public init(team: Team, users: [ID<User>], resources: [ID<Resource>], createdBy: UserReference?) {
        self.team = team
        self.users = users
        self.resources = resources
        self.createdBy = createdBy
    }
}

/// Which teams a list shows.
public struct TeamFilter: Hashable, Sendable {
    /// A part of the name, compared folded.
    public var name: String?
    public var sorting: Sorting<Column>

    public enum Column: String, Hashable, Sendable, CaseIterable {
        case name, created
    }

    public init(name: String? = nil, sorting: Sorting<Column> = Sorting(.name)) {
        self.name = name
        self.sorting = sorting
    }
}
