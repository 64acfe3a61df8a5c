import Foundation
import LatchkeyTestSupport
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import LatchkeyHTTP

@Suite("A plain question")
struct PlainQuestionTests {
    private static let gateway = """
        GET /authz HTTP/1.1\r
        Host: latchkey.example.com\r
        Authorization: Bearer a.b.c\r
        X-Original-Method: GET\r
        X-Original-URI: /api/users?page=2\r
        User-Agent: nginx/1.22 (of a test)\r
        X-Forwarded-For: 192.0.2.1, 10.0.0.1\r
        \r

        """
    private static let introspection = """
        POST /oauth2/introspect HTTP/1.1\r
        host: latchkey.example.com\r
        content-type: application/x-www-form-urlencoded\r
        Authorization: Basic YTpi\r
        Content-Length: 11\r
        Connection: keep-alive\r
        \r
        token=a.b.c
        """

    private func room() async throws -> FrontRoom { try await TestServer().doors.responder().front }

    @Test("is what gateways and APIs send", arguments: [gateway, introspection])
    func plain(text: String) async throws {
        let room = try await room()
        let plain = try #require(room.plainQuestion([UInt8](text.utf8)))
        #expect(plain.length == text.utf8.count)
        let behind = try #require(room.plainQuestion([UInt8]((text + Self.gateway).utf8)))
        #expect(behind.length == text.utf8.count)
        #expect(try Parsed(text.utf8).question(room) == "\(plain.question)")
        for length in 0..<text.utf8.count {
            #expect(room.plainQuestion([UInt8](text.utf8.prefix(length))) == nil, "\(length) bytes of it")
        }
    }

    @Test(
        "is nothing that changes how a message is framed, or that parsers read in different ways",
        arguments: [
            ("GET /authz HTTP/1.1", "PUT /authz HTTP/1.1"), ("GET /authz HTTP/1.1", "get /authz HTTP/1.1"),
            ("GET /authz HTTP/1.1", "GET  /authz HTTP/1.1"), ("GET /authz HTTP/1.1", "GET /authz  HTTP/1.1"),
            ("GET /authz HTTP/1.1", "GET /authz HTTP/1.0"), ("GET /authz HTTP/1.1", "GET /authz HTTP/1.1 "),
            ("GET /authz HTTP/1.1", "GET /authz HTTP/2.0"), ("GET /authz HTTP/1.1", "GET /authz"),
            ("GET /authz HTTP/1.1", "GET HTTP/1.1"), ("GET /authz HTTP/1.1", "GET  HTTP/1.1"),
            ("GET /authz HTTP/1.1", "GET "), ("GET /authz HTTP/1.1", " HTTP/1.1"), ("GET /authz HTTP/1.1", ""),
            ("Authorization: Bearer a.b.c", "A:"), ("Authorization: Bearer a.b.c", "A: "),
            ("Authorization: Bearer a.b.c", ":"), ("Authorization: Bearer a.b.c", ": "),
            ("GET /authz ", "GET http://h/authz "), ("GET /authz ", "GET /authz# "), ("GET /authz ", "GET /authz\\ "),
            ("GET /authz ", "GET /authzs "), ("GET /authz ", "GET /authz/\u{E9} "), ("GET /authz ", "GET /api/health "),
            ("GET /authz ", " GET /authz "), ("GET /authz ", "\r\nGET /authz "), ("GET /authz ", "GET\t/authz "),
            ("Host: latchkey.example.com\r\n", ""), ("Host: latchkey.example.com", "Host:"),
            ("Host: latchkey.example.com", "Host: a\r\nHost: a"), ("Host: latchkey", "Host : latchkey"),
            ("Host: latchkey", "Host:\tlatchkey"), ("Host: latchkey", "Host:latchkey"),
            ("Host: latchkey", "Host:  latchkey"), ("Host: latchkey.example.com", "Host: latchkey.example.com "),
            ("Host: latchkey.example.com\r\n", "Host: latchkey.example.com\n"),
            ("Host: latchkey.example.com\r\n", "Host: latchkey.example.com\r"),
            ("Host: latchkey.example.com\r\n", "Host: latchkey.example.com\r\r\n"),
            ("Host: latchkey.example.com\r\n", "Host: latchkey.example.com\r\n folded\r\n"),
            ("Bearer a", "Bearer\ta"), ("Bearer a", "Bearer \u{0}a"), ("Bearer a", "Bearer \u{7F}a"),
            ("Bearer a", "Bearer \u{E9}a"), ("Authorization:", "Authoriz\u{E4}tion:"), ("Authorization:", ":"),
            ("Authorization:", "Authorization(:"), ("Authorization:", "Author ization:"),
            ("Authorization: ", "Content-Length: 0\r\nAuthorization: "),
            ("Authorization: ", "Content-Length: 5\r\nAuthorization: "),
            ("Authorization: ", "Transfer-Encoding: chunked\r\nAuthorization: "),
            ("Authorization: ", "transfer-encoding: identity\r\nAuthorization: "),
            ("Authorization: ", "Connection: close\r\nAuthorization: "),
            ("Authorization: ", "Connection: keep-alive, close\r\nAuthorization: "),
            ("Authorization: ", "Proxy-Connection: close\r\nAuthorization: "),
            ("Authorization: ", "Connection: Upgrade\r\nAuthorization: "),
            ("Authorization: ", "Upgrade: h2c\r\nAuthorization: "),
            ("Authorization: ", "Expect: 100-continue\r\nAuthorization: "),
            ("Authorization: ", "TE: trailers\r\nAuthorization: "),
            ("Authorization: ", "Trailer: Host\r\nAuthorization: "),
        ])
    func notPlain(part: String, other: String) async throws {
        let room = try await room()
        #expect(Self.gateway.contains(part))
        let text = Self.gateway.replacingOccurrences(of: part, with: other)
        #expect(room.plainQuestion([UInt8](text.utf8)) == nil)
    }

