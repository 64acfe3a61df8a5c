import Crypto
import Foundation
import Testing

@testable import LatchkeyCore

@Suite("The key ring")
struct KeyRingTests {
    private func digest(_ text: String, _ ring: KeyRing) -> TokenDigest {
        TokenFormat.withBytes(text) { ring.digest(of: $0) }
    }

    @Test("digests as HMAC-SHA-256 does; computed once by another program")
    func knownDigest() {
        let digest = digest("abc", goldenRing())
        #expect(Base64URL.text(digest.bytes) == "tz1Zl-XpyzQ2_TXV4LzPVayqmh0QdNe6uyh9sGHdtAc")
        #expect(digest.generation == 1)
        #expect(goldenRing().check == "LYFTDGiSoHMJidECn97wMAwuf0sn7iXeOSjqoO0tmtY")
    }

    @Test("hashes as the library does, whatever the lengths")
    func sameAsLibrary() {
        for keyLength in [0, 1, 32, 63, 64] {
            let key = SymmetricKey(data: countingBytes()(keyLength))
            for length in [0, 1, 55, 56, 63, 64, 65, 119, 120, 500] {
                let message = countingBytes()(length)
                let words = KeyedHash(key: key).code(of: message)
                let library = HMAC<SHA256>.authenticationCode(for: message, using: key)
                #expect(withUnsafeBytes(of: words) { Array($0) } == Array(library))
            }
        }
    }

    @Test("compares digests by all of their bytes and their generation")
    func comparesWhole() {
        let digest = digest("abc", goldenRing())
        for place in 0..<32 {
            var bytes = digest.bytes
            bytes[place] ^= 1
            #expect(TokenDigest(bytes: bytes, generation: 1) != digest)
        }
        #expect(TokenDigest(bytes: digest.bytes, generation: 2) != digest)
        #expect(TokenDigest(bytes: digest.bytes, generation: 1) == digest)
    }

    @Test("is the same after a trip through its file")
    func file() throws {
        let ring = goldenRing().rotated(randomBytes: countingBytes())
        let read = try #require(KeyRing(fileContents: ring.fileContents()))
        #expect(read.jwks == ring.jwks)
        #expect(read.check == ring.check)
        #expect(read.digestGenerations == [1, 2])
        #expect(read.fileContents() == ring.fileContents())
        #expect(digest("abc", read) == digest("abc", ring))
    }

    @Test("is not made of a file that is cut, empty, of another version or short of a key")
    func badFiles() throws {
        let whole = goldenRing().fileContents()
        for length in stride(from: 0, to: whole.count - 1, by: 7) {
            #expect(KeyRing(fileContents: Array(whole.prefix(length))) == nil)
        }
        let text = String(decoding: whole, as: UTF8.self)
        for (part, other) in [(#""version" : 1"#, #""version" : 2"#), (#""kid" : "lk"#, #""kid" : "xx"#)] {
            #expect(text.contains(part))
            #expect(KeyRing(fileContents: Array(text.replacingOccurrences(of: part, with: other).utf8)) == nil)
        }
    }

    @Test("rotates: new tokens under new keys, old ones still known, the check value unchanged")
    func rotates() throws {
        let old = goldenRing()
        let drawn = countingBytes()
        _ = drawn(3)
        let new = old.rotated(randomBytes: drawn)
        let text = try old.mint(goldenClaims(), random: Array(repeating: 1, count: 16)).secret.reveal()
        #expect(new.check == old.check)
        #expect(new.kids.count == 2 && new.kids.first == old.kids.first)
        #expect(digest(text, new).generation == 2)
        #expect(TokenFormat.withBytes(text) { new.digest(of: $0, generation: 1) } == digest(text, old))
        #expect(TokenFormat.withBytes(text) { new.hasOurSignature($0) })
        #expect(TokenFormat.withBytes(text) { new.tokenNamed(by: $0) } == ID(7))
        #expect(try new.mint(goldenClaims(), random: Array(repeating: 1, count: 16)).signedBy == new.kids.last)
    }

    @Test("drops what nothing needs, never the newest")
    func drops() {
        let new = goldenRing().rotated(randomBytes: countingBytes())
        let lean = new.keeping(kids: [], digests: [], sealings: [])
        #expect(lean.kids == Array(new.kids.suffix(1)))
        #expect(lean.digestGenerations == [2] && lean.sealingGenerations == [2])
        let full = new.keeping(kids: Set(new.kids), digests: [1], sealings: [1])
        #expect(full.kids == new.kids && full.digestGenerations == [1, 2] && full.sealingGenerations == [1, 2])
    }

    @Test("draws a signing key again when it is out of range")
    func drawsAgain() {
        var draws = 0
        let ring = KeyRing.generate(instance: "i") { count in
            draws += 1
            return [UInt8](repeating: draws == 1 ? 0xff : 0x11, count: count)
        }
        #expect(ring.kids == ["lkRRRRRRRR"])
    }

    @Test("opens what it sealed, in its own context alone, also after a rotation")
    func seals() throws {
        let ring = goldenRing()
        let nonce = [UInt8](repeating: 9, count: KeyRing.nonceByteCount)
        let sealed = try #require(ring.seal(Array("a reply".utf8), context: [1], nonce: nonce))
        let rotated = ring.rotated(randomBytes: countingBytes())
        #expect(rotated.open(sealed, context: [1]) == Array("a reply".utf8))
        #expect(rotated.open(sealed, context: [2]) == nil)
        #expect(rotated.keeping(kids: [], digests: [], sealings: []).open(sealed, context: [1]) == nil)
        #expect(KeyRing.sealingGeneration(of: sealed) == 1)
        for place in sealed.indices {
            var altered = sealed
            altered[place] ^= 1
            #expect(ring.open(altered, context: [1]) == nil)
        }
        #expect(ring.seal([1], context: [], nonce: [1, 2]) == nil)
    }

    @Test("publishes its public keys and nothing else, newest first")
    func publishes() throws {
        struct Key: Decodable {
            let kty, crv, use, alg, kid, x, y: String
        }
        let ring = goldenRing().rotated(randomBytes: countingBytes())
        let set = try JSONDecoder().decode([String: [Key]].self, from: Data(ring.jwks.utf8))
        let keys = try #require(set["keys"])
        #expect(keys.map(\.kid) == ring.kids.reversed())
        #expect(keys.allSatisfy { $0.alg == "ES256" && $0.crv == "P-256" && $0.x.count == 43 && $0.y.count == 43 })
        #expect(!ring.jwks.contains("\"d\""))
    }

    @Test("tells its own jti from any that was altered")
    func tags() throws {
        let ring = goldenRing()
        let text = try ring.mint(goldenClaims(), random: Array(repeating: 5, count: 16)).secret.reveal()
        let jti = Array(try #require(TokenFormat.withBytes(text) { TokenFormat.jtiText($0).map { Array($0) } }))
        #expect(JTI(text: jti, key: ring.tagHash)?.token == ID(7))
        for place in jti.indices {
            var altered = jti
            altered[place] = altered[place] == UInt8(ascii: "A") ? UInt8(ascii: "Q") : UInt8(ascii: "A")
            #expect(JTI(text: altered, key: ring.tagHash) == nil)
        }
    }
}
