import LatchkeyCore
import Testing

@Suite("The rules of signing in")
struct SignInRulesTests {
    /// RFC 6238, appendix B, SHA-1: the last six of eight digits.
    @Test(
        "Codes are those of the standard",
        arguments: [
            (59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (1_234_567_890, "005924"),
            (2_000_000_000, "279037"), (20_000_000_000, "353130"),
        ])
    func codesAreThoseOfThe(_ seconds: Int64, _ code: String) {
        let authenticator = OneTimeCode(secret: Array("12345678901234567890".utf8))
        #expect(authenticator.code(at: Timestamp(seconds: seconds)) == code)
    }

    @Test("A code of the step before or after is taken, one further away is not, and none twice")
    func aCodeOfTheStep() throws {
        let authenticator = OneTimeCode(secret: Array("12345678901234567890".utf8))
        let now = Timestamp(seconds: 1_000_000_020)
        let step = try #require(authenticator.step(of: authenticator.code(at: now), at: now, after: 0))
        #expect(authenticator.step(of: authenticator.code(at: now), at: now + .seconds(30), after: 0) == step)
        #expect(authenticator.step(of: authenticator.code(at: now), at: now - .seconds(30), after: 0) == step)
        #expect(authenticator.step(of: authenticator.code(at: now), at: now + .seconds(60), after: 0) == nil)
        #expect(authenticator.step(of: authenticator.code(at: now), at: now, after: step) == nil)
    }

    @Test("A hash knows its password and no other, and survives its column")
    func aHashKnowsItsPassword() throws {
        let salt = [UInt8](repeating: 7, count: PasswordHash.saltByteCount)
        let hash = try #require(PasswordHash(of: Password("four words in a row"), salt: salt, cost: .trivial))
        let read = try #require(PasswordHash(stored: hash.stored))
        #expect(read == hash)
        #expect(read.matches(Password("four words in a row")))
        #expect(!read.matches(Password("four words in a ro")))
        #expect(read.isCheaper(than: .usual))
        #expect(PasswordHash(stored: "scrypt$2$1$1$$") == nil || PasswordHash(stored: "plain$text") == nil)
    }

    @Test(
        "What is easily guessed is refused",
        arguments: [
            "short", "aaaaaaaaaaaaaaaa", "123456789012", "abcdefghijklmnop", "password1234", "grace@example.com",
            "Grace Hopper!", "latchkey2026",
        ])
    func whatIsEasilyGuessedIs(_ text: String) {
        #expect(throws: Refusal.self) {
            try Password(text).check(for: ["Grace Hopper", "grace@example.com", "grace"], at: "/password")
        }
    }

    @Test(
        "Long and unlike is good enough",
        arguments: ["four words in a row", "Zw9!kQ2#vLp0", "пароль из четырёх слов"])
    func longAndUnlikeIsGood(_ text: String) throws {
        try Password(text).check(for: ["Grace Hopper", "grace@example.com"], at: "/password")
    }

    @Test("A recovery code is read as people type it")
    func aRecoveryCodeIsRead() throws {
        let code = RecoveryCode(random: Array(0..<12))
        let shown = code.reveal()
        #expect(shown == "0123-4567-89ab")
        #expect(RecoveryCode(typed: " 0123 4567 89AB")?.reveal() == shown)
        #expect(RecoveryCode(typed: "0123-4567-89a") == nil)
    }

    @Test("Secrets print as nothing")
    func secretsPrintAsNothing() {
        let secret = OpaqueSecret(random: [UInt8](repeating: 1, count: 32))
        #expect(!"\(secret) \(String(reflecting: secret))".contains(secret.reveal()))
        #expect(!"\(Password("canary")) \(String(reflecting: Password("canary")))".contains("canary"))
    }
}
