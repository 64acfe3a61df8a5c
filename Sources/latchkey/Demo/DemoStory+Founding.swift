import LatchkeyApp
import LatchkeyCore

// The first day, and those on which accounts and tokens come into being.
extension DemoStory {
    mutating func found() async throws {
        try await settle()
        for name in DemoCast.resources {
            pause(1)
            let resource = try await app.createResource(
                ResourceEdit(kind: Resource.datastore, name: name), as: await anyAdmin())
            resources[name] = resource.id
        }
        for team in DemoCast.teams { try await form(team) }
        let everyone = try await app.listTeamStubs(users: [], permission: nil, as: await anyAdmin()).first {
            $0.isPublic
        }
        if let everyone {
            teams[everyone.name] = everyone.id
            let open = DemoCast.publicResources.compactMap { resources[$0] }
            _ = try await app.updateTeam(everyone.id, TeamEdit(resources: open), as: await anyAdmin())
        }
    }

    private mutating func form(_ team: DemoCast.Group) async throws {
        pause()
        let members = DemoCast.people.filter { $0.teams.contains(team.name) }.compactMap { people[$0.name] }
        let made = try await app.createTeam(
            TeamEdit(
                name: team.name, description: team.description, permission: team.permission, users: members,
                resources: team.resources.compactMap { resources[$0] }), as: await anyAdmin())
        teams[team.name] = made.team.id
    }

    mutating func hire(_ service: DemoCast.Service) async throws {
        let request = NewServiceUser(
            name: service.name, role: service.role, teams: service.teams, purpose: service.purpose,
            owner: service.owner.flatMap { people[$0] })
        services[service.name] = try await app.createServiceUser(request, as: await anyAdmin()).user.id
    }

    mutating func issue(_ part: DemoToken) async throws {
        let isPersonal = people[part.owner] != nil
        let request = NewToken(
            name: part.name, owner: isPersonal ? nil : services[part.owner], lifetime: part.life,
            isSCIMOnly: part.isSCIMOnly, limits: part.limits)
        let caller = isPersonal ? try await person(part.owner) : try await anyAdmin()
        let made = try await app.issueToken(request, as: caller)
        tokens.append(LiveToken(id: made.summary.token.id, secret: made.secret, part: part))
    }

    func id(of name: String) throws -> ID<User> {
        guard let id = people[name] ?? services[name] else {
            throw CommandFailure("the story has lost \(name)")
        }
        return id
    }
}
