import HTTPTypes
import Testing

@testable import LatchkeyHTTP

@Suite("The life of a token over HTTP")
struct LifeOfATokenTests {
    @Test("it is issued, used, revoked, restored, rotated and deleted")
    func whole() async throws {
        let server = try await TestServer()
        let user = try await server.givenServiceUser("Nightly Load")
        try await server.test { client in
            let made = try await client.post("/api/user-tokens", #"{"name":"load","user_id":\#(user)}"#)
            let (value, path) = (made["bearer_token"]?.string, made.headers[.location] ?? "")
            let answer1 = try await client.ask(.get, "/api/users/me", as: value)
            #expect(answer1.status == 200)
            let used = try await client.get(path)
            #expect(used["last_used"] == "2027-11-21T12:34:56Z")
            let answer2 = try await client.delete(path)
            #expect(answer2.status == 409)
            let revoked = try await client.put(path, #"{"reason":"superseded"}"#)
            #expect(revoked["status"] == "revoked")
            #expect(revoked["reason"] == "superseded")
            let answer3 = try await client.ask(.get, "/api/users/me", as: value)
            #expect(answer3.status == 401)
            let answer4 = try await client.put(path, #"{"revoke":false}"#)
            #expect(answer4["active"] == .flag(true))
            let answer5 = try await client.ask(.get, "/api/users/me", as: value)
            #expect(answer5.status == 200)
            let rotated = try await client.post(path + "/rotate", #"{"overlap":"none"}"#)
            #expect(rotated.status == 201)
            let answer6 = try await client.ask(.get, "/api/users/me", as: value)
            #expect(answer6.status == 401)
            let answer7 = try await client.ask(.get, "/api/users/me", as: rotated["bearer_token"]?.string)
            #expect(answer7.status == 200)
            let answer8 = try await client.delete(path)
            #expect(answer8.status == 204)
            let answer9 = try await client.get(path)
            #expect(answer9.status == 404)
        }
    }

    @Test("a rename alone leaves it active")
    func rename() async throws {
        let server = try await TestServer()
        let user = try await server.givenServiceUser("Nightly Load")
        try await server.test { client in
            let made = try await client.post("/api/user-tokens", #"{"name":"load","user_id":\#(user)}"#)
            let renamed = try await client.put(made.headers[.location] ?? "", #"{"name":"load-2"}"#)
            #expect(renamed["name"] == "load-2")
            #expect(renamed["active"] == .flag(true))
        }
    }

    @Test(
        "a reason beside a rename or a restoration is refused, and changes nothing",
        arguments: [
            #"{"name":"load-2","reason":"superseded"}"#, #"{"revoke":false,"reason":"superseded"}"#,
            #"{"revoke":false,"name":"load-2","reason":"compromised"}"#,
        ])
    func reasonOfNothing(body: String) async throws {
        let server = try await TestServer()
        let user = try await server.givenServiceUser("Nightly Load")
        try await server.test { client in
            let made = try await client.post("/api/user-tokens", #"{"name":"load","user_id":\#(user)}"#)
            let path = made.headers[.location] ?? ""
            let refused = try await client.put(path, body)
            #expect(refused.status == 422)
            #expect(refused.pointers == ["/reason"])
            let kept = try await client.get(path)
            #expect(kept["name"] == "load")
            #expect(kept["active"] == .flag(true))
            #expect(kept["reason"] == .null)
        }
    }

    @Test("its usage and history tell what happened")
    func records() async throws {
        let server = try await TestServer()
        let user = try await server.givenServiceUser("Nightly Load")
        let token = try await server.givenToken(for: user)
        try await server.test { client in
            _ = try await client.ask(.get, "/api/users/me", as: token)
            _ = try await client.ask(.get, "/api/users", as: token)
            let list = try await client.get("/api/user-tokens/service")
            let id = list.json.items.first?["id"]?.number ?? 0
            let usage = try await client.get("/api/user-tokens/\(id)/usage?step=day")
            #expect(usage["total"] == .integer(2))
            #expect(Set((usage["items"]?.items ?? []).compactMap { $0["outcome"]?.string }) == ["allowed", "denied"])
            let history = try await client.get("/api/user-tokens/\(id)/history")
            #expect(history["items"]?.items.first?["verb"] == "issue")
            #expect(history["items"]?.items.first?["by"] == "ada@example.com")
        }
    }

    @Test("a service user with active tokens is deactivated only together with them")
    func deactivation() async throws {
        let server = try await TestServer()
        let user = try await server.givenServiceUser("Nightly Load")
        let token = try await server.givenToken(for: user)
        try await server.test { client in
            let refused = try await client.delete("/api/users/\(user)")
            #expect(refused.status == 400)
            #expect(refused["detail"]?.string?.contains("1 active token") == true)
            let answer10 = try await client.delete("/api/users/\(user)?revoke_tokens=true")
            #expect(answer10.status == 204)
            let answer11 = try await client.ask(.get, "/api/users/me", as: token)
            #expect(answer11.status == 401)
            let answer12 = try await client.ask(.post, "/api/users/\(user)/restore", as: client.admin)
            #expect(answer12.status == 200)
            let answer13 = try await client.ask(.get, "/api/users/me", as: token)
            #expect(answer13.status == 401)
        }
    }
}
