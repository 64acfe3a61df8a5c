import HTTPTypes
import LatchkeyAPI
import LatchkeyApp
import LatchkeyCore

/// `/trusted-issuers`: whose word lets workloads act as a service user.
struct TrustedIssuerRoutes: Sendable {
    let app: App
    let render: Rendering

    var endpoints: [Endpoint] {
        [
            Endpoint(
                method: .get, path: "/users/{id}/trusted-issuers", operation: "listTrustedIssuers",
                summary: "The issuers that a service user trusts.", access: .needs(.manageTokens),
                query: QueryParameter.page, success: .ok(.page(of: .trustedIssuer)), handler: list),
            Endpoint(
                method: .post, path: "/users/{id}/trusted-issuers", operation: "establishTrust",
                summary: "Lets workloads of an issuer act as a service user, without a secret.",
                access: .needs(.manageTokens), body: .required(.newTrustedIssuer),
                success: .created(.object(.trustedIssuer)), handler: establish),
            Endpoint(
                method: .get, path: "/trusted-issuers/{id}", operation: "findTrustedIssuer",
                summary: "One trusted issuer.", access: .needs(.manageTokens),
                success: .ok(.object(.trustedIssuer)), handler: find),
            Endpoint(
                method: .delete, path: "/trusted-issuers/{id}", operation: "withdrawTrust",
                summary: "Ends a trust and every access token that came of it.", access: .needs(.manageTokens),
                handler: withdraw),
        ]
    }

    /// There are few, so they are read whole and cut into pages here.
    @Sendable
    private func list(_ call: Call) async throws -> Reply {
        let all = try await app.listTrustedIssuers(of: call.id("user"), as: call.caller)
        let request = call.query.page
        let items = Array(all.dropFirst(request.offset).prefix(request.size))
        return try .ok(render.page(Page(items: items, total: all.count, request: request), render.trust))
    }

    @Sendable
    private func find(_ call: Call) async throws -> Reply {
        try .ok(render.trust(await app.findTrustedIssuer(call.id("trusted issuer"), as: call.caller)))
    }

    @Sendable
    private func establish(_ call: Call) async throws -> Reply {
        let body = try call.decoded(NewTrustedIssuerBody.self)
        let request = NewTrustedIssuer(
            name: body.name, owner: try call.id("user"), issuer: body.issuer,
            audience: body.audience ?? app.settings.publicURL, subject: body.subject,
            claims: (body.claims ?? []).map { NewClaimCondition(name: $0.name, value: $0.value) },
            minutes: body.accessMinutes, lifetime: Self.lifetime(body.expiresInDays),
            limits: try limits(body))
        return try await call.answer { keeping in
            try await app.establishTrust(request, as: call.caller, keeping: keeping)
        } rendering: { [render] made in
            try .created(render.trust(made), at: "\(call.rootPath)/trusted-issuers/\(made.trust.id)")
        }
    }

    private static func lifetime(_ days: Maybe<Int>) -> Lifetime? {
        switch days {
        case .absent: nil
        case .null: .never
        case .value(let days): .days(days)
        }
    }

    private func limits(_ body: NewTrustedIssuerBody) throws(Refusal) -> NarrowingRequest {
        NarrowingRequest(
            role: try body.role.given.map { word throws(Refusal) in try word.choice(at: "/role") },
            teams: body.teams.given, actions: body.actions.given, allowedCIDRs: body.allowedCIDRs.given)
    }

    @Sendable
    private func withdraw(_ call: Call) async throws -> Reply {
        try await app.withdrawTrust(call.id("trusted issuer"), as: call.caller)
        return .noContent
    }
}

extension Rendering {
    func trust(_ summary: TrustedIssuerSummary) -> TrustedIssuerBody {
        let trust = summary.trust
        return TrustedIssuerBody(
            id: trust.id.value, name: summary.token.token.name, issuer: trust.issuer, audience: trust.audience,
            subject: trust.subject.text,
            claims: trust.claims.map { ClaimConditionBody(name: $0.name, value: $0.pattern.text) },
            accessMinutes: trust.lifetime.components.seconds / 60, token: token(summary.token))
    }
}

extension ObjectSchema {
    static let trustedIssuer = ObjectSchema(
        "TrustedIssuer",
        [
            .always("id", .id), .always("name", .text), .always("issuer", .text), .always("audience", .text),
            .always("subject", .text), .always("claims", .list(.object(claimCondition))),
            .always("access_minutes", .integer), .always("status", .word(["active", "revoked", "expired"])),
            .always("expiration", .nullable(.time)), .always("user", .object(.userStub)), .always("created", .time),
            .always("created_by", .nullable(.object(.userStub))), .always("last_used", .nullable(.time)),
            .always("narrowing", .nullable(.object(.narrowing))),
        ])
    static let claimCondition = ObjectSchema("ClaimCondition", [.always("name", .text), .always("value", .text)])
    static let newTrustedIssuer = ObjectSchema(
        "NewTrustedIssuer",
        [
            .always("name", .name(longest: 255)), .always("issuer", .text), .maybe("audience", .text),
            .always("subject", .text), .maybe("claims", .list(.object(claimCondition))),
            .maybe("access_minutes", .range(5...60)), .maybe("expires_in_days", .nullable(.range(1...365))),
            .maybe("role", .nullable(.words(of: Role.self))), .maybe("teams", .nullable(.list(.text))),
            .maybe("actions", .nullable(.list(.text))), .maybe("allowed_cidrs", .nullable(.list(.text))),
        ])
}
