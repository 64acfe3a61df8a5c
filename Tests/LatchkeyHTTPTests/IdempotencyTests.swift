import HTTPTypes
import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyHTTP

@Suite("An idempotency key")
struct IdempotencyTests {
    @Test("gives the first reply again, the token's value included")
    func replay() async throws {
        let server = try await TestServer()
        let user = try await server.givenServiceUser("Nightly Load")
        try await server.test { client in
            let body = #"{"name":"load","user_id":\#(user)}"#
            let first = try await client.post("/api/user-tokens", body, key: "k1")
            let second = try await client.post("/api/user-tokens", body, key: "k1")
            #expect(first.status == 201)
            #expect(second.status == 201)
            #expect(second.text == first.text)
            #expect(second.headers[.location] == first.headers[.location])
            let tokens = try await client.get("/api/user-tokens/service")
            #expect(tokens.json.items.count == 1)
        }
    }

    @Test("keeps the reply of every POST that changes something")
    func everyChange() async throws {
        let server = try await TestServer()
        let user = try await server.givenServiceUser("Nightly Load")
        let token = try await server.app.issueToken(
            NewToken(name: "one", owner: user, lifetime: .days(30), isSCIMOnly: false, limits: NarrowingRequest()),
            as: server.adminCaller
        ).summary.token.id
        let requests = [
            ("/api/users", #"{"name":"One","role":"Member"}"#), ("/api/teams", #"{"name":"Data"}"#),
            ("/api/resources", #"{"kind":"datastore","name":"one"}"#),
            ("/api/user-tokens", #"{"name":"two","user_id":\#(user)}"#), ("/api/user-tokens/\(token)/rotate", "{}"),
            ("/api/users/\(user)/revoke-tokens", "{}"),
        ]
        try await server.test { client in
            for (path, body) in requests {
                let first = try await client.post(path, body, key: path)
                let second = try await client.post(path, body, key: path)
                #expect([200, 201].contains(first.status), "\(path) \(first.text)")
                #expect(second.text == first.text)
                #expect(second.headers[.replayed] == "true")
            }
            _ = try await client.delete("/api/users/\(user)")
            let restored = try await client.post("/api/users/\(user)/restore", "{}", key: "restore")
            let again = try await client.post("/api/users/\(user)/restore", "{}", key: "restore")
            #expect(restored.status == 200)
            #expect(again.text == restored.text)
        }
    }

    @Test("of another request is refused, and of another caller is another key")
    func otherBody() async throws {
        let server = try await TestServer()
        let other = try await server.givenToken(acting: .admin)
        try await server.test { client in
            let first = try await client.post("/api/users", #"{"name":"One","role":"Member"}"#, key: "k1")
            #expect(first.status == 201)
            let second = try await client.post("/api/users", #"{"name":"Two","role":"Member"}"#, key: "k1")
            #expect(second.status == 422)
            #expect(second.pointers == ["Idempotency-Key"])
            let third = try await client.ask(
                .post, "/api/users", as: other, #"{"name":"Two","role":"Member"}"#, headers: [.idempotencyKey: "k1"])
            #expect(third.status == 201)
        }
    }

    @Test("is free again after a refusal and after a day")
    func free() async throws {
        let server = try await TestServer()
        try await server.test { client in
            let wrong = try await client.post("/api/users", #"{"name":"One","role":"Emperor"}"#, key: "k1")
            #expect(wrong.status == 422)
            let right = try await client.post("/api/users", #"{"name":"One","role":"Member"}"#, key: "k1")
            #expect(right.status == 201)
            server.clock.advance(by: .hours(25))
            let later = try await client.post("/api/users", #"{"name":"Two","role":"Member"}"#, key: "k1")
            #expect(later.status == 201)
        }
    }

    @Test("lets one of many at once through, and gives its reply to the others")
    func concurrent() async throws {
        let server = try await TestServer()
        try await server.test { client in
            let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        try await client.post("/api/users", #"{"name":"One","role":"Member"}"#, key: "k1")
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.allSatisfy { $0.status == 201 })
            #expect(Set(answers.map(\.text)).count == 1)
            #expect(answers.count { $0.headers[.replayed] == nil } == 1)
            let users = try await client.get("/api/users?type=Service")
            #expect(users["total"] == .integer(1))
        }
    }

    @Test("must be of a reasonable form")
    func form() async throws {
        let server = try await TestServer()
        try await server.test { client in
            let key = String(repeating: "k", count: 256)
            let answer = try await client.post("/api/users", #"{"name":"One","role":"Member"}"#, key: key)
            #expect(answer.status == 422)
        }
    }
}
