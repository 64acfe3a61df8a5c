import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import NIOCore
import NIOPosix
import Testing

@testable import LatchkeyHTTP

/// A server, and a token of an Admin that has leaked.
private struct Leak {
    let server: TestServer
    let user: ID<User>
    let token: String
    let number: ID<Token>

    init(on engine: EngineUnderTest) async throws {
        server = try await TestServer(on: engine)
        user = try await server.givenServiceUser("Leaked", role: .admin)
        token = try await server.givenToken(for: user)
        number = try await server.app.authenticate(token[...], method: "GET", route: "/", from: Origin()).token
    }

    /// Asks for another token, and holds the request back until something has happened.
    func ask(between: @escaping @Sendable () async throws -> Void = {}) async throws -> String {
        try await server.sendInHalves(
            "POST /api/user-tokens", as: token, #"{"name":"late","user_id":\#(user)}"#, between: between)
    }

    func revoke() async throws {
        let edit = TokenEdit(revoke: true, reason: .compromised)
        _ = try await server.app.updateToken(number, edit, as: server.adminCaller)
    }

    /// Why the token was refused and how often, as the log has it.
    func refusals() async throws -> [[AuditValue?]] {
        try await server.app.flushUsage(.final)
        let events = try await server.app.listActivity(
            ActivityFilter(verbs: [.refuse], token: number), PageRequest(), as: server.adminCaller)
        return events.items.map { item in
            ["reason", "count"].map { name in item.event.changes.first { $0.field == name }?.after }
        }
    }

    /// How the uses of the token are counted.
    func outcomes() async throws -> [UseOutcome: Int64] {
        let now = server.clock.now
        let query = UsageQuery(token: number, from: now - .hours(1), until: now + .hours(1), step: .hour)
        let uses = try await server.app.tokenUsage(query, as: server.adminCaller)
        return Dictionary(uses.map { ($0.key.outcome, $0.count) }, uniquingKeysWith: +)
    }
}

@Suite("A request whose sender holds its body back")
struct UnderWayTests {
    @Test("changes nothing when its token was revoked meanwhile", arguments: EngineUnderTest.available)
    func revoked(engine: EngineUnderTest) async throws {
        let leak = try await Leak(on: engine)
        let answer = try await leak.ask { try await leak.revoke() }
        #expect(answer.hasPrefix("HTTP/1.1 401"))
        try await leak.server.test { client in
            let tokens = try await client.get("/api/user-tokens/service?user_id=\(leak.user)")
            #expect(tokens.json.items.count == 1)
        }
    }

    @Test("is one refused use of a token that was revoked meanwhile", arguments: EngineUnderTest.available)
    func recorded(engine: EngineUnderTest) async throws {
        let leak = try await Leak(on: engine)
        _ = try await leak.ask { try await leak.revoke() }
        let (refusals, outcomes) = (try await leak.refusals(), try await leak.outcomes())
        #expect(refusals == [[.text("revoked"), .number(1)]])
        #expect(outcomes == [.refused: 1])
    }

    @Test("is a refused use of one that was deleted, too", arguments: EngineUnderTest.available)
    func deleted(engine: EngineUnderTest) async throws {
        let leak = try await Leak(on: engine)
        let answer = try await leak.ask {
            try await leak.revoke()
            try await leak.server.app.deleteToken(leak.number, as: leak.server.adminCaller)
        }
        #expect(answer.hasPrefix("HTTP/1.1 401"))
        let refusals = try await leak.refusals()
        #expect(refusals == [[.text("deleted"), .number(1)]])
    }

    @Test("gets no reply that was kept for it either", arguments: EngineUnderTest.available)
    func keptReply(engine: EngineUnderTest) async throws {
        let leak = try await Leak(on: engine)
        for _ in 1...2 {
            let answer = try await leak.ask()
            #expect(answer.hasPrefix("HTTP/1.1 201"))
        }
        let late = try await leak.ask { try await leak.revoke() }
        #expect(late.hasPrefix("HTTP/1.1 401"))
        #expect(!late.contains("bearer_token"))
        let outcomes = try await leak.outcomes()
        #expect(outcomes == [.allowed: 2, .refused: 1])
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