    @Test(
        "has the body that its length says",
        arguments: [
            "", "Content-Length: 12\r\n", "Content-Length: 11\r\nContent-Length: 11\r\n", "Content-Length: +11\r\n",
            "Content-Length: 011\r\n", "Content-Length: 1 1\r\n", "Content-Length: 11,11\r\n", "Content-Length: 0\r\n",
            "Content-Length: -1\r\n", "Content-Length: 99999999999999999999\r\n",
            "Content-Length: 11\r\nTransfer-Encoding: chunked\r\n",
        ])
    func length(said: String) async throws {
        let room = try await room()
        let text = Self.introspection.replacingOccurrences(of: "Content-Length: 11\r\n", with: said)
        #expect(room.plainQuestion([UInt8](text.utf8)) == nil)
    }

    @Test("is short: long heads and bodies, and many fields, are the parser's business")
    func long() async throws {
        let room = try await room()
        func asked(_ more: String) -> PlainQuestion? {
            room.plainQuestion([UInt8](Self.gateway.replacingOccurrences(of: "User-Agent", with: more).utf8))
        }
        #expect(asked("X: y\r\nUser-Agent") != nil)
        #expect(asked(String(repeating: "X: y\r\n", count: 58) + "User-Agent") != nil)
        #expect(asked(String(repeating: "X: y\r\n", count: 59) + "User-Agent") == nil)
        #expect(asked("X: \(String(repeating: "y", count: 9000))\r\nUser-Agent") == nil)
        let form = "token=" + String(repeating: "x", count: FrontRoom.longestForm)
        let introspection = Self.introspection.replacingOccurrences(of: "token=a.b.c", with: form)
            .replacingOccurrences(of: "Content-Length: 11", with: "Content-Length: \(form.utf8.count)")
        #expect(room.plainQuestion([UInt8](introspection.utf8)) == nil)
    }

    /// Whatever is done to a request: if it is read as a plain question, the parser reads the same, and as far.
    @Test("is read as the parser reads it", arguments: 1...12)
    func differently(seed: Int) async throws {
        let room = try await room()
        var chance = Chance(seed: UInt64(seed))
        var read = 0
        for _ in 0..<1500 {
            let bytes = chance.altered([Self.gateway, Self.introspection][chance.below(2)])
            guard let plain = room.plainQuestion(bytes) else { continue }
            read += 1
            let parsed = try? Parsed(bytes[..<plain.length])
            let text = String(decoding: bytes, as: UTF8.self).debugDescription
            #expect(parsed?.question(room) == "\(plain.question)", "\(text)")
        }
        #expect(read > 150)
    }
}

