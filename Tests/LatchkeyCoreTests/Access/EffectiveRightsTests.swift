import LatchkeyCore
import Testing

@Suite("Effective rights")
struct EffectiveRightsTests {
    private let now = Given.now
    private let everyone = Given.team(1, Team.publicName)

    private func team(_ id: Int64, _ name: String, _ permission: TeamPermission) -> Team {
        var team = Given.team(id, name)
        team.permission = permission
        return team
    }

    private func resource(_ id: Int64, _ name: String) -> Resource {
        Resource(
            id: ID(id), kind: "datastore", name: name, externalID: nil, description: "", createdAt: now,
            createdBy: nil)
    }

    private func grants(_ rights: EffectiveRights, _ permission: Permission) -> EffectiveRights.Ground? {
        rights.rights.first { $0.permission == permission }?.ground
    }

    @Test("say what the doors say, for every role, narrowing and permission", arguments: Role.allCases)
    func agreeWithTheDoors(role: Role) {
        let narrowings =
            [Narrowing.none] + Role.allCases.map { Narrowing(role: $0) }
            + [
                Narrowing(actions: []), Narrowing(teams: []), Narrowing(teams: [everyone.id]),
                Narrowing(role: .manager, actions: ["users:read", "activity:read"]),
            ]
        for narrowing in narrowings {
            let user = Given.serviceUser(role: role)
            let token = Given.token(owner: user, narrowing: narrowing)
            let holder = RightsHolder(user, token: token, at: now)
            let rights = holder.rights(teams: [everyone], grants: [], total: 0)
            let caller = Given.caller(min(role, narrowing.role ?? role), narrowing: narrowing)
            for right in rights.rights {
                #expect(
                    right.isGranted == caller.isAllowed(right.permission), "\(role) \(narrowing) \(right.permission)")
            }
            #expect(rights.rights.count == Permission.allCases.count)
        }
    }

    @Test("say which role, limit or state is in the way")
    func grounds() {
        let member = RightsHolder(Given.serviceUser(role: .member), at: now).rights(teams: [], grants: [], total: 0)
        #expect(grants(member, .readResources) == .role(.member))
        #expect(grants(member, .manageUsers) == .accountBelow(.admin))

        let admin = Given.person()
        let narrowed = Given.token(owner: admin, narrowing: Narrowing(role: .manager, actions: ["users:read"]))
        let rights = RightsHolder(admin, token: narrowed, at: now).rights(teams: [], grants: [], total: 0)
        #expect(rights.role == .manager)
        #expect(rights.accountRole == .admin)
        #expect(grants(rights, .manageUsers) == .tokenBelow(.admin))
        #expect(grants(rights, .readTeams) == .tokenActions)
        #expect(grants(rights, .readUsers) == .role(.manager))
    }

    @Test("are none where nothing works, and say why")
    func obstacles() {
        let user = Given.serviceUser(role: .admin)
        let gone = Given.serviceUser(role: .admin, deactivatedAt: now)
        let revoked = Given.token(
            owner: user, revocation: Revocation(at: now, by: nil, reason: .compromised))
        let cases: [(RightsHolder, EffectiveRights.Obstacle)] = [
            (RightsHolder(gone, at: now), .userDeactivated),
            (RightsHolder(gone, token: revoked, at: now), .userDeactivated),
            (RightsHolder(user, token: revoked, at: now), .tokenRevoked),
            (RightsHolder(user, token: Given.token(owner: user, expiresAt: now), at: now), .tokenExpired),
        ]
        for (holder, obstacle) in cases {
            let grant = ResourceGrant(resource: resource(1, "Sales"), teams: [everyone.id])
            let rights = holder.rights(teams: [everyone], grants: [grant], total: 1)
            #expect(rights.obstacle == obstacle)
            #expect(rights.rights.allSatisfy { !$0.isGranted && $0.ground == .obstacle(obstacle) })
            #expect(rights.resources == .some([], total: 0))
            #expect(!rights.listsAllResources)
        }
    }

    @Test("take the highest level over all teams, and name the teams")
    func resources() {
        let (viewers, authors) = (team(2, "Analysts", .viewer), team(3, "Stewards", .author))
        let grants = [
            ResourceGrant(resource: resource(1, "Sales"), teams: [viewers.id, authors.id]),
            ResourceGrant(resource: resource(2, "Stock"), teams: [viewers.id]),
        ]
        let holder = RightsHolder(Given.serviceUser(role: .editor), at: now)
        let rights = holder.rights(teams: [everyone, viewers, authors], grants: grants, total: 2)
        guard case .some(let found, total: 2) = rights.resources else {
            Issue.record("\(rights.resources)")
            return
        }
        #expect(found.map(\.level) == [.author, .viewer])
        #expect(found.first?.teams.map(\.name) == ["Stewards", "Analysts"])
        #expect(!rights.listsAllResources)
    }

    @Test("know no team limits for an Admin, unless the token is limited to teams")
    func admins() {
        let admin = Given.person()
        let free = RightsHolder(admin, at: now).rights(teams: [everyone], grants: [], total: 0)
        #expect(free.resources == .everything)
        #expect(free.listsAllResources)
        let (one, other) = (team(2, "One", .viewer), team(3, "Other", .editor))
        let token = Given.token(owner: admin, narrowing: Narrowing(teams: [one.id]))
        let holder = RightsHolder(admin, token: token, at: now)
        #expect(holder.counting([everyone, one, other]) == [one])
        let grant = ResourceGrant(resource: resource(1, "Sales"), teams: [one.id, other.id])
        let rights = holder.rights(teams: [everyone, one, other], grants: [grant], total: 1)
        guard case .some(let found, _) = rights.resources else {
            Issue.record("\(rights.resources)")
            return
        }
        #expect(found.map(\.level) == [.viewer])
        #expect(!rights.listsAllResources)
    }

    @Test("of a team's level include those of the levels below")
    func levels() {
        for (lower, higher) in zip(TeamPermission.allCases, TeamPermission.allCases.dropFirst()) {
            let opened = TeamGrant.all.filter(lower.opens)
            #expect(opened.allSatisfy(higher.opens))
            #expect(opened.count < TeamGrant.all.filter(higher.opens).count, "\(higher) opens more than \(lower)")
        }
        #expect(TeamGrant.all.allSatisfy(TeamPermission.editor.opens))
    }
}
