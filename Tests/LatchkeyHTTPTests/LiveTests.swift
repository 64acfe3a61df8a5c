import HTTPTypes
import HummingbirdTesting
import Testing

@testable import LatchkeyHTTP

@Suite("Over a real connection")
struct LiveTests {
    @Test("a body beyond 1 MiB is refused, and the connection goes on")
    func tooLarge() async throws {
        let server = try await TestServer()
        try await server.test(.live) { client in
            let body = #"{"name":"\#(String(repeating: "x", count: RequestBody.longest))"}"#
            let answer = try await client.post("/api/users", body)
            #expect(answer.status == 413)
            let next = try await client.get("/api/users/me")
            #expect(next.status == 200)
        }
    }

    @Test("header fields beyond 16 KiB are refused")
    func tooLongHead() async throws {
        let server = try await TestServer()
        try await server.test(.live) { client in
            let answer = try await client.ask(
                .get, "/api/users/me", as: client.admin, headers: [.userAgent: String(repeating: "x", count: 17_000)])
            #expect(answer.status == 400)
        }
    }

    @Test("HEAD is GET without the body")
    func head() async throws {
        let server = try await TestServer()
        try await server.test(.live) { client in
            let whole = try await client.get("/api/users/me")
            let head = try await client.ask(.head, "/api/users/me", as: client.admin)
            #expect(head.status == 200)
            #expect(head.headers[.contentLength] == String(whole.text.utf8.count))
            #expect(head.text.isEmpty)
        }
    }

    @Test("health, status, keys and root are there for everybody")
    func open() async throws {
        let server = try await TestServer()
        try await server.test(.live) { client in
            let health = try await client.ask(.get, "/api/health", as: nil)
            #expect(health.status == 204)
            let status = try await client.ask(.get, "/api/status", as: "nonsense")
            #expect(status.text == #"{"status":"OK","database_connection":"OK","token_index":"OK"}"#)
            let keys = try await client.ask(.get, "/.well-known/jwks.json", as: nil)
            #expect(keys["keys"]?.items.first?["kty"] == "EC")
            let root = try await client.ask(.get, "/api/", as: nil)
            #expect(root.text == #"{"name":"Latchkey","version":"1.0.0"}"#)
        }
    }
}