extension FrontRoom {
    fileprivate func plainQuestion(_ bytes: [UInt8]) -> PlainQuestion? {
        bytes.withUnsafeBytes { plainQuestion($0) }
    }
}

/// What SwiftNIO's parser makes of bytes that are one whole request and nothing more; it throws when they are not.
private struct Parsed {
    private var head: HTTPRequestHead
    private var body: [UInt8] = []

    struct NotOneRequest: Error {}

    init(_ bytes: some Sequence<UInt8>) throws {
        let channel = EmbeddedChannel()
        try channel.pipeline.syncOperations.addHandler(ByteToMessageHandler(HTTPRequestDecoder()))
        try channel.writeInbound(ByteBuffer(bytes: bytes))
        guard case .head(let first)? = try channel.readInbound(as: HTTPServerRequestPart.self) else {
            throw NotOneRequest()
        }
        head = first
        var part = try channel.readInbound(as: HTTPServerRequestPart.self)
        while case .body(let bytes)? = part {
            body += bytes.readableBytesView
            part = try channel.readInbound(as: HTTPServerRequestPart.self)
        }
        guard case .end(nil)? = part else { throw NotOneRequest() }
        // Only where nothing is left over does another request begin right behind it.
        try channel.writeInbound(ByteBuffer(string: "GET /behind HTTP/1.1\r\nHost: h\r\n\r\n"))
        guard case .head(let next)? = try channel.readInbound(as: HTTPServerRequestPart.self), next.uri == "/behind",
            head.isKeepAlive, head.headers["Host"].count == 1
        else { throw NotOneRequest() }
    }

    func question(_ room: FrontRoom) -> String? {
        room.topic(head).map { "\(room.question($0, head, body))" }
    }
}

/// Requests that somebody has tampered with, the same for each seed.
private struct Chance: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

    private static let bytes = [UInt8]("\r\n\t :;,=/?#%&+.-_aZ09\u{0}\u{7F}\u{E9}\"\\()<>[]{}|~^`'!*$@".utf8)
    private static let lines = [
        "Host: other", "host: latchkey.example.com", "Content-Length: 11", "Content-Length: 0", "content-length: 3",
        "Transfer-Encoding: chunked", "Connection: keep-alive", "Connection: close", "connection: Keep-Alive",
        "Upgrade: websocket", "Expect: 100-continue", "Authorization: Bearer x", "X-Original-URI: /",
        "X-Forwarded-Uri: /", "X-Request-Id: 1", "Keep-Alive: timeout=5", "TE: trailers", "X_Y: z", "Cookie: a=b; c=d",
        "Accept: */*",
    ].map { [UInt8](($0 + "\r\n").utf8) }

    mutating func altered(_ text: String) -> [UInt8] {
        var bytes = [UInt8](text.utf8)
        for _ in 0..<below(4) {
            let place = below(bytes.count)
            switch below(7) {
            case 0: bytes[place] = Self.bytes[below(Self.bytes.count)]
            case 1: bytes.insert(Self.bytes[below(Self.bytes.count)], at: place)
            case 2: bytes.remove(at: place)
            case 3: bytes.removeSubrange(place..<min(bytes.count, place + below(40)))
            case 4: bytes.insert(contentsOf: Self.lines[below(Self.lines.count)], at: lineStart(in: bytes))
            case 5: bytes.removeSubrange(word(at: place, in: bytes))
            default: bytes += bytes[place...]
            }
            if bytes.isEmpty { return [0] }
        }
        return bytes
    }

    /// With the space or the line's end behind it.
    private func word(at place: Int, in bytes: [UInt8]) -> ClosedRange<Int> {
        let isEnd: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
        let start = bytes[..<place].lastIndex(where: isEnd).map { $0 + 1 } ?? 0
        return start...(bytes[place...].firstIndex(where: isEnd) ?? bytes.count - 1)
    }

    private mutating func lineStart(in bytes: [UInt8]) -> Int {
        let starts = bytes.indices.filter { $0 > 0 && bytes[$0 - 1] == UInt8(ascii: "\n") }
        return starts.randomElement(using: &self) ?? 0
    }
}
