import HTTPTypes
import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyHTTP

@Suite("An explanation of a token's rights")
struct PolicyExplanationTests {
    @Test("judges it from where it is said to come", arguments: EngineUnderTest.available)
    func address(engine: EngineUnderTest) async throws {
        let server = try await TestServer(on: engine)
        let request = NewToken(
            name: "office", owner: try await server.givenServiceUser("Robot", role: .manager), lifetime: .days(30),
            limits: NarrowingRequest(allowedCIDRs: ["192.0.2.0/24"]))
        let token = try await server.app.issueToken(request, as: server.adminCaller).summary.token.id
        let question = "/api/policy/explain?path=/api/users&token_id=\(token)"
        try await server.live { client in
            let elsewhere = try await client.get(question)
            #expect(elsewhere.status == 409)
            #expect(elsewhere["detail"]?.string?.contains("address_not_allowed") == true)
            let office = try await client.get(question + "&address=192.0.2.7")
            #expect(office.status == 200)
            #expect(office["decision"] == .flag(true))
            let nobody = try await client.get("/api/policy/explain?path=/api/users&address=192.0.2.7")
            #expect(nobody.status == 422)
            let nowhere = try await client.get(question + "&address=the+office")
            #expect(nowhere.status == 422)
        }
    }

    @Test("judges one's own token from another place too, for who may ask about no other")
    func own() async throws {
        let server = try await TestServer()
        let request = NewToken(
            name: "here", owner: try await server.givenServiceUser("Robot"), lifetime: .days(30),
            limits: NarrowingRequest(allowedCIDRs: ["127.0.0.0/8"]))
        let token = try await server.app.issueToken(request, as: server.adminCaller)
        let (text, number) = (token.secret.reveal(), token.summary.token.id)
        try await server.live { client in
            let question = "/api/policy/explain?path=/api/users/me&token_id=\(number)"
            let own = try await client.ask(.get, question, as: text)
            #expect(own.status == 200)
            let elsewhere = try await client.ask(.get, question + "&address=203.0.113.9", as: text)
            #expect(elsewhere.status == 409)
            #expect(elsewhere["detail"]?.string?.contains("address_not_allowed") == true)
        }
    }

    @Test("counts a SCIM token that is presented for a decision as a denied use, as introspection does")
    func scimToken() async throws {
        let server = try await TestServer()
        let robot = try await server.givenServiceUser("Directory", role: .manager)
        let token = try await server.app.issueToken(
            NewToken(name: "scim", owner: robot, lifetime: .days(30), isSCIMOnly: true), as: server.adminCaller)
        let question = """
            {"subject":{"type":"token","id":"\(token.secret.reveal())"},"action":{"name":"users:read"},\
            "resource":{"type":"platform","id":"*"}}
            """
        try await server.live { client in
            let answer = try await client.post("/access/v1/evaluation", question)
            #expect(answer["decision"] == .flag(false))
        }
        let now = server.clock.now
        let query = UsageQuery(
            token: token.summary.token.id, from: now - .hours(2), until: now + .hours(2), step: .hour)
        let counts = try await server.app.tokenUsage(query, as: server.adminCaller)
        #expect(counts.map(\.key.outcome) == [.denied])
    }
}
