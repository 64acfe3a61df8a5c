import HTTPTypes
import LatchkeyAPI
import LatchkeyApp
import LatchkeyCore

/// `/teams`.
struct TeamRoutes: Sendable {
    let app: App
    let render: Rendering

    var endpoints: [Endpoint] {
        [
            Endpoint(
                method: .get, path: "/teams", operation: "listTeams", summary: "Teams, page by page.",
                access: .needs(.readTeams), query: Self.filters + QueryParameter.page,
                success: .ok(.page(of: .team)), handler: list),
            Endpoint(
                method: .get, path: "/teams/listing", operation: "listTeamStubs",
                summary: "All teams in one flat list.", access: .needs(.listTeams), query: Self.stubFilters,
                success: .ok(.list(.object(.teamStub))), handler: listStubs),
            Endpoint(
                method: .get, path: "/teams/{id}", operation: "findTeam", summary: "One team.",
                access: .needs(.readTeams), success: .ok(.object(.team)), handler: find),
            Endpoint(
                method: .post, path: "/teams", operation: "createTeam", summary: "Makes a team.",
                access: .needs(.manageTeams), body: .required(.newTeam), success: .created(.object(.team)),
                handler: create),
            Endpoint(
                method: .put, path: "/teams/{id}", operation: "updateTeam",
                summary: "Changes a team; what is left out stays.", access: .needs(.manageTeams),
                body: .required(.teamEdit), success: .ok(.object(.team)), handler: update),
            Endpoint(
                method: .delete, path: "/teams/{id}", operation: "deleteTeam", summary: "Deletes a team.",
                access: .needs(.manageTeams), handler: delete),
            Endpoint(
                method: .get, path: "/teams/{id}/history", operation: "listTeamHistory",
                summary: "Every change of a team, oldest first.", access: .needs(.readTeams),
                query: QueryParameter.page, success: .ok(.page(of: .history)), handler: listHistory),
        ]
    }

    private static let directions = ["asc", "desc"]
    private static let filters = [
        QueryParameter("name", .text, "A part of the name, whatever its case."),
        QueryParameter("sort_name", .word(directions), "In the order of names."),
        QueryParameter("sort_created", .word(directions), "In the order of creation."),
    ]
    private static let stubFilters = [
        QueryParameter("users", .ids, "Teams that one of these users is in."),
        QueryParameter("permission", .word(TeamPermission.allCases.map(\.rawValue)), "One level only."),
    ]
}

// Reading.
extension TeamRoutes {
    @Sendable
    private func list(_ call: Call) async throws -> Reply {
        let filter = TeamFilter(name: call.query.text("name"), sorting: sorting(call.query))
        return try .ok(render.page(await app.listTeams(filter, call.query.page, as: call.caller), render.team))
    }

    private func sorting(_ query: Query) -> Sorting<TeamFilter.Column> {
        if let direction = query.text("sort_created") { return Sorting(.created, descending: direction == "desc") }
        return Sorting(.name, descending: query.text("sort_name") == "desc")
    }

    @Sendable
    private func listStubs(_ call: Call) async throws -> Reply {
        let teams = try await app.listTeamStubs(
            users: call.query.ids("users"), permission: call.query.value("permission"), as: call.caller)
        return try .ok(teams.map(render.stub))
    }

    @Sendable
    private func find(_ call: Call) async throws -> Reply {
        try .ok(render.team(await app.findTeam(call.id("team"), as: call.caller)))
    }

    @Sendable
    private func listHistory(_ call: Call) async throws -> Reply {
        let events = try await app.teamHistory(call.id("team"), as: call.caller)
        return try .ok(render.historyPage(events, call.query.page))
    }
}

// Changing.
extension TeamRoutes {
    @Sendable
    private func create(_ call: Call) async throws -> Reply {
        let edit = try edit(call)
        return try await call.answer { keeping in
            try await app.createTeam(edit, as: call.caller, keeping: keeping)
        } rendering: { [render] summary in
            try .created(render.team(summary), at: "\(call.rootPath)/teams/\(summary.team.id)")
        }
    }

    @Sendable
    private func update(_ call: Call) async throws -> Reply {
        try .ok(render.team(await app.updateTeam(call.id("team"), edit(call), as: call.caller)))
    }

    @Sendable
    private func delete(_ call: Call) async throws -> Reply {
        try await app.deleteTeam(call.id("team"), as: call.caller)
        return .noContent
    }

    private func edit(_ call: Call) throws -> TeamEdit {
        let body = try call.decoded(TeamEditBody.self)
        guard body.resourceIDs == nil || body.datastoreIDs == nil else {
            throw Refusal.invalid("/datastore_ids", "does not go together with resource_ids: it is the same list")
        }
        return TeamEdit(
            name: body.name, description: body.description,
            permission: try body.permission.map { word throws(Refusal) in try word.choice(at: "/permission") },
            users: body.userIDs?.map { ID($0) },
            resources: (body.resourceIDs ?? body.datastoreIDs)?.map { ID($0) })
    }
}
