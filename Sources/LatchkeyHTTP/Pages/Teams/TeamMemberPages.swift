import LatchkeyApp
import LatchkeyCore

/// The small forms of a team's page: somebody joins or leaves, a resource is opened or closed. Each says on which state
/// of the team it is based, so that of two people at once the second is told.
struct TeamMemberPages: Sendable {
    let app: App

    static let suggestions = "\(TeamListPage.path)/people"
    private static let mostSuggested = 8

    var endpoints: [PageEndpoint] {
        let access = PageEndpoint.Access.needs(.manageTeams)
        let path = "\(TeamListPage.path)/{id}"
        return [
            .get(Self.suggestions, .needs(.readUsers), suggest),
            .post("\(path)/members", access) { visit in try await change(visit) { try await add($0, $1) } }.refilled,
            .post("\(path)/members/remove", access) { visit in try await change(visit) { remove($0, $1) } },
            .post("\(path)/resources", access) { visit in try await change(visit) { try await open($0, $1) } }.refilled,
            .post("\(path)/resources/remove", access) { visit in try await change(visit) { close($0, $1) } },
        ]
    }

    private func change(
        _ visit: Visit, _ edit: (Visit, TeamSummary) async throws -> TeamEdit
    ) async throws -> PageReply {
        try await visit.answer {
            let summary = try await app.findTeam(visit.id("team"), as: visit.caller)
            var edit = try await edit(visit, summary)
            edit.version = Int64(visit.form.text("version")) ?? 0
            let team = try await app.updateTeam(summary.team.id, edit, as: visit.caller).team
            return .redirect(to: team.path, saying: .said(.teamUpdated))
        } orAgain: { form in
            try await TeamPage(app: app).page(visit, form)
        }
    }

    private func add(_ visit: Visit, _ team: TeamSummary) async throws -> TeamEdit {
        let missing = Refusal.invalid("/user_id", "There is nobody of this mail address or user_id.")
        guard let handle = visit.form.given("user_id") else { throw missing }
        do {
            let user = try await app.findUser(handle: handle, as: visit.caller).user
            return TeamEdit(users: team.users + [user.id])
        } catch Refusal.notFound {
            throw missing
        }
    }

    private func remove(_ visit: Visit, _ team: TeamSummary) -> TeamEdit {
        let gone: ID<User>? = visit.form.id("user")
        return TeamEdit(users: team.users.filter { $0 != gone })
    }

    /// A resource of this name is opened; one that is not there yet is made first.
    private func open(_ visit: Visit, _ team: TeamSummary) async throws -> TeamEdit {
        guard let name = visit.form.given("resource") else { throw Refusal.invalid("/resource", "must not be empty") }
        let kind = visit.form.text("kind").trimmed
        let found = try await app.findResource(kind: kind, name: name, as: visit.caller)
        let resource: Resource
        if let found {
            resource = found
        } else {
            guard team.team.version == Int64(visit.form.text("version")) else { return TeamEdit() }
            resource = try await app.createResource(ResourceEdit(kind: kind, name: name), as: visit.caller)
        }
        return TeamEdit(resources: team.resources + [resource.id])
    }

    private func close(_ visit: Visit, _ team: TeamSummary) -> TeamEdit {
        let gone: ID<Resource>? = visit.form.id("resource_id")
        return TeamEdit(resources: team.resources.filter { $0 != gone })
    }

    @Sendable
    private func suggest(_ visit: Visit) async throws -> PageReply {
        var filter = UserFilter(sorting: Sorting(.name))
        filter.text = visit.query.given("value")
        let users = try await app.listUsers(filter, PageRequest(size: Self.mostSuggested), as: visit.caller)
        return .fragment("user/people", SuggestedUsers(users.items))
    }
}

/// For the list below a field in which somebody's `user_id` is typed, and the template `user/people`.
struct SuggestedUsers: View {
    let people: [SuggestedUser]

    init(_ users: [UserSummary]) {
        people = users.map { SuggestedUser(value: $0.user.handle, label: $0.user.name) }
    }
}

struct SuggestedUser: View {
    let value: String
    let label: String
}
