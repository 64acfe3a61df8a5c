import HTTPTypes
import LatchkeyApp
import LatchkeyCore
import Testing

@testable import LatchkeyHTTP

@Suite("AuthZEN evaluation")
struct EvaluationFaceTests {
    private func question(_ subject: String, _ action: String, _ kind: String, _ id: String) -> String {
        let parts = [
            #""subject":{"type":"user","id":"\#(subject)","properties":{"any":[1,{}]}}"#,
            #""action":{"name":"\#(action)"}"#, #""resource":{"type":"\#(kind)","id":"\#(id)"}"#,
            #""context":{"time":"now"}"#,
        ]
        return "{" + parts.joined(separator: ",") + "}"
    }

    private func givenViewer(_ server: TestServer) async throws {
        let admin = try await server.adminCaller
        let warehouse = try await server.app.createResource(
            ResourceEdit(kind: "datastore", name: "warehouse", externalID: .some("7")), as: admin)
        let robot = try await server.givenServiceUser("Robot")
        _ = try await server.app.createTeam(
            TeamEdit(name: "Data", permission: .viewer, users: [robot], resources: [warehouse.id]), as: admin)
    }

    @Test("answers with the decision and its reason")
    func single() async throws {
        let server = try await TestServer()
        try await givenViewer(server)
        let cases = [
            ("robot@service", "datastores:view", "datastore", "7", true, "team"),
            ("robot@service", "datastores:view", "datastore", "warehouse", true, "team"),
            ("robot@service", "datastores:view", "datastore", "8", false, "no_team"),
            ("robot@service", "datastores:view", "datastore", "*", true, "team"),
            ("robot@service", "datastores:edit", "datastore", "7", false, "role_too_low"),
            ("robot@service", "datastores:burn", "datastore", "7", false, "unknown_action"),
            ("robot@service", "GET", "route", "/api/datastores/7", true, "team"),
            ("robot@service", "GET", "route", "/api/datastores/%2f", false, "bad_path"),
            ("nobody@service", "datastores:view", "datastore", "7", false, "unknown_subject"),
            ("ada@example.com", "datastores:edit", "datastore", "9", true, "role"),
        ]
        try await server.test { client in
            for (subject, action, kind, id, decision, reason) in cases {
                let answer = try await client.post(
                    "/access/v1/evaluation", question(subject, action, kind, id))
                #expect(answer.status == 200)
                #expect(answer["decision"] == .flag(decision), "\(subject) \(action) \(id)")
                #expect(answer["context"]?["reason"]?.string == reason)
            }
        }
    }

    @Test("of tokens asks what these may, limits and all")
    func tokens() async throws {
        let server = try await TestServer()
        let user = try await server.givenServiceUser("Robot", role: .manager)
        let token = try await server.givenToken(for: user, limits: NarrowingRequest(actions: ["users:read"]))
        try await server.test { client in
            for (action, decision) in [("users:read", true), ("teams:read", false)] {
                let body = #"""
                    {"subject":{"type":"token","id":"\#(token)"},"action":{"name":"\#(action)"},
                    "resource":{"type":"platform","id":"1"}}
                    """#
                let answer = try await client.post("/access/v1/evaluation", body)
                #expect(answer["decision"] == .flag(decision))
            }
        }
    }

    @Test("answers batches in order, and stops where it is asked to")
    func batch() async throws {
        let server = try await TestServer()
        try await givenViewer(server)
        @Sendable func body(_ semantic: String, _ actions: [String]) -> String {
            let items = actions.map { #"{"action":{"name":"\#($0)"}}"# }.joined(separator: ",")
            return #"""
                {"subject":{"type":"user","id":"robot@service"},"resource":{"type":"datastore","id":"7"},
                "options":{"evaluations_semantic":"\#(semantic)"},"evaluations":[\#(items)]}
                """#
        }
        let actions = ["datastores:view", "datastores:edit", "datastores:preview"]
        let expected = [
            "execute_all": [true, false, true], "deny_on_first_deny": [true, false], "permit_on_first_permit": [true],
        ]
        try await server.test { client in
            for (semantic, decisions) in expected {
                let answer = try await client.post("/access/v1/evaluations", body(semantic, actions))
                #expect(answer["evaluations"]?.items.compactMap { $0["decision"] } == decisions.map { .flag($0) })
            }
            let thousand = try await client.post(
                "/access/v1/evaluations", body("execute_all", .init(repeating: "datastores:view", count: 1000)))
            #expect(thousand["evaluations"]?.items.count == 1000)
            let more = try await client.post(
                "/access/v1/evaluations", body("execute_all", .init(repeating: "datastores:view", count: 1001)))
            #expect(more.status == 400)
            let alone = try await client.post(
                "/access/v1/evaluations", question("robot@service", "datastores:view", "datastore", "7"))
            #expect(alone["decision"] == .flag(true))
        }
    }

    @Test("refuses what is no question, and whoever may not ask")
    func refused() async throws {
        let server = try await TestServer()
        let member = try await server.givenToken(acting: .member)
        let whole = question("a", "b:c", "d", "e")
        try await server.test { client in
            for body in ["{}", "[]", "{", whole.replacing("user", with: "cat"), whole.replacing("b:c", with: "")] {
                let answer = try await client.post("/access/v1/evaluation", body)
                #expect(answer.status == 400, "\(body)")
            }
            let stranger = try await client.ask(.post, "/access/v1/evaluation", as: nil, whole)
            #expect(stranger.status == 401)
            let weak = try await client.ask(.post, "/access/v1/evaluation", as: member, whole)
            #expect(weak.status == 403)
            let configuration = try await client.ask(.get, "/.well-known/authzen-configuration", as: nil)
            #expect(configuration["access_evaluation_endpoint"]?.string?.hasSuffix("/access/v1/evaluation") == true)
        }
    }
}
