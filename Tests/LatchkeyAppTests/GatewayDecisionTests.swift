import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@Suite("A gateway's question")
struct GatewayDecisionTests {
    private func ask(_ house: House, _ method: String, _ target: String, _ secret: TokenSecret?) async -> GatewayAnswer
    {
        await house.app.authorize(
            GatewayRequest(
                method: method, target: target, authorization: secret.map { "Bearer \($0.reveal())" },
                origin: Origin(requestID: "test")))
    }

    private func isAllowed(
        _ house: House, _ method: String, _ target: String, _ secret: TokenSecret?
    ) async -> Bool {
        if case .allowed = await ask(house, method, target, secret) { true } else { false }
    }

    private func givenResource(_ house: House, _ name: String, externalID: String?) async throws -> Resource {
        try await house.app.createResource(
            ResourceEdit(kind: "datastore", name: name, externalID: .some(externalID)), as: house.admin)
    }

    @Test("follows what teams open, as soon as that changes", arguments: EngineUnderTest.available)
    func teams(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let warehouse = try await givenResource(house, "warehouse", externalID: "7")
        let team = try await house.app.createTeam(
            TeamEdit(name: "Data", permission: .viewer, resources: [warehouse.id]), as: house.admin)
        let robot = try await house.givenServiceUser(role: .editor, teams: ["Data"])
        let token = try await house.givenToken(for: robot).secret
        #expect(await isAllowed(house, "GET", "/api/datastores/7", token))
        #expect(await isAllowed(house, "GET", "/api/datastores/warehouse", token))
        #expect(await !isAllowed(house, "GET", "/api/datastores/8", token))
        #expect(await !isAllowed(house, "PUT", "/api/datastores/7", token))
        _ = try await house.app.updateTeam(team.team.id, TeamEdit(permission: .editor), as: house.admin)
        #expect(await isAllowed(house, "PUT", "/api/datastores/7", token))
        _ = try await house.app.updateTeam(team.team.id, TeamEdit(resources: []), as: house.admin)
        #expect(await !isAllowed(house, "GET", "/api/datastores/7", token))
    }

    @Test("is not fooled by a resource that is named like another", arguments: EngineUnderTest.available)
    func names(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let own = try await givenResource(house, "own", externalID: "1")
        _ = try await givenResource(house, "7", externalID: nil)
        _ = try await house.app.createTeam(
            TeamEdit(name: "Data", permission: .editor, resources: [own.id]), as: house.admin)
        let robot = try await house.givenServiceUser(role: .editor, teams: ["Data"])
        let token = try await house.givenToken(for: robot).secret
        let caller = try await house.caller(token)
        let renamed = await refusal {
            _ = try await house.app.updateResource(own.id, ResourceEdit(externalID: .some("7")), as: caller)
        }
        #expect(renamed != nil)
        _ = try await house.app.updateResource(own.id, ResourceEdit(externalID: .some("7")), as: house.admin)
        #expect(await !isAllowed(house, "GET", "/api/datastores/7", token))
    }

    @Test("is answered by the policy that is in force at that moment", arguments: EngineUnderTest.available)
    func reload(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let token = try await house.givenToken(for: try await house.givenServiceUser()).secret
        #expect(await !isAllowed(house, "GET", "/hello", token))
        house.app.policyInForce.use(
            try PolicyEdition(yaml: "format: 1\npolicy: x\nroutes:\n  GET /hello: self:read\n"), at: house.clock.now)
        #expect(await isAllowed(house, "GET", "/hello", token))
    }

    @Test("is counted as a use of the token, under the rule's own name", arguments: EngineUnderTest.available)
    func usage(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let issued = try await house.givenToken(for: try await house.givenServiceUser(role: .admin))
        _ = await ask(house, "GET", "/api/datastores/7?x=1", issued.secret)
        _ = await ask(house, "PATCH", "/some/thing/else", issued.secret)
        let query = UsageQuery(
            token: issued.summary.token.id, from: Timestamp(seconds: 0), until: house.clock.now + .days(1), step: .hour)
        let counts = try await house.app.tokenUsage(query, as: house.admin)
        let rows = counts.map { "\($0.key.method) \($0.key.route) \($0.key.outcome.rawValue)" }.sorted()
        #expect(rows == ["GET /api/datastores/{id} allowed", "PATCH /some/thing denied"])
    }

    @Test("is counted however long its method and path are", arguments: EngineUnderTest.available)
    func longUsage(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let issued = try await house.givenToken(for: try await house.givenServiceUser(role: .admin))
        // Nothing that a database could make shorter.
        let path = "/" + (0..<1000).map { String(($0 * 7919 + 104_729) % 1_000_003, radix: 36) }.joined()
        _ = await ask(house, String(repeating: "M", count: 5000), path, issued.secret)
        _ = await ask(house, "GET", "/api/datastores/7", issued.secret)
        let query = UsageQuery(
            token: issued.summary.token.id, from: Timestamp(seconds: 0), until: house.clock.now + .days(1), step: .hour)
        let keys = try await house.app.tokenUsage(query, as: house.admin).map(\.key)
        #expect(Set(keys.map(\.method)) == ["GET", String(repeating: "M", count: 32)])
        #expect(Set(keys.map(\.route)) == ["/api/datastores/{id}", String(path.prefix(256))])
    }

    @Test("tells one without a token from one whose token does not work", arguments: EngineUnderTest.available)
    func unauthenticated(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        guard case .unauthenticated(false) = await ask(house, "GET", "/api/users", nil) else {
            Issue.record("no token")
            return
        }
        let issued = try await house.givenToken(for: try await house.givenServiceUser(role: .admin))
        _ = try await house.app.updateToken(issued.summary.token.id, TokenEdit(revoke: true), as: house.admin)
        for path in ["/api/users", "/api/health", "/nothing"] {
            guard case .unauthenticated(true) = await ask(house, "GET", path, issued.secret) else {
                Issue.record("a revoked token at \(path)")
                return
            }
        }
        guard case .allowed(nil) = await ask(house, "GET", "/api/health", nil) else {
            Issue.record("a public path")
            return
        }
    }
}
