import HTTPTypes
import LatchkeyAPI
import LatchkeyApp
import LatchkeyCore

/// `/users`: people and service users.
struct UserRoutes: Sendable {
    let app: App
    let render: Rendering

    var endpoints: [Endpoint] { reading + changing }

    private var reading: [Endpoint] {
        [
            Endpoint(
                method: .get, path: "/users/me", operation: "findMe", summary: "Who this token speaks for.",
                access: .anyToken, success: .ok(.object(.me)), handler: findMe),
            Endpoint(
                method: .get, path: "/users", operation: "listUsers", summary: "Users, page by page.",
                access: .needs(.readUsers), query: Self.filters + QueryParameter.page,
                success: .ok(.page(of: .user)), handler: list),
            Endpoint(
                method: .get, path: "/users/listing", operation: "listUserStubs",
                summary: "All active users in one flat list.", access: .needs(.readUsers), query: [Self.type],
                success: .ok(.list(.object(.userStub))), handler: listStubs),
            Endpoint(
                method: .get, path: "/users/{id}", operation: "findUser", summary: "One user.",
                access: .needs(.readUsers), success: .ok(.object(.user)), handler: find),
            Endpoint(
                method: .get, path: "/users/{id}/history", operation: "listUserHistory",
                summary: "Every change of a user, oldest first.", access: .needs(.readUsers),
                query: QueryParameter.page, success: .ok(.page(of: .history)), handler: listHistory),
        ]
    }

    private var changing: [Endpoint] {
        [
            Endpoint(
                method: .post, path: "/users", operation: "createServiceUser", summary: "Makes a service user.",
                access: .needs(.manageUsers), body: .required(.newUser), success: .created(.object(.user)),
                handler: create),
            Endpoint(
                method: .put, path: "/users/{id}", operation: "updateUser",
                summary: "Changes a user; what is left out stays.", access: .needs(.manageUsers),
                body: .required(.userEdit), success: .ok(.object(.user)), handler: update),
            Endpoint(
                method: .delete, path: "/users/{id}", operation: "deactivateUser", summary: "Deactivates a user.",
                access: .needs(.manageUsers), query: [Self.revokeTokens], handler: deactivate),
            Endpoint(
                method: .post, path: "/users/{id}/restore", operation: "restoreUser",
                summary: "Activates a user again; revoked tokens stay revoked.", access: .needs(.manageUsers),
                body: .optional(.empty), success: .ok(.object(.user)), handler: restore),
            Endpoint(
                method: .post, path: "/users/{id}/revoke-tokens", operation: "revokeUserTokens",
                summary: "Revokes all active tokens of a user at once.", access: .needs(.manageTokens),
                body: .optional(.revokeTokens), success: .ok(.object(.revokedTokens)), handler: revokeTokens),
        ]
    }

    private static let type = QueryParameter(
        "type", .word(UserType.allCases.map(\.rawValue)), "People or service users only.")
    private static let revokeTokens = QueryParameter(
        "revoke_tokens", .flag, "Revokes a service user's active tokens along with it.")
    private static let filters = [
        type,
        QueryParameter("name", .text, "A part of the name, whatever its case."),
        QueryParameter("text", .text, "A part of the name or of the user_id, whatever its case."),
        QueryParameter("role", .word(Role.allCases.map(\.rawValue)), "One role only."),
        QueryParameter("team", .text, "Members of the team of this name."),
        QueryParameter("include_deleted", .flag, "Deactivated users too."),
        QueryParameter("sort", .word(UserFilter.Column.allCases.map(\.rawValue)), "The order."),
        QueryParameter.direction,
    ]
}

// Reading.
extension UserRoutes {
    @Sendable
    private func findMe(_ call: Call) async throws -> Reply {
        guard let bearer = call.bearer else { throw Refusal.unauthenticated(credentialSent: false) }
        return Reply(status: .ok, bytes: render.me(bearer).jsonBytes)
    }

    @Sendable
    private func list(_ call: Call) async throws -> Reply {
        let query = call.query
        var filter = UserFilter(
            type: query.value("type"), name: query.text("name"), role: query.value("role"),
            team: query.text("team"), includeDeleted: query.flag("include_deleted") ?? false,
            sorting: Sorting(
                query.value("sort") ?? UserFilter.Column.created, descending: query.text("sort_dir") == "desc"))
        filter.text = query.text("text")
        return try .ok(render.page(await app.listUsers(filter, query.page, as: call.caller), render.user))
    }

    @Sendable
    private func listStubs(_ call: Call) async throws -> Reply {
        try .ok(await app.listUserStubs(call.query.value("type"), as: call.caller).map(render.stub))
    }

    @Sendable
    private func find(_ call: Call) async throws -> Reply {
        try .ok(render.user(await app.findUser(call.id("user"), as: call.caller)))
    }

    @Sendable
    private func listHistory(_ call: Call) async throws -> Reply {
        let events = try await app.userHistory(call.id("user"), as: call.caller)
        return try .ok(render.historyPage(events, call.query.page))
    }
}

// Changing.
extension UserRoutes {
    @Sendable
    private func create(_ call: Call) async throws -> Reply {
        let body = try call.decoded(NewUserBody.self)
        let request = NewServiceUser(
            name: body.name, role: try body.role.choice(at: "/role"), teams: body.teams ?? [],
            purpose: body.purpose.given, owner: body.ownerID.given.map { ID($0) })
        return try await call.answer { keeping in
            try await app.createServiceUser(request, as: call.caller, keeping: keeping)
        } rendering: { [render] summary in
            try .created(render.user(summary), at: "\(call.rootPath)/users/\(summary.user.id)")
        }
    }

    @Sendable
    private func update(_ call: Call) async throws -> Reply {
        let body = try call.decoded(UserEditBody.self)
        let edit = UserEditRequest(
            name: body.name, role: try body.role.map { word throws(Refusal) in try word.choice(at: "/role") },
            teams: body.teams, purpose: body.purpose.change,
            owner: body.ownerID.change.map { owner in owner.map { ID($0) } })
        return try .ok(render.user(await app.updateUser(call.id("user"), edit, as: call.caller)))
    }

    @Sendable
    private func deactivate(_ call: Call) async throws -> Reply {
        let revokingTokens = call.query.flag("revoke_tokens") ?? false
        try await app.deactivateUser(call.id("user"), revokingTokens: revokingTokens, as: call.caller)
        return .noContent
    }

    @Sendable
    private func restore(_ call: Call) async throws -> Reply {
        _ = try call.decoded(EmptyBody.self)
        return try await call.answer { keeping in
            try await app.restoreUser(call.id("user"), as: call.caller, keeping: keeping)
        } rendering: { [render] summary in
            try .ok(render.user(summary))
        }
    }

    @Sendable
    private func revokeTokens(_ call: Call) async throws -> Reply {
        let body = try call.decoded(RevokeTokensBody.self)
        let reason: RevocationReason? = try body.reason.map { word throws(Refusal) in try word.choice(at: "/reason") }
        return try await call.answer { keeping in
            try await app.revokeTokens(of: call.id("user"), reason: reason, as: call.caller, keeping: keeping)
        } rendering: { count in
            try .ok(RevokedTokensBody(revoked: count))
        }
    }
}
