import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@Suite("Limits")
struct LimitTests {
    private static let office = Address("192.0.2.7")

    private static func authenticate(_ house: House, _ presented: String, from address: Address?) async -> Refusal? {
        await refusal {
            _ = try await house.app.authenticate(
                presented[...], method: "GET", route: "/test", from: Origin(address: address))
        }
    }

    private static func limited(_ refusal: Refusal?) -> Bool {
        if case .limited = refusal { true } else { false }
    }

    @Test("refuse wrong credentials beyond their number, and never the right one beside them")
    func refusedCredentials() async throws {
        let house = try await House(on: .sqlite, limits: LimitSettings(refused: Quota(calls: 3, in: .minutes(1))))
        let token = try await house.givenToken(for: house.givenServiceUser()).secret.reveal()
        for round in 0..<10 {
            let wrong = await Self.authenticate(house, "nonsense", from: Self.office)
            #expect(round < 3 ? wrong == .unauthenticated(credentialSent: true) : Self.limited(wrong))
            let right = await Self.authenticate(house, token, from: Self.office)
            #expect(right == nil)
            let elsewhere = await Self.authenticate(house, token, from: Address("192.0.2.8"))
            #expect(elsewhere == nil)
        }
        house.clock.advance(by: .seconds(20))
        let again = await Self.authenticate(house, "nonsense", from: Self.office)
        #expect(again == .unauthenticated(credentialSent: true))
    }

    @Test("count a dead token's presentations, and still record its use")
    func deadToken() async throws {
        let house = try await House(on: .sqlite, limits: LimitSettings(refused: Quota(calls: 1, in: .minutes(1))))
        let issued = try await house.givenToken(for: house.givenServiceUser())
        _ = try await house.app.updateToken(
            issued.summary.token.id, TokenEdit(revoke: true, reason: .superseded), as: house.admin)
        let value = issued.secret.reveal()
        let first = await Self.authenticate(house, value, from: Self.office)
        #expect(first == .unauthenticated(credentialSent: true))
        let second = await Self.authenticate(house, value, from: Self.office)
        #expect(Self.limited(second))
        let neighbour = await Self.authenticate(house, value, from: Address("192.0.2.8"))
        #expect(neighbour == .unauthenticated(credentialSent: true))
    }

    @Test("take a /64 of IPv6 for one address")
    func households() async throws {
        let house = try await House(on: .sqlite, limits: LimitSettings(refused: Quota(calls: 2, in: .minutes(1))))
        for (address, isLimited) in [("2001:db8::1", false), ("2001:db8::2", false), ("2001:db8::3", true)] {
            let wrong = await Self.authenticate(house, "nonsense", from: Address(address))
            #expect(Self.limited(wrong) == isLimited, "\(address)")
        }
        let other = await Self.authenticate(house, "nonsense", from: Address("2001:db8:0:1::1"))
        #expect(other == .unauthenticated(credentialSent: true))
    }
}
