import LatchkeyCore
import Testing

@testable import LatchkeyApp

@Suite("The time that verification takes", .serialized)
struct VerificationTimingTests {
    /// Medians of interleaved rounds, so that whatever else the machine does falls on all alike. The bounds are wide:
    /// what they catch is a look-up, a signature or a read of the database for some tokens and not for others.
    @Test("tells nothing about a token: valid, revoked, expired, altered and invented cost alike")
    func alike() throws {
        let world = Verification()
        world.giveAccount()
        let valid = try world.give(1).secret
        let revoked = try world.give(2) {
            $0.revocation = Revocation(at: Verification.start, by: nil, reason: .unspecified)
        }.secret
        let expired = try world.give(3, expiresAt: Verification.start).secret
        let altered = String(valid.dropLast(2)) + (valid.hasSuffix("AA") ? "QQ" : "AA")
        let stranger = try Verification(seed: 2).give(4).secret
        let tokens = [valid, revoked, expired, altered, stranger]
        let medians = Self.medians(tokens, rounds: 1001) { _ = world.verify($0) }
        let known = medians[0..<3]
        #expect((known.max() ?? .zero) < (known.min() ?? .zero) * 2, "\(medians)")
        #expect((medians.max() ?? .zero) < (medians.min() ?? .zero) * 4, "\(medians)")
    }

    private static func medians(_ tokens: [String], rounds: Int, _ verify: (String) -> Void) -> [Duration] {
        let clock = ContinuousClock()
        var times = [[Duration]](repeating: [], count: tokens.count)
        for _ in 0..<rounds {
            for (place, token) in tokens.enumerated() { times[place].append(clock.measure { verify(token) }) }
        }
        return times.map { $0.sorted()[rounds / 2] }
    }
}
