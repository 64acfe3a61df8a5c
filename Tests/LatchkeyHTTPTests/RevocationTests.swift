import HTTPTypes
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyHTTP

@Suite("The feed of revocations over HTTP")
struct RevocationTests {
    @Test("is followed from link to link")
    func follows() async throws {
        let server = try await TestServer()
        let user = try await server.givenServiceUser("Nightly Load")
        _ = try await server.givenToken(for: user)
        let reader = try await server.givenToken(acting: .member)
        try await server.test { client in
            let listed = try await client.get("/api/user-tokens/service?user_id=\(user)")
            let number = try #require(listed.json.items.first?["id"]?.number)
            let start = try await client.ask(.get, "/api/revocations", as: reader)
            #expect(start.status == 200)
            #expect(start["items"]?.items.isEmpty == true)
            #expect(start["more"] == .flag(false))
            let next = try #require(start["next"]?.string)
            _ = try await client.put("/api/user-tokens/\(number)", #"{"revoke":true}"#)
            let stopped = try await client.ask(.get, next + "&wait=30", as: reader)
            #expect(stopped["items"] == .list([.object(["token_id": .integer(number), "works": .flag(false)])]))
            let after = try #require(stopped["next"]?.string)
            _ = try await client.put("/api/user-tokens/\(number)", #"{"revoke":false}"#)
            let restored = try await client.ask(.get, after, as: reader)
            #expect(restored["items"] == .list([.object(["token_id": .integer(number), "works": .flag(true)])]))
        }
    }

    @Test("says that a place is no more, and what to do")
    func gone() async throws {
        let server = try await TestServer()
        try await server.test { client in
            let answer = try await client.get("/api/revocations?after=987654321&wait=30")
            #expect(answer.status == 410)
            #expect(answer["type"]?.string == "/problems/gone")
            #expect(answer["detail"]?.string?.contains("Start again") == true)
        }
    }

    @Test("refuses what is no place, and to wait for more than 30 s", arguments: ["after=-1", "wait=31", "token=x"])
    func refuses(query: String) async throws {
        let server = try await TestServer()
        try await server.test { client in
            let answer = try await client.get("/api/revocations?\(query)")
            #expect(answer.status == 422)
        }
    }
}
