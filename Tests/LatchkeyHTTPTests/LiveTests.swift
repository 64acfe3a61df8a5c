import HTTPTypes
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyHTTP

@Suite("Over a real connection")
struct LiveTests {
    @Test("a body beyond 1 MiB is refused, and the connection goes on")
    func tooLarge() async throws {
        let server = try await TestServer()
        try await server.live { client in
            let body = #"{"name":"\#(String(repeating: "x", count: RequestBody.longest))"}"#
            let answer = try await client.post("/api/users", body)
            #expect(answer.status == 413)
            let next = try await client.get("/api/users/me")
            #expect(next.status == 200)
        }
    }

    @Test("header fields beyond 16 KiB are refused with a problem, and the connection is closed")
    func tooLongHead() async throws {
        let server = try await TestServer()
        try await server.live { client in
            let answer = try await client.ask(
                .get, "/api/users/me", as: client.admin, headers: [.userAgent: String(repeating: "x", count: 17_000)])
            #expect(answer.status == 431)
            #expect(answer.headers[.contentType] == "application/problem+json")
            #expect(answer["type"]?.string == "/problems/header-fields-too-large")
            #expect(answer.headers[.connection] == "close")
            #expect(answer["instance"]?.string == answer.headers[.requestID])
        }
    }

    @Test(
        "HEAD is answered without a body, whatever answers it",
        arguments: ["/api/users/me", "/api/nowhere", "/nowhere", "/authz", "/oauth2/token", "/sign-in"])
    func head(path: String) async throws {
        let server = try await TestServer()
        try await server.live { client in
            let whole = try await client.get(path)
            for _ in 1...2 {
                let head = try await client.ask(.head, path, as: client.admin)
                #expect(head.status == whole.status)
                #expect(head.text.isEmpty)
            }
            let next = try await client.get("/api/users/me")
            #expect(next.status == 200)
        }
    }

    @Test("a response bears the date, and what varies in its path is found")
    func date() async throws {
        let server = try await TestServer()
        let user = try await server.givenServiceUser("API Access")
        server.clock.advance(by: .seconds(1))
        let date = HTTPClock.text(server.clock.now)
        try await server.live { client in
            for path in ["/api/users/me", "/api/users/\(user)", "/api/nowhere"] {
                let answer = try await client.get(path)
                #expect(answer.status == (path == "/api/nowhere" ? 404 : 200))
                #expect(answer.headers[values: .date] == [date])
            }
        }
    }

    @Test("health, status, keys and root are there for everybody")
    func open() async throws {
        let server = try await TestServer()
        try await server.live { client in
            let health = try await client.ask(.get, "/api/health", as: nil)
            #expect(health.status == 204)
            let status = try await client.ask(.get, "/api/status", as: "nonsense")
            #expect(status.text == #"{"status":"OK","database_connection":"OK","token_index":"OK","policy":"OK"}"#)
            let keys = try await client.ask(.get, "/.well-known/jwks.json", as: nil)
            #expect(keys["keys"]?.items.first?["kty"] == "EC")
            let root = try await client.ask(.get, "/api/", as: nil)
            #expect(root.text == #"{"name":"Latchkey","version":"1.0.0"}"#)
        }
    }
}

@Suite("The date of a response")
struct HTTPClockTests {
    @Test(
        "is the one of RFC 9110",
        arguments: [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (1_709_164_800, "Thu, 29 Feb 2024 00:00:00 GMT"), (1_798_761_599, "Thu, 31 Dec 2026 23:59:59 GMT"),
        ])
    func text(seconds: Int64, date: String) {
        #expect(HTTPClock.text(Timestamp(seconds: seconds)) == date)
        #expect(HTTPClock(now: { Timestamp(seconds: seconds) }).date == date)
    }
}
