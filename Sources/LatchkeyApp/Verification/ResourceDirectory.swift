import LatchkeyCore

/// Which teams open which resource. Not safe for concurrent use; ``TokenIndex`` guards it.
///
/// A resource is found by its `external_id` and by its name. Where several answer to one name, all of them must be
/// open: a resource that somebody names like another must not open the other.
struct ResourceDirectory {
    private var entries: [ID<Resource>: GrantedResource] = [:]
    private var byName: [PolicyResource: [ID<Resource>]] = [:]
    /// How many resources of a kind each team opens.
    private var ofKind: [String: [ID<Team>: Int]] = [:]

    mutating func set(_ granted: GrantedResource) {
        remove(granted.resource.id)
        entries[granted.resource.id] = granted
        for name in Self.names(granted.resource) { byName[name, default: []].append(granted.resource.id) }
        for team in granted.teams { ofKind[granted.resource.kind, default: [:]][team, default: 0] += 1 }
    }

    mutating func remove(_ id: ID<Resource>) {
        guard let old = entries.removeValue(forKey: id) else { return }
        for name in Self.names(old.resource) {
            byName[name]?.removeAll { $0 == id }
            if byName[name]?.isEmpty == true { byName[name] = nil }
        }
        for team in old.teams {
            let left = (ofKind[old.resource.kind]?[team] ?? 1) - 1
            ofKind[old.resource.kind]?[team] = left == 0 ? nil : left
        }
    }

    private static func names(_ resource: Resource) -> Set<PolicyResource> {
        Set(
            [resource.name, resource.externalID].compactMap { $0 }.map { PolicyResource(kind: resource.kind, name: $0) }
        )
    }

    /// - Parameter permission: the level of a team; `nil` for one that is gone.
    func level(
        on resource: PolicyResource, of teams: Set<ID<Team>>, permission: (ID<Team>) -> TeamPermission?
    ) -> TeamPermission? {
        guard resource.name != nil else {
            guard let openers = ofKind[resource.kind] else { return nil }
            return teams.lazy.filter { openers[$0] != nil }.compactMap(permission).max()
        }
        var lowest: TeamPermission?
        for id in byName[resource] ?? [] {
            let openers = entries[id]?.teams ?? []
            guard let level = openers.lazy.filter(teams.contains).compactMap(permission).max() else { return nil }
            lowest = min(lowest ?? level, level)
        }
        return lowest
    }
}
