import Crypto
import Testing

@testable import LatchkeyCore

/// Bytes 0, 1, 2, …: a chance that every run draws alike.
func countingBytes() -> (Int) -> [UInt8] {
    var next: UInt8 = 0
    return { count in
        (0..<count).map { _ in
            defer { next &+= 1 }
            return next
        }
    }
}

func goldenRing() -> KeyRing {
    KeyRing.generate(instance: "instance-1", randomBytes: countingBytes())
}

func goldenClaims(_ token: Int64 = 7, subject: String = "api_access@service", expires: Int64? = 1_731_536_000)
    -> TokenClaims
{
    TokenClaims(
        token: ID(token), issuer: "http://localhost:8080", subject: subject,
        issuedAt: Timestamp(seconds: 1_700_000_000), expiresAt: expires.map { Timestamp(seconds: $0) }, use: .service)
}

@Suite("The format of a token")
struct TokenFormatTests {
    let random = [UInt8](repeating: 0xab, count: 16)

    @Test("is the same for the same keys and chance, signature aside; computed once by another program")
    func golden() throws {
        let minted = try goldenRing().mint(goldenClaims(), random: random)
        let text = minted.secret.reveal()
        #expect(
            text.dropLast(87)
                == """
                eyJhbGciOiJFUzI1NiIsImtpZCI6ImxrZ2hpamtsbW4iLCJ0eXAiOiJKV1QifQ.\
                eyJqdGkiOiJBQUFBQUFBQUFBZXJxNnVycTZ1cnE2dXJxNnVycTZ1clB4WC1oaWxfUDJRIiwiaXNzIjoiaHR0cDovL2xvY2Fsa\
                G9zdDo4MDgwIiwic3ViIjoiYXBpX2FjY2Vzc0BzZXJ2aWNlIiwiaWF0IjoxNzAwMDAwMDAwLCJleHAiOjE3MzE1MzYwMDAsIn\
                VzZSI6InNlcnZpY2UifQ
                """)
        #expect(text.hasPrefix(TokenFormat.prefix))
        #expect(minted.signedBy == "lkghijklmn")
        #expect(minted.hint == String(text.suffix(4)))
        #expect(minted.digest == goldenRing().digest(of: minted.secret))
    }

    @Test("leaves exp out of a token that never expires, and escapes what JSON demands")
    func claims() {
        let jti = JTI(token: ID(7), random: random, key: KeyedHash(key: SymmetricKey(data: Array(104..<136))))
        let claims = TokenClaims(
            token: ID(7), issuer: "http://h/\"\\\u{1}", subject: "é", issuedAt: Timestamp(seconds: 1), expiresAt: nil,
            use: .scim)
        #expect(
            String(decoding: claims.json(jti: jti), as: UTF8.self)
                == #"{"jti":"AAAAAAAAAAerq6urq6urq6urq6urq6urPxX-hil_P2Q","iss":"http://h/\"\\\u0001","sub":"é","#
                + #""iat":1,"use":"scim"}"#)
    }

    @Test("reads its own tokens, and the number in them")
    func readsOwn() throws {
        let ring = goldenRing()
        for number in [1, 7, 1 << 40, Int64.max] {
            for handle in ["a@service", "ab@service", "abc@service", "zoë\"@service"] {
                let claims = goldenClaims(number, subject: handle, expires: nil)
                let text = try ring.mint(claims, random: random).secret.reveal()
                #expect(TokenSecret(presented: text) != nil)
                #expect(TokenFormat.withBytes(text) { ring.tokenNamed(by: $0) } == ID(number))
                #expect(TokenFormat.withBytes(text) { ring.hasOurSignature($0) })
            }
        }
    }

    @Test("refuses to make what it would not read")
    func tooLong() {
        let claims = goldenClaims(subject: String(repeating: "a", count: 4000))
        #expect(throws: Refusal.self) { try goldenRing().mint(claims, random: random) }
    }

    @Test("holds for no prefix, no longer text, no other segment, padding, header or alphabet")
    func misshapen() throws {
        let text = try goldenRing().mint(goldenClaims(), random: random).secret.reveal()
        var wrong = (0..<text.utf8.count).map { String(text.prefix($0)) }
        wrong += (1..<text.utf8.count).map { String(text.dropFirst($0)) }
        wrong += [
            text + "=", text + "==", text + ".", "." + text, text + ".AAAA", " " + text, text + "\n", text + text,
        ]
        wrong.append(text.replacing(".", with: "+"))
        wrong.append("Bearer " + text)
        let parts = text.split(separator: ".")
        let header = Base64URL.text(Array(#"{"alg":"none","kid":"lkghijklmn","typ":"JWT"}"#.utf8))
        wrong.append("\(header).\(parts[1]).\(parts[2])")
        wrong.append("\(header).\(parts[1]).")
        for accepted in wrong where TokenFormat.isWellFormed(accepted) { Issue.record("accepted \(accepted)") }
    }

    @Test("refuses letters outside of base64url and bits behind the last byte")
    func canonical() throws {
        for handle in ["a@service", "ab@service", "abc@service"] {
            let claims = goldenClaims(subject: handle)
            let text = Array(try goldenRing().mint(claims, random: random).secret.reveal().utf8)
            let ends = [text.count - 1, text.count - 88]
            for place in ends where place != ends[1] || (text.count - 150) % 4 != 0 {
                var altered = text
                altered[place] = try #require(Self.withStrayBit(text[place]))
                #expect(!TokenFormat.isWellFormed(String(decoding: altered, as: UTF8.self)))
            }
            for letter in ["+", "/", "=", "\0", "\u{7f}", "~"].compactMap(\.utf8.first) {
                var altered = text
                altered[100] = letter
                #expect(!TokenFormat.isWellFormed(String(decoding: altered, as: UTF8.self)))
            }
        }
    }

    /// The letter of the next value: where bits behind the last byte have to be zero, it sets the lowest of them.
    private static func withStrayBit(_ letter: UInt8) -> UInt8? {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        return alphabet.firstIndex(of: letter).map { alphabet[$0 + 1] }
    }

    @Test("tells a token signed by other keys, or altered, by its signature")
    func signatures() throws {
        let ring = goldenRing()
        let text = try ring.mint(goldenClaims(), random: random).secret.reveal()
        let drawn = countingBytes()
        _ = drawn(1)
        let other = KeyRing.generate(instance: "other", randomBytes: drawn)
        #expect(!TokenFormat.withBytes(text) { other.hasOurSignature($0) })
        #expect(TokenFormat.withBytes(text) { other.tokenNamed(by: $0) } == nil)
        var altered = Array(text.utf8)
        altered[150] = altered[150] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
        #expect(!TokenFormat.withBytes(String(decoding: altered, as: UTF8.self)) { ring.hasOurSignature($0) })
    }

    @Test("never shows a secret by accident")
    func redacted() throws {
        let minted = try goldenRing().mint(goldenClaims(), random: random)
        let shown = "\(minted.secret) \(String(reflecting: minted.secret)) \(minted) \(goldenRing())"
        #expect(!shown.contains("eyJ"))
        #expect(Mirror(reflecting: minted.secret).children.isEmpty)
        #expect(Mirror(reflecting: goldenRing()).children.isEmpty)
    }
}

@Suite("base64url")
struct Base64URLTests {
    @Test("is read back as written, for every length")
    func roundTrip() {
        for count in 0..<70 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ count) }
            let text = Base64URL.text(bytes)
            #expect(text.utf8.count == Base64URL.encodedLength(of: count))
            #expect(Base64URL.bytes(Array(text.utf8)) == bytes)
        }
    }

    @Test("has one spelling for each value")
    func strict() {
        for text in ["A", "AB", "AAB", "AAAAA", "AA=", "AA==", "A A", "+A", "/A", "é"] {
            #expect(Base64URL.bytes(Array(text.utf8)) == nil, "\(text)")
        }
    }

    @Test("knows its letters, wherever among others they stand")
    func letters() {
        let alphabet = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        for byte in UInt8.min...UInt8.max {
            for place in [0, 7, 31, 70] {
                var text = [UInt8](repeating: UInt8(ascii: "A"), count: 71)
                text[place] = byte
                let are = text.withUnsafeBufferPointer { Base64URL.areLetters($0[...]) }
                #expect(are == alphabet.contains(byte))
            }
        }
    }
}
