import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import NIOCore
import NIOPosix
import Testing

@testable import LatchkeyHTTP

@Suite("A request whose sender holds its body back")
struct UnderWayTests {
    private static func tokenNumber(_ secret: String, _ server: TestServer) async throws -> ID<Token> {
        try await server.app.authenticate(secret[...], method: "GET", route: "/", from: Origin()).token
    }

    @Test("changes nothing when its token was revoked meanwhile", arguments: EngineUnderTest.available)
    func revoked(engine: EngineUnderTest) async throws {
        let server = try await TestServer(on: engine)
        let user = try await server.givenServiceUser("Leaked", role: .admin)
        let token = try await server.givenToken(for: user)
        let number = try await Self.tokenNumber(token, server)
        let body = #"{"name":"late","user_id":\#(user)}"#
        let answer = try await server.sendInHalves("POST /api/user-tokens", as: token, body) {
            let edit = TokenEdit(revoke: true, reason: .compromised)
            _ = try await server.app.updateToken(number, edit, as: server.adminCaller)
        }
        #expect(answer.hasPrefix("HTTP/1.1 401"))
        try await server.test { client in
            let tokens = try await client.get("/api/user-tokens/service?user_id=\(user)")
            #expect(tokens.json.items.count == 1)
        }
    }

    @Test("gets no reply that was kept for it either", arguments: EngineUnderTest.available)
    func keptReply(engine: EngineUnderTest) async throws {
        let server = try await TestServer(on: engine)
        let user = try await server.givenServiceUser("Leaked", role: .admin)
        let token = try await server.givenToken(for: user)
        let number = try await Self.tokenNumber(token, server)
        let body = #"{"name":"kept","user_id":\#(user)}"#
        let first = try await server.sendInHalves("POST /api/user-tokens", as: token, body) {}
        #expect(first.hasPrefix("HTTP/1.1 201"))
        let again = try await server.sendInHalves("POST /api/user-tokens", as: token, body) {}
        #expect(again.hasPrefix("HTTP/1.1 201"))
        let late = try await server.sendInHalves("POST /api/user-tokens", as: token, body) {
            _ = try await server.app.updateToken(number, TokenEdit(revoke: true), as: server.adminCaller)
        }
        #expect(late.hasPrefix("HTTP/1.1 401"))
        #expect(!late.contains("bearer_token"))
    }
}

extension TestServer {
    /// Sends the head and half of the body, waits until the server has let the token in, does what happens between, and
    /// sends the rest.
    fileprivate func sendInHalves(
        _ line: String, as token: String, _ body: String, between: @escaping @Sendable () async throws -> Void
    ) async throws -> String {
        let head = """
            \(line) HTTP/1.1\r
            Host: localhost\r
            Authorization: Bearer \(token)\r
            Content-Type: application/json\r
            Content-Length: \(body.utf8.count)\r
            Idempotency-Key: one\r
            Connection: close\r
            \r

            """
        let half = body.index(body.startIndex, offsetBy: body.count / 2)
        return try await liveOnPort { port in
            let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            let channel = try await bootstrap.connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
            return try await channel.executeThenClose { answer, request in
                let before = admitted
                try await request.write(ByteBuffer(string: head + body[..<half]))
                while admitted == before { await Task.yield() }
                try await between()
                try await request.write(ByteBuffer(string: String(body[half...])))
                var text = ""
                for try await part in answer { text += String(buffer: part) }
                return text
            }
        }
    }

    /// How many tokens were let in.
    private var admitted: Int { app.verifications.totals.first { $0.outcome == "valid" }?.count ?? 0 }
}
