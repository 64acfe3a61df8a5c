/// Whether an account belongs to a person or to automation.
public enum UserType: String, Hashable, Sendable, CaseIterable {
    case human = "Human"
    case service = "Service"
}

/// An account: a person, or a service user that no person logs in as.
public struct User: Hashable, Sendable {
    public let id: ID<User>
    public let type: UserType
    /// The `user_id` string: `pipeline_automation@service`. Given once; never changes and is never used again.
    public let handle: String
    public var userName: String
    /// `nil` for a service user, whose address is a setting of the instance.
    public var email: String?
    public var name: String
    public var role: Role
    public var purpose: String?
    public var owner: ID<User>?
    public let createdAt: Timestamp
    public let createdBy: ID<User>?
    public var deactivatedAt: Timestamp?
    public var lastLogin: Timestamp?
    /// An Admin made at the machine itself, which no directory may touch.
    public let isBreakGlass: Bool
    /// Counts the changes of this row, from 1.
    public var version: Int64

    public init(
        id: ID<User>, type: UserType, handle: String, userName: String, email: String?, name: String, role: Role,
        purpose: String? = nil, owner: ID<User>? = nil, createdAt: Timestamp, createdBy: ID<User>?,
        deactivatedAt: Timestamp? = nil, lastLogin: Timestamp? = nil, isBreakGlass: Bool = false, version: Int64 = 1
    ) {
        self.id = id
        self.type = type
        self.handle = handle
        self.userName = userName
        self.email = email
        self.name = name
        self.role = role
        self.purpose = purpose
        self.owner = owner
        self.createdAt = createdAt
        self.createdBy = createdBy
        self.deactivatedAt = deactivatedAt
        self.lastLogin = lastLogin
        self.isBreakGlass = isBreakGlass
        self.version = version
    }

    public var isActive: Bool { deactivatedAt == nil }
}

/// A user as others mention it.
public struct UserReference: Hashable, Sendable {
    public let id: ID<User>
    public let handle: String
    public let userName: String
    public let name: String
    public let type: UserType
    public let email: String?

    public init(id: ID<User>, handle: String, userName: String, name: String, type: UserType, email: String?) {
        self.id = id
        self.handle = handle
        self.userName = userName
        self.name = name
        self.type = type
        self.email = email
    }
}

/// A user with what lists and pages show beside it.
public struct UserSummary: Hashable, Sendable {
    public let user: User
    /// `Public` first, then by name.
    public let teams: [String]
    public let lastUsed: Timestamp?
    public let owner: UserReference?
    public let createdBy: UserReference?
    public let activeTokens: Int

    public init(
        user: User, teams: [String], lastUsed: Timestamp?, owner: UserReference?, createdBy: UserReference?,
        activeTokens: Int
    ) {
        self.user = user
        self.teams = teams
        self.lastUsed = lastUsed
        self.owner = owner
        self.createdBy = createdBy
        self.activeTokens = activeTokens
    }
}

/// Which users a list shows. Several conditions hold together.
public struct UserFilter: Hashable, Sendable {
    public var type: UserType?
    /// A part of the name, compared folded.
    public var name: String?
    /// A part of the name or of the `user_id`, which is a person's mail address.
    public var text: String?
    public var role: Role?
    /// A team by its exact name.
    public var team: String?
    public var includeDeleted: Bool
    /// Nobody answers for it: nobody is named, or somebody who has left.
    public var lacksOwner = false
    /// Whoever answered for it was deactivated.
    public var isOrphaned = false
    public var lacksPurpose = false
    public var sorting: Sorting<Column>

    public enum Column: String, Hashable, Sendable, CaseIterable {
        case name, created, role, teams, type
        case lastLogin = "last_login"
        case lastUsed = "last_used"
    }

    public init(
        type: UserType? = nil, name: String? = nil, role: Role? = nil, team: String? = nil,
        includeDeleted: Bool = false, sorting: Sorting<Column> = Sorting(.created)
    ) {
        self.type = type
        self.name = name
        self.role = role
        self.team = team
        self.includeDeleted = includeDeleted
        self.sorting = sorting
    }
}
