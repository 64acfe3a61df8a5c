import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

/// An identity is a way in for good, so it takes more than a moment with somebody's limited token to connect one.
@Suite("An identity that an Admin connects")
struct IdentityLinkTests {
    @Test("is refused to tokens that end early or are limited", arguments: EngineUnderTest.available)
    func weakTokens(engine: EngineUnderTest) async throws {
        let house = try await SignOnHouse(on: engine)
        let robot = try await house.house.givenServiceUser(role: .admin)
        let ada = try #require(house.admin.userID)
        let full = try await house.house.givenToken(for: robot)
        let bearer = try await house.app.authenticate(
            full.secret.reveal()[...], method: "POST", route: "/oauth2/token", from: Origin())
        let access = try await house.app.issueAccess(AccessRequest(.clientCredentials), of: bearer, from: Origin())
        var secrets = [access.secret]
        let limits = [
            NarrowingRequest(actions: ["users:manage"]), NarrowingRequest(role: .admin),
            NarrowingRequest(teams: ["Public"]),
        ]
        for (number, limit) in limits.enumerated() {
            secrets.append(try await house.house.givenToken("limited \(number)", for: robot, limits: limit).secret)
        }
        for secret in secrets {
            let caller = try await house.house.caller(secret)
            let refused = await refusal {
                _ = try await house.app.linkIdentity("mine", at: house.set.id, to: ada, as: caller)
            }
            #expect(refused?.isForbidden == true)
        }
        #expect(try await house.app.listIdentities(of: ada, as: house.admin).isEmpty)
        let whole = try await house.house.caller(full.secret)
        _ = try await house.app.linkIdentity("hers", at: house.set.id, to: ada, as: whole)
    }

    @Test("does not open a break-glass account", arguments: EngineUnderTest.available)
    func breakGlass(engine: EngineUnderTest) async throws {
        let house = try await SignOnHouse(on: engine)
        let made = try await house.app.bootstrap(email: "eve@example.com", name: nil, isBreakGlass: true)
        let refused = await refusal {
            _ = try await house.app.linkIdentity("mine", at: house.set.id, to: made.user.user.id, as: house.admin)
        }
        guard case .conflict = refused else {
            Issue.record("connected: \(String(describing: refused))")
            return
        }
    }
}
