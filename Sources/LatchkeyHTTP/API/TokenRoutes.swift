import HTTPTypes
import LatchkeyAPI
import LatchkeyApp
import LatchkeyCore

/// `/user-tokens`: personal tokens and those of service users.
struct TokenRoutes: Sendable {
    let app: App
    let render: Rendering

    var endpoints: [Endpoint] { lists + changes + records }

    private var lists: [Endpoint] {
        [
            Endpoint(
                method: .get, path: "/user-tokens", operation: "listOwnTokens",
                summary: "The caller's own personal tokens.", access: .needs(.manageOwnTokens),
                query: Self.filters + QueryParameter.page, success: .ok(Self.list), handler: listOwn),
            Endpoint(
                method: .get, path: "/user-tokens/service", operation: "listServiceTokens",
                summary: "All tokens of service users.", access: .needs(.manageTokens),
                query: Self.filters + QueryParameter.page, success: .ok(Self.list), handler: listService),
            Endpoint(
                method: .get, path: "/user-tokens/{id}", operation: "findToken", summary: "One token.",
                access: .needs(.manageOwnTokens), success: .ok(.object(.token)), handler: find),
        ]
    }

    private var changes: [Endpoint] {
        [
            Endpoint(
                method: .post, path: "/user-tokens", operation: "issueToken",
                summary: "Makes a token; its value is shown this once.", access: .needs(.manageOwnTokens),
                body: .required(.newToken), success: .created(.object(.token)), handler: issue),
            Endpoint(
                method: .put, path: "/user-tokens/{id}", operation: "updateToken",
                summary: "Revokes, restores or renames a token.", access: .needs(.manageOwnTokens),
                body: .optional(.tokenEdit), success: .ok(.object(.token)), handler: update),
            Endpoint(
                method: .post, path: "/user-tokens/{id}/rotate", operation: "rotateToken",
                summary: "Makes a token's successor; its value is shown this once.",
                access: .needs(.manageOwnTokens), body: .optional(.rotationRequest), success: .created(.object(.token)),
                handler: rotate),
            Endpoint(
                method: .delete, path: "/user-tokens/{id}", operation: "deleteToken",
                summary: "Deletes a revoked or expired token.", access: .needs(.manageOwnTokens), handler: delete),
        ]
    }

    private var records: [Endpoint] {
        [
            Endpoint(
                method: .get, path: "/user-tokens/{id}/usage", operation: "listTokenUsage",
                summary: "What a token did, counted by hour or day.", access: .needs(.manageOwnTokens),
                query: Self.usageRange, success: .ok(.object(.usage)), handler: listUsage),
            Endpoint(
                method: .get, path: "/user-tokens/{id}/history", operation: "listTokenHistory",
                summary: "Every state a token was in, oldest first.", access: .needs(.manageOwnTokens),
                query: QueryParameter.page, success: .ok(.page(of: .history)), handler: listHistory),
        ]
    }

    private static let list = Schema.anyOf([.list(.object(.token)), .page(of: .token)])
    private static let filters = [
        QueryParameter("name", .text, "A part of the name, whatever its case."),
        QueryParameter("status", .word(["active", "revoked", "expired"]), "One state only."),
        QueryParameter("user_id", .integer(1...Int64.max), "Tokens of one user."),
        QueryParameter("scim", .flag, "SCIM tokens only, or none of them."),
        QueryParameter("expires_before", .time, "Tokens that end before this moment."),
        QueryParameter("unused_since", .time, "Tokens that were not used from this moment on."),
        QueryParameter("sort", .word(TokenFilter.Column.allCases.map(\.rawValue)), "The order."),
        QueryParameter.direction,
        QueryParameter("offset", .integer(0...Int64(Int32.max)), "Where the bare list begins; see the Link field."),
    ]
    private static let usageRange = [
        QueryParameter("from", .time, "From this moment on; 7 days ago if left out."),
        QueryParameter("until", .time, "Before this moment; now if left out."),
        QueryParameter("step", .word(UsageQuery.Step.allCases.map(\.rawValue)), "Counted by hour or day."),
    ]
}

// Reading.
extension TokenRoutes {
    @Sendable
    private func listOwn(_ call: Call) async throws -> Reply {
        try await list(.own, call)
    }

    @Sendable
    private func listService(_ call: Call) async throws -> Reply {
        try await list(.service, call)
    }

    /// A bare list unless a page is asked for: existing clients expect that.
    private func list(_ scope: TokenScope, _ call: Call) async throws -> Reply {
        let filter = filter(call.query)
        guard !call.query.has("page"), !call.query.has("size") else {
            guard !call.query.has("offset") else {
                throw Refusal.invalid("offset", "does not go together with page and size")
            }
            return try .ok(
                render.page(await app.listTokens(scope, filter, call.query.page, as: call.caller), render.token))
        }
        let offset = Int(call.query.integer("offset") ?? 0)
        let tokens = try await app.listTokens(
            scope, filter, limit: BareList.longest + 1, offset: offset, as: call.caller)
        var reply = try Reply.ok(tokens.prefix(BareList.longest).map(render.token))
        if tokens.count > BareList.longest {
            reply.fields.append(BareList.next(call.path, call.queryText, from: offset))
        }
        return reply
    }

