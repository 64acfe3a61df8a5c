import HTTPTypes
import LatchkeyAPI
import LatchkeyApp
import LatchkeyCore

/// `/identity-providers`: whose word on people is taken.
struct IdentityProviderRoutes: Sendable {
    let app: App
    let render: Rendering

    var endpoints: [Endpoint] {
        [
            Endpoint(
                method: .get, path: "/identity-providers", operation: "listIdentityProviders",
                summary: "Identity providers, page by page.", access: .needs(.manageIdentityProviders),
                query: QueryParameter.page, success: .ok(.page(of: .identityProvider)), handler: list),
            Endpoint(
                method: .get, path: "/identity-providers/{id}", operation: "findIdentityProvider",
                summary: "One identity provider.", access: .needs(.manageIdentityProviders),
                success: .ok(.object(.identityProvider)), handler: find),
            Endpoint(
                method: .post, path: "/identity-providers", operation: "createIdentityProvider",
                summary: "Sets up an identity provider (OpenID Connect).", access: .needs(.manageIdentityProviders),
                body: .required(.newIdentityProvider), success: .created(.object(.identityProvider)),
                handler: create),
            Endpoint(
                method: .put, path: "/identity-providers/{id}", operation: "updateIdentityProvider",
                summary: "Changes an identity provider; what is left out stays. Turned off, it ends what came through.",
                access: .needs(.manageIdentityProviders), body: .required(.identityProviderEdit),
                success: .ok(.object(.identityProvider)), handler: update),
            Endpoint(
                method: .delete, path: "/identity-providers/{id}", operation: "deleteIdentityProvider",
                summary: "Deletes an identity provider and ends what came through it.",
                access: .needs(.manageIdentityProviders), handler: delete),
            Endpoint(
                method: .post, path: "/identity-providers/{id}/check", operation: "checkIdentityProvider",
                summary: "Tries a provider out, without anybody signing in.",
                access: .needs(.manageIdentityProviders), body: .optional(.empty),
                success: .ok(.object(.providerChecks)), handler: check),
        ]
    }
}

extension IdentityProviderRoutes {
    /// There are few, so they are read whole and cut into pages here.
    @Sendable
    private func list(_ call: Call) async throws -> Reply {
        let (all, request) = (try await app.listIdentityProviders(as: call.caller), call.query.page)
        let items = Array(all.dropFirst(request.offset).prefix(request.size))
        return try .ok(render.page(Page(items: items, total: all.count, request: request), provider))
    }

    @Sendable
    private func find(_ call: Call) async throws -> Reply {
        try .ok(provider(await app.findIdentityProvider(call.id("identity provider"), as: call.caller)))
    }

    @Sendable
    private func create(_ call: Call) async throws -> Reply {
        let made = try await app.createIdentityProvider(edit(call), as: call.caller)
        return try .created(provider(made), at: "\(call.rootPath)/identity-providers/\(made.id)")
    }

    @Sendable
    private func update(_ call: Call) async throws -> Reply {
        let id: ID<IdentityProvider> = try call.id("identity provider")
        return try .ok(provider(await app.updateIdentityProvider(id, edit(call), as: call.caller)))
    }

    @Sendable
    private func delete(_ call: Call) async throws -> Reply {
        try await app.deleteIdentityProvider(call.id("identity provider"), as: call.caller)
        return .noContent
    }

    @Sendable
    private func check(_ call: Call) async throws -> Reply {
        _ = try call.decoded(EmptyBody.self)
        let checks = try await app.checkIdentityProvider(call.id("identity provider"), as: call.caller)
        let bodies = checks.map { ProviderCheckBody(step: $0.step.rawValue, good: $0.isGood, finding: $0.finding) }
        return try .ok(ProviderChecksBody(good: checks.allSatisfy(\.isGood), checks: bodies))
    }

    private func provider(_ provider: IdentityProvider) -> IdentityProviderBody {
        IdentityProviderBody(
            id: provider.id.value, name: provider.name, issuer: provider.issuer, clientID: provider.clientID,
            hasClientSecret: provider.sealedSecret != nil, scopes: provider.scopes,
            groupsClaim: provider.groupsClaim,
            groups: provider.groups.map { GroupRuleBody(group: $0.group, teamID: $0.team.value) },
            mailDomains: provider.mailDomains, makesAccounts: provider.makesAccounts, enabled: provider.isOn,
            redirectURI: app.redirectURI, created: provider.createdAt.text, version: provider.version)
    }

    private func edit(_ call: Call) throws -> IdentityProviderEdit {
        let body = try call.decoded(IdentityProviderEditBody.self)
        var edit = IdentityProviderEdit()
        edit.name = body.name
        edit.issuer = body.issuer
        edit.clientID = body.clientID
        edit.clientSecret = try body.clientSecret.change.map { secret throws(Refusal) in
            try secret.map { text throws(Refusal) in try ClientSecret(text) }
        }
        edit.scopes = body.scopes
        edit.groupsClaim = body.groupsClaim.change
        edit.groups = body.groups?.map { GroupRule(group: $0.group, team: ID($0.teamID)) }
        edit.mailDomains = body.mailDomains
        edit.makesAccounts = body.makesAccounts
        edit.isOn = body.enabled
        edit.version = body.version
        return edit
    }
}
