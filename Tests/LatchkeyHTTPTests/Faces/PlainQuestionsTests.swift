import LatchkeyTestSupport
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import LatchkeyHTTP

/// A connection as the server sets it up, on which Hummingbird's part is the test's.
private struct Connection {
    private let channel: EmbeddedChannel

    init(_ server: TestServer) throws { try self.init(server.doors.responder(), on: EmbeddedEventLoop()) }

    init(_ responder: DoorsResponder, on loop: EmbeddedEventLoop) throws {
        channel = EmbeddedChannel(loop: loop)
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandlers([HTTPResponseEncoder(), ByteToMessageHandler(HTTPRequestDecoder())])
        try pipeline.addHandler(BehindParser(responder.front, responder.malformed))
    }

    static func question(_ more: String = "") -> String {
        "GET /authz HTTP/1.1\r\nHost: h\r\nX-Original-Method: GET\r\nX-Original-URI: /api/health\r\n\(more)\r\n"
    }

    /// What comes in one turn of the event loop, and the rest of that turn.
    func receive(_ text: String) throws {
        try begin(receiving: text)
        channel.embeddedEventLoop.run()
    }

    func closeFromBehind(_ mode: CloseMode) { channel.close(mode: mode, promise: nil) }

    func begin(receiving text: String) throws { try channel.writeInbound(ByteBuffer(string: text)) }

    /// The status lines of what has been sent since the last time.
    func sent() throws -> [String] {
        var text = ""
        while case .byteBuffer(let bytes)? = try channel.readOutbound(as: IOData.self) {
            text += String(buffer: bytes)
        }
        return text.split(separator: "\r\n").filter { $0.hasPrefix("HTTP/1.1 ") }.map { String($0.dropFirst(9)) }
    }

    /// The paths of requests that have reached Hummingbird since the last time.
    func reached() throws -> [String] {
        var paths: [String] = []
        while let part = try channel.readInbound(as: HTTPServerRequestPart.self) {
            if case .head(let head) = part { paths.append(head.uri) }
        }
        return paths
    }

    func answerFromBehind() {
        let head = HTTPResponseHead(version: .http1_1, status: .noContent)
        channel.write(HTTPServerResponsePart.head(head), promise: nil)
        channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil)
    }

    func fill() { channel.isWritable = false }
}

@Suite("Plain questions")
struct PlainQuestionsTests {
    @Test("are answered one by one and together, and Hummingbird sees none")
    func answered() async throws {
        let connection = try Connection(try await TestServer())
        try connection.receive(Connection.question())
        #expect(try connection.sent() == ["200 OK"])
        try connection.receive(String(repeating: Connection.question(), count: 3))
        #expect(try connection.sent() == ["200 OK", "200 OK", "200 OK"])
        #expect(try connection.reached() == [])
    }

    @Test("of several connections are answered together, when the event loop has seen them all")
    func together() async throws {
        let (responder, loop) = (try await TestServer().doors.responder(), EmbeddedEventLoop())
        let connections = [try Connection(responder, on: loop), try Connection(responder, on: loop)]
        for connection in connections { try connection.begin(receiving: Connection.question()) }
        for connection in connections { #expect(try connection.sent() == []) }
        loop.run()
        for connection in connections { #expect(try connection.sent() == ["200 OK"]) }
        try connections[0].receive(Connection.question())
        #expect(try connections[0].sent() == ["200 OK"])
    }

    @Test("beyond many are answered before the turn is over")
    func many() async throws {
        let connection = try Connection(try await TestServer())
        try connection.begin(receiving: String(repeating: Connection.question(), count: 300))
        let early = try connection.sent().count
        #expect(0 < early && early < 300)
        try connection.receive("")
        #expect(try connection.sent().count == 300 - early)
    }

    @Test(
        "are answered before the connection is closed in the same turn", arguments: [false, true],
        [CloseMode.all, .output])
    func closing(isPlain: Bool, mode: CloseMode) async throws {
        let connection = try Connection(try await TestServer())
        // A field that needs the parser.
        try connection.begin(receiving: Connection.question(isPlain ? "" : "X-Empty:\r\n"))
        connection.closeFromBehind(mode)
        #expect(try connection.sent() == ["200 OK"])
    }

    @Test("keep their place behind another request, and so does what comes behind them")
    func order() async throws {
        let connection = try Connection(try await TestServer())
        let health = "GET /api/health HTTP/1.1\r\nHost: h\r\n\r\n"
        try connection.receive(Connection.question() + health + Connection.question())
        #expect(try connection.sent() == ["200 OK"])
        #expect(try connection.reached() == ["/api/health", "/authz"])
        connection.answerFromBehind()
        connection.answerFromBehind()
        #expect(try connection.sent() == ["204 No Content", "204 No Content"])
        try connection.receive(Connection.question())
        #expect(try connection.sent() == ["200 OK"])
    }

    @Test("are the parser's from the first byte on that is none of theirs: a request cannot hide in another's body")
    func over() async throws {
        let connection = try Connection(try await TestServer())
        let hidden = Connection.question()
        try connection.receive(
            "POST /api/health HTTP/1.1\r\nHost: h\r\nContent-Length: \(hidden.utf8.count)\r\n\r\n")
        try connection.receive(hidden)
        #expect(try connection.reached() == ["/api/health"])
        #expect(try connection.sent() == [])
        connection.answerFromBehind()
        #expect(try connection.sent() == ["204 No Content"])
    }

    @Test("in pieces are put together by the parser")
    func pieces() async throws {
        let connection = try Connection(try await TestServer())
        let text = Connection.question()
        try connection.receive(String(text.prefix(30)))
        try connection.receive(String(text.dropFirst(30)) + Connection.question())
        #expect(try connection.sent() == ["200 OK", "200 OK"])
        #expect(try connection.reached() == [])
    }

    @Test("of somebody who does not read the answers wait behind Hummingbird")
    func unread() async throws {
        let connection = try Connection(try await TestServer())
        connection.fill()
        try connection.receive(Connection.question() + Connection.question())
        #expect(try connection.sent() == [])
        #expect(try connection.reached() == ["/authz", "/authz"])
    }
}
