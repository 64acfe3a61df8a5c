/// Whose rights are asked for: an account, or one token of it.
public struct RightsHolder: Hashable, Sendable {
    public let user: User
    public let token: Token?
    public let at: Timestamp

    public init(_ user: User, token: Token? = nil, at now: Timestamp) {
        self.user = user
        self.token = token
        at = now
    }

    private var narrowing: Narrowing { token?.narrowing ?? .none }

    public var role: Role { min(user.role, narrowing.role ?? user.role) }

    /// Those of the account's teams that the narrowing leaves.
    public func counting(_ teams: [Team]) -> [Team] {
        guard let left = narrowing.teams else { return teams }
        return teams.filter { left.contains($0.id) }
    }

    /// The account's own state comes first: it stops every token at once.
    public var obstacle: EffectiveRights.Obstacle? {
        guard user.isActive else { return .userDeactivated }
        guard let token else { return nil }
        switch token.standing(at: at) {
        case .active: return token.isSCIMOnly ? .scimOnly : nil
        case .revoked: return .tokenRevoked
        case .expired: return .tokenExpired
        case .deleted: return .tokenDeleted
        }
    }

    /// Whether team permissions do not bind it.
    public var isAboveTeams: Bool { role == .admin && narrowing.teams == nil && obstacle == nil }

    /// - Parameters:
    ///   - teams: all of the account's, `Public` included.
    ///   - grants: the first resources that ``counting(_:)`` opens, by name; none are needed above teams.
    ///   - total: how many resources there are in all.
    public func rights(teams: [Team], grants: [ResourceGrant], total: Int) -> EffectiveRights {
        let counting = counting(teams)
        let some = obstacle == nil ? grants.compactMap { ResourceRight($0, counting) } : []
        return EffectiveRights(
            role: role, accountRole: user.role,
            rights: Permission.allCases.map { EffectiveRights.Right(permission: $0, ground: ground(of: $0)) },
            resources: isAboveTeams ? .everything : .some(some, total: obstacle == nil ? total : 0),
            listsAllResources: role >= .manager && narrowing.teams == nil && obstacle == nil, teams: counting,
            addresses: narrowing.addresses, obstacle: obstacle)
    }

    private func ground(of permission: Permission) -> EffectiveRights.Ground {
        if let obstacle { return .obstacle(obstacle) }
        let needed = permission.lowestRole
        guard user.role >= needed else { return .accountBelow(needed) }
        guard role >= needed else { return .tokenBelow(needed) }
        guard narrowing.allows(action: permission.rawValue) else { return .tokenActions }
        guard narrowing.teams == nil || !permission.rulesOverTeams else { return .tokenTeams }
        return .role(role)
    }
}

extension ResourceRight {
    /// `nil` when none of these teams opens it.
    init?(_ grant: ResourceGrant, _ teams: [Team]) {
        let opening = teams.filter { grant.teams.contains($0.id) }
            .sorted { ($1.permission, $0.name.folded) < ($0.permission, $1.name.folded) }
        guard let highest = opening.first else { return nil }
        self.init(resource: grant.resource, level: highest.permission, teams: opening)
    }
}
