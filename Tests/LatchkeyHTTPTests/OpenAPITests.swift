import HTTPTypes
import Hummingbird
import LatchkeyApp
import LatchkeyCore
import Testing

@testable import LatchkeyHTTP

@Suite("The OpenAPI document")
struct OpenAPITests {
    @Test("names the routes that exist, and no other")
    func routes() async throws {
        let server = try await TestServer()
        let pages = Set(server.doors.pages.map { "\($0.method) \($0.path)" })
        // Doors of other protocols have documents of their own.
        let faces = Set(server.doors.faces.map { "\($0.method) \($0.path)" })
        let routes = Set(server.doors.router().routes.map { "\($0.method) \($0.path)" })
            .subtracting(pages).subtracting(faces)
            // SCIM describes itself, at /Schemas and /ResourceTypes.
            .filter { !$0.contains("/api/scim/v2") }
        let document = try await server.test { client in try await client.ask(.get, "/api/openapi.json", as: nil) }
        guard case .object(let paths)? = document["paths"] else {
            Issue.record("there are no paths")
            return
        }
        var told: Set<String> = []
        for path in paths {
            guard case .object(let operations) = path.value else { continue }
            let trimmed = path.name.count > 1 && path.name.hasSuffix("/") ? String(path.name.dropLast()) : path.name
            for operation in operations { told.insert("\(operation.name.uppercased()) \(trimmed)") }
        }
        #expect(told == routes)
        #expect(document["openapi"] == "3.1.0")
    }

    @Test("has an operation id for each and none twice")
    func operations() async throws {
        let names = try await TestServer().doors.endpoints.map(\.operation)
        #expect(Set(names).count == names.count)
    }

    @Test("tells the fields that replies really have, in their order")
    func fields() async throws {
        let server = try await TestServer()
        let user = try await server.givenServiceUser("Nightly Load")
        _ = try await server.givenToken(for: user)
        _ = try await server.givenProvider()
        _ = try await server.app.establishTrust(
            NewTrustedIssuer(
                name: "CI", owner: user, issuer: "https://ci.example", audience: "latchkey", subject: "repo:acme/x:**"),
            as: server.adminCaller)
        try await server.test { client in
            let asked: [(path: String, schema: ObjectSchema)] = [
                ("/api/users/me", .me), ("/api/users/\(user)", .user), ("/api/users", .user),
                ("/api/users/listing", .userStub), ("/api/user-tokens/service", .token),
                ("/api/identity-providers", .identityProvider),
                ("/api/users/\(user)/trusted-issuers", .trustedIssuer),
                ("/api/teams", .team), ("/api/teams/listing", .teamStub), ("/api/activity", .activity),
                ("/api/activity/insights", .insights),
                ("/api/users/\(user)/history", .history), ("/api/status", .status), ("/api/", .root),
                ("/api/bootstrap", .bootstrap), ("/api/nowhere", .problem),
            ]
            for (path, schema) in asked {
                let answer = try await client.get(path)
                let object = answer["items"]?.items.first ?? answer.json.items.first ?? answer.json
                guard case .object(let members) = object else {
                    Issue.record("\(path) has no object")
                    continue
                }
                let names = Set(members.map(\.name))
                let expected = schema.fields.map(\.name).filter { names.contains($0) }
                #expect(members.map(\.name) == expected, "\(path)")
                #expect(Set(schema.fields.filter(\.isRequired).map(\.name)).isSubset(of: names), "\(path)")
            }
        }
    }
}
