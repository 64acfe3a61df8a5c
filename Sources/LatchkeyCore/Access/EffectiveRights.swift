/// What an account, or one token of it, may do at a moment, and what says so.
///
/// It asks the same table and the same narrowing as ``Caller/require(_:)``; a test holds one against the other, so
/// that a page never promises what a door refuses.
public struct EffectiveRights: Hashable, Sendable {
    /// The lower of the account's role and the token's.
    public let role: Role
    public let accountRole: Role
    /// One for each permission there is, in the table's order.
    public let rights: [Right]
    /// What its teams open.
    public let resources: ResourceReach
    /// Whether all resources are listed by name, whoever's they are.
    public let listsAllResources: Bool
    /// The teams that count, `Public` first.
    public let teams: [Team]
    /// The only addresses from which the token works; `nil` for any.
    public let addresses: [AddressBlock]?
    /// Why nothing works at all.
    public let obstacle: Obstacle?

    public struct Right: Hashable, Sendable {
        public let permission: Permission
        public let ground: Ground

        public var isGranted: Bool {
            if case .role = ground { return true }
            return false
        }
    }

    /// What grants a right, or keeps it away.
    public enum Ground: Hashable, Sendable {
        /// The role that it acts in includes this.
        case role(Role)
        /// Needs this role, and the account's is lower.
        case accountBelow(Role)
        /// Needs this role, which the account has and the token does not.
        case tokenBelow(Role)
        /// The token is limited to actions of which this is none.
        case tokenActions
        /// The token is limited to some teams, and this reaches all of them.
        case tokenTeams
        case obstacle(Obstacle)
    }

    public enum Obstacle: Hashable, Sendable {
        case userDeactivated, tokenRevoked, tokenExpired, tokenDeleted
        /// Opens the SCIM endpoints and nothing else.
        case scimOnly
    }

    public enum ResourceReach: Hashable, Sendable {
        /// Admins are not subject to team permissions.
        case everything
        /// The first so many by name, of so many in all.
        case some([ResourceRight], total: Int)
    }
}

/// How much of one resource is open, and which teams say so.
public struct ResourceRight: Hashable, Sendable {
    public let resource: Resource
    /// The highest level over all teams wins.
    public let level: TeamPermission
    /// The teams that open the resource, the highest level first.
    public let teams: [Team]
}

/// A resource with those teams, of the ones that were asked for, to which it is open.
public struct ResourceGrant: Hashable, Sendable {
    public let resource: Resource
    public let teams: Set<ID<Team>>

    public init(resource: Resource, teams: Set<ID<Team>>) {
        self.resource = resource
        self.teams = teams
    }
}