    private func filter(_ query: Query) -> TokenFilter {
        let column: TokenFilter.Column = query.value("sort") ?? .created
        let descending = query.text("sort_dir").map { $0 == "desc" } ?? (column == .created)
        return TokenFilter(
            owner: query.integer("user_id").map { ID($0) }, name: query.text("name"),
            standing: query.value("status"), isSCIMOnly: query.flag("scim"),
            expiresBefore: query.time("expires_before"), unusedSince: query.time("unused_since"),
            sorting: Sorting(column, descending: descending), now: render.now())
    }

    @Sendable
    private func find(_ call: Call) async throws -> Reply {
        try .ok(render.token(await app.findToken(call.id("token"), as: call.caller)))
    }

    @Sendable
    private func listHistory(_ call: Call) async throws -> Reply {
        let events = try await app.tokenHistory(call.id("token"), as: call.caller)
        return try .ok(render.historyPage(events, call.query.page))
    }

    @Sendable
    private func listUsage(_ call: Call) async throws -> Reply {
        let until = call.query.time("until") ?? render.now() + .seconds(1)
        let from = call.query.time("from") ?? until - .days(7)
        guard from < until else { throw Refusal.invalid("from", "must be before until") }
        let query = UsageQuery(
            token: try call.id("token"), from: from, until: until, step: call.query.value("step") ?? .hour)
        return try .ok(render.usage(await app.tokenUsage(query, as: call.caller), query))
    }
}

// Changing.
extension TokenRoutes {
    @Sendable
    private func issue(_ call: Call) async throws -> Reply {
        let body = try call.decoded(NewTokenBody.self)
        let limits = NarrowingRequest(
            role: try body.role.given.map { word throws(Refusal) in try word.choice(at: "/role") },
            teams: body.teams.given, actions: body.actions.given, allowedCIDRs: body.allowedCIDRs.given)
        let request = NewToken(
            name: body.name, owner: body.userID.given.map { ID($0) },
            lifetime: Self.lifetime(body.expiresInDays) ?? .usual,
            isSCIMOnly: body.isSCIMOnly ?? false, limits: limits)
        return try await call.answer { keeping in
            try await app.issueToken(request, as: call.caller, keeping: keeping)
        } rendering: { [render] issued in
            try .created(render.issued(issued), at: Self.location(issued, call))
        }
    }

    @Sendable
    private func update(_ call: Call) async throws -> Reply {
        let body = try call.decoded(TokenEditBody.self)
        if body.reason != nil, body.revoke == false || (body.revoke == nil && body.name != nil) {
            throw Refusal.invalid("/reason", "goes with a revocation; add \"revoke\": true")
        }
        let edit = TokenEdit(
            revoke: body.revoke ?? (body.name == nil ? true : nil),
            reason: try body.reason.map { word throws(Refusal) in try word.choice(at: "/reason") },
            name: body.name, isForced: body.force ?? false)
        return try .ok(render.token(await app.updateToken(call.id("token"), edit, as: call.caller)))
    }

    @Sendable
    private func rotate(_ call: Call) async throws -> Reply {
        let body = try call.decoded(RotationRequestBody.self)
        guard let overlap = Overlap(text: body.overlap ?? Overlap.untilFirstUse.text) else {
            throw Refusal.invalid("/overlap", "must be until_first_use, none, or a span such as PT24H")
        }
        let request = RotationRequest(overlap: overlap, lifetime: Self.lifetime(body.expiresInDays), name: body.name)
        return try await call.answer { keeping in
            try await app.rotateToken(call.id("token"), request, as: call.caller, keeping: keeping)
        } rendering: { [render] issued in
            try .created(render.issued(issued), at: Self.location(issued, call))
        }
    }

    @Sendable
    private func delete(_ call: Call) async throws -> Reply {
        try await app.deleteToken(call.id("token"), as: call.caller)
        return .noContent
    }

    private static func lifetime(_ days: Maybe<Int>) -> Lifetime? {
        switch days {
        case .absent: nil
        case .null: .never
        case .value(let days): .days(days)
        }
    }

    private static func location(_ issued: IssuedToken, _ call: Call) -> String {
        "\(call.rootPath)/user-tokens/\(issued.summary.token.id)"
    }
}

/// A list without pages, cut at 1,000 items, each part pointing at the next (RFC 8288).
enum BareList {
    static let longest = 1000

    static func next(_ path: String, _ query: String, from offset: Int) -> HTTPField {
        let kept = query.split(separator: "&").filter { !$0.hasPrefix("offset=") }
        let next = (kept + ["offset=\(offset + longest)"]).joined(separator: "&")
        return HTTPField(name: .link, value: "<\(path)?\(next)>; rel=\"next\"")
    }
}
