import Foundation
import Testing

@testable import LatchkeyCore

@Suite("An access token")
struct AccessTokenTests {
    private let now = Given.now

    private func claims(teams: [String] = ["Public", "Say \"hi\""], actions: Set<String>? = ["b", "a"]) -> AccessClaims
    {
        AccessClaims(
            token: ID(42), issuer: "https://keys.example", subject: "sync@service", issuedAt: now,
            expiresAt: now + .minutes(10), role: .editor, teams: teams, actions: actions)
    }

    private func mint(_ claims: AccessClaims, _ ring: KeyRing = goldenRing()) throws -> [UInt8] {
        Array(try ring.mint(claims, random: countingBytes()(16)).secret.reveal().utf8)
    }

    private func grant(_ bytes: [UInt8], _ ring: KeyRing = goldenRing()) -> AccessGrant? {
        bytes.withUnsafeBufferPointer { TokenFormat.isAccessToken($0) ? ring.accessGrant($0) : nil }
    }

    @Test("is what RFC 9068 says, and begins as every token does")
    func form() throws {
        let bytes = try mint(claims())
        #expect(String(decoding: bytes, as: UTF8.self).hasPrefix(TokenFormat.prefix))
        let parts = bytes.split(separator: UInt8(ascii: "."))
        let head = try #require(Base64URL.bytes(parts[0]))
        let kid = goldenRing().kids.last ?? ""
        #expect(String(decoding: head, as: UTF8.self) == #"{"alg":"ES256","kid":"\#(kid)","typ":"at+jwt"}"#)
        let payload = try #require(Base64URL.bytes(parts[1]))
        let object = try #require(try JSONSerialization.jsonObject(with: Data(payload)) as? [String: Any])
        #expect(object["iss"] as? String == "https://keys.example")
        #expect(object["aud"] as? String == "https://keys.example")
        #expect(object["sub"] as? String == "sync@service")
        #expect(object["client_id"] as? String == "sync@service")
        #expect(object["scope"] as? String == "a b")
        #expect(object["role"] as? String == "Editor")
        #expect(object["teams"] as? [String] == ["Public", "Say \"hi\""])
        #expect((object["exp"] as? NSNumber)?.int64Value == (now + .minutes(10)).seconds)
        #expect((object["jti"] as? String)?.count == JTI.textLength)
    }

    @Test("gives back what it grants, under an older key too")
    func grants() throws {
        let newer = goldenRing().rotated(randomBytes: countingBytes())
        let granted = try #require(grant(try mint(claims()), newer))
        #expect(granted.token == ID(42))
        #expect(granted.jti == (try goldenRing().mint(claims(), random: countingBytes()(16)).jti))
        #expect(granted.actions == ["a", "b"])
        #expect(granted.expiresAt == now + .minutes(10))
        let (unlimited, nothing) = (try mint(claims(actions: nil)), try mint(claims(actions: [])))
        #expect(grant(unlimited)?.actions == nil)
        #expect(grant(nothing)?.actions == [])
    }

    @Test("is refused when any letter of it is another, a piece is missing, or another instance made it")
    func altered() throws {
        let bytes = try mint(claims())
        for place in bytes.indices {
            var other = bytes
            other[place] = other[place] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            #expect(grant(other) == nil, "letter \(place)")
        }
        for length in stride(from: 0, to: bytes.count, by: 11) { #expect(grant(Array(bytes[..<length])) == nil) }
        let stranger = KeyRing.generate(instance: "other", randomBytes: CountingFrom(77).bytes)
        #expect(grant(bytes, stranger) == nil)
    }

    @Test("is never taken for a token, nor a token for it")
    func kinds() throws {
        let access = try mint(claims())
        #expect(access.withUnsafeBufferPointer { !TokenFormat.isWellFormed($0) })
        let token = TokenClaims(
            token: ID(42), issuer: "https://keys.example", subject: "sync@service", issuedAt: now, expiresAt: nil,
            use: .service)
        let bytes = Array(try goldenRing().mint(token, random: countingBytes()(16)).secret.reveal().utf8)
        #expect(bytes.withUnsafeBufferPointer { !TokenFormat.isAccessToken($0) })
        let (accessParts, parts) = (access.split(separator: 46), bytes.split(separator: 46))
        let crossed = Array(accessParts[0] + [46] + parts[1] + [46] + parts[2])
        #expect(grant(crossed) == nil)
    }

    @Test("with more teams than fit is refused, not cut")
    func tooLong() {
        let teams = (0..<60).map { "\($0) " + String(repeating: "x", count: 100) }
        let refused = refusal { () throws(Refusal) in
            _ = try goldenRing().mint(claims(teams: teams), random: countingBytes()(16))
        }
        #expect(refused != nil)
    }
}

/// Bytes that count from a start of one's own.
private struct CountingFrom {
    let start: UInt8

    init(_ start: UInt8) {
        self.start = start
    }

    func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { start &+ UInt8(truncatingIfNeeded: $0) }
    }
}
