import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyApp

/// Whether there is an account, and what becomes of it, cannot be told from how long a refusal takes.
@Suite("The work of a refused sign-in", .serialized)
struct SignInWorkTests {
    /// Each is refused, or asks for more: nobody; a wrong password; no password at all, as of people who come by single
    /// sign-on; deactivated, with the right one.
    private static let emails = ["nobody@example.com", "grace@example.com", "ada@example.com", "zoe@example.com"]

    private static func house(on engine: EngineUnderTest, _ cost: PasswordHash.Cost = .trivial) async throws -> House {
        let house = try await House(on: engine, passwordCost: cost)
        _ = try await house.givenPerson("grace@example.com")
        let zoe = try await house.givenPerson("zoe@example.com")
        try await house.app.deactivateUser(zoe, revokingTokens: true, as: house.admin)
        return house
    }

    private static func password(for email: String) -> String {
        email.hasPrefix("grace") ? "not hers, but as long" : "four words in a row"
    }

    @Test("is one password hash, whosever the account", arguments: EngineUnderTest.available)
    func oneHash(_ engine: EngineUnderTest) async throws {
        let house = try await Self.house(on: engine)
        var (runs, refusals): ([Int], [Refusal?]) = ([], [])
        for email in Self.emails {
            let before = house.app.passwords.runCount
            refusals.append(await refusal { _ = try await house.signIn(email, Self.password(for: email)) })
            runs.append(house.app.passwords.runCount - before)
        }
        #expect(runs == [1, 1, 1, 1])
        #expect(Set(refusals.map { "\(String(describing: $0))" }).count == 1)
        #expect(refusals[0]?.pointer == "/password")
    }

    @Test("is none for a service user's name, whether or not there is one", arguments: EngineUnderTest.available)
    func services(_ engine: EngineUnderTest) async throws {
        let house = try await Self.house(on: engine)
        _ = try await house.givenServiceUser("Nightly Load")
        let before = house.app.passwords.runCount
        let there = await refusal { _ = try await house.signIn("nightly_load@service") }
        let missing = await refusal { _ = try await house.signIn("nobody@service") }
        #expect(there == missing)
        #expect(there?.pointer == "/email")
        #expect(house.app.passwords.runCount == before)
    }

    /// Medians of interleaved rounds, so that whatever else the machine does falls on all alike. A hash more or less
    /// would double or halve a time; the bound lies between.
    @Test("takes the same time, whosever the account")
    func sameTime() async throws {
        let house = try await Self.house(on: .sqlite, PasswordHash.Cost(rounds: 1 << 12, blockSize: 8, parallelism: 1))
        let clock = ContinuousClock()
        var times = [[Duration]](repeating: [], count: Self.emails.count)
        for _ in 0..<21 {
            for (place, email) in Self.emails.enumerated() {
                times[place].append(
                    await clock.measure {
                        _ = await refusal { _ = try await house.signIn(email, Self.password(for: email)) }
                    })
            }
            house.clock.advance(by: .minutes(5))
        }
        let medians = times.map { $0.sorted()[10] }
        #expect((medians.max() ?? .zero) < (medians.min() ?? .zero) * 1.5, "\(medians)")
    }
}
