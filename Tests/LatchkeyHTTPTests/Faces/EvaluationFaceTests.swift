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

    @Test("answers what is no question with no, and every other question of the batch as ever")
    func unreadable() async throws {
        let server = try await TestServer()
        try await givenViewer(server)
        let view = #"{"action":{"name":"datastores:view"}}"#
        let items = [view, #"{"action":{}}"#, "{}", #"{"action":7}"#, #"{"action":{"name":7}}"#, "7", view]
        @Sendable func body(_ semantic: String) -> String {
            #"""
            {"subject":{"type":"user","id":"robot@service"},"resource":{"type":"datastore","id":"7"},
            "options":{"evaluations_semantic":"\#(semantic)"},"evaluations":[\#(items.joined(separator: ","))]}
            """#
        }
        let expected = [
            "execute_all": [true, false, false, false, false, false, true], "deny_on_first_deny": [true, false],
            "permit_on_first_permit": [true],
        ]
        try await server.test { client in
            for (semantic, decisions) in expected {
                let answer = try await client.post("/access/v1/evaluations", body(semantic))
                #expect(answer.status == 200)
                let answers = answer["evaluations"]?.items ?? []
                #expect(answers.compactMap { $0["decision"] } == decisions.map { .flag($0) }, "\(semantic)")
                let reasons = answers.compactMap { $0["context"]?["reason"]?.string }
                #expect(reasons == decisions.map { $0 ? "team" : "bad_request" })
            }
            let all = try await client.post("/access/v1/evaluations", body("execute_all"))
            let second = all["evaluations"]?.items.dropFirst().first?["context"]?["detail"]?.string
            #expect(second == "/evaluations/1/action/name: must be a string that is not empty")
        }
    }

    @Test("takes from the batch what an entity of a question leaves out, whole or in part")
    func usual() async throws {
        let server = try await TestServer()
        try await givenViewer(server)
        let body = #"""
            {"subject":{"type":"user","id":"robot@service"},"action":{"name":"datastores:view"},
            "resource":{"type":"datastore","id":"7"},"context":{"address":"192.0.2.1"},
            "evaluations":[{},{"resource":{"id":"8"}},{"resource":{"type":"datastore","id":"7"},"context":{}},
            {"subject":{"id":"nobody@service"}}]}
            """#
        try await server.test { client in
            let answer = try await client.post("/access/v1/evaluations", body)
            let reasons = answer["evaluations"]?.items.compactMap { $0["context"]?["reason"]?.string }
            #expect(reasons == ["team", "no_team", "team", "unknown_subject"])
            let empty = try await client.post(
                "/access/v1/evaluations",
                body.replacing(/"evaluations".*/.dotMatchesNewlines(), with: #""evaluations":[]}"#))
            #expect(empty["decision"] == .flag(true), "no questions of its own: the message is one")
        }
    }

    @Test("gives back the number of the request, and 400 for what is no JSON")
    func transport() async throws {
        let server = try await TestServer()
        let whole = question("ada@example.com", "datastores:view", "datastore", "7")
        try await server.test { client in
            let named = try await client.ask(
                .post, "/access/v1/evaluation", as: client.admin, whole, headers: [.requestID: "bfe9eb29-ab87-4ca3"])
            #expect(named.status == 200)
            #expect(named.headers[.requestID] == "bfe9eb29-ab87-4ca3")
            #expect(named.headers[.contentType] == "application/json")
            for path in ["/access/v1/evaluation", "/access/v1/evaluations"] {
                let text = try await client.ask(
                    .post, path, as: client.admin, whole, headers: [.contentType: "text/plain"])
                #expect(text.status == 400)
                let nothing = try await client.ask(.post, path, as: client.admin, "")
                #expect(nothing.status == 400)
                let method = try await client.get(path)
                #expect(method.status == 405)
                #expect(method.headers[.allow] == "POST")
            }
        }
    }

    @Test("refuses what is no question, and whoever may not ask")
    func refused() async throws {
        let server = try await TestServer()
        let member = try await server.givenToken(acting: .member)
        let whole = question("a", "b:c", "d", "e")
        try await server.test { client in
            for part in ["subject", "action", "resource"] {
                let answer = try await client.post("/access/v1/evaluation", whole.replacing(part, with: "other"))
                #expect(answer.status == 400, "no \(part)")
            }
            for body in [
                "{}", "[]", "{", whole.replacing(#"{"name":"b:c"}"#, with: "7"), whole.replacing("user", with: "cat"),
                whole.replacing("b:c", with: ""),
            ] {
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
