import Crypto
import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

/// What SECURITY.md says of somebody who has the key file and nothing else.
@Suite("Whoever has the keys alone")
struct StolenKeyTests {
    /// A text that the server takes for its own: `user end mark`, sealed, of a person without a password.
    private func forged(for user: ID<User>, context: String, _ house: House) throws -> String {
        let mark = Array(SHA256.hash(data: Array("none".utf8)).prefix(12))
        let end = (house.clock.now + .minutes(1)).milliseconds
        let content = Array("\(user.value) \(end) \(OpaqueText.text(mark))".utf8)
        let sealed = house.app.keys.current.seal(
            content, context: Array(context.utf8), nonce: [UInt8](repeating: 7, count: KeyRing.nonceByteCount))
        return OpaqueText.text(try #require(sealed))
    }

    @Test("makes no link to a password, even for who has none", arguments: EngineUnderTest.available)
    func passwordLink(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let ada = try await house.app.findUser(handle: "ada@example.com", as: house.admin).user.id
        let link = try forged(for: ada, context: "password link", house)
        for _ in 1...2 {
            let seen = await refusal { _ = try await house.app.person(behind: link) }
            #expect(seen != nil)
            let used = await refusal {
                _ = try await house.app.choosePassword(link: link, password: House.password, from: Origin())
            }
            #expect(used != nil)
            _ = try await house.app.passwordLink(email: "ada@example.com")
        }
    }

    @Test("makes no half of a sign-in for who has no password", arguments: EngineUnderTest.available)
    func pending(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let ada = try await house.app.findUser(handle: "ada@example.com", as: house.admin).user.id
        let half = try forged(for: ada, context: "pending sign-in", house)
        let refused = await refusal {
            _ = try await house.app.confirmSecondFactor(half, code: "123456", from: Origin())
        }
        guard case .badRequest = refused else {
            Issue.record("the code was looked at: \(String(describing: refused))")
            return
        }
    }

    @Test("makes access tokens of service tokens, and of nothing else", arguments: EngineUnderTest.available)
    func accessTokens(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let robot = try await house.givenServiceUser()
        let service = try await house.givenToken(for: robot).summary.token.id
        let scim = try await house.app.issueToken(
            NewToken(name: "directory", owner: robot.user.id, lifetime: .days(30), isSCIMOnly: true), as: house.admin
        ).summary.token.id
        _ = try await house.givenPerson("grace@example.com", role: .admin)
        let grace = try await house.person(house.session("grace@example.com")).caller
        let personal = try await house.app.issueToken(NewToken(name: "laptop", lifetime: .days(30)), as: grace)
            .summary.token.id
        var accepted: [ID<Token>] = []
        for token in [service, scim, personal, ID(999_999)] {
            let claims = AccessClaims(
                token: token, issuer: "anything", subject: robot.user.handle, issuedAt: house.clock.now,
                expiresAt: house.clock.now + .minutes(60), role: .admin, teams: [], actions: nil)
            let forged = try house.app.keys.current.mint(claims, random: [UInt8](repeating: 7, count: 16)).secret
            if let caller = try? await house.caller(forged) {
                accepted.append(token)
                #expect(throws: Refusal.self) { try caller.require(.manageUsers) }
            }
        }
        #expect(accepted == [service])
    }
}

@Suite("A link to a password")
struct PasswordLinkTests {
    @Test("works no more once another one was made", arguments: EngineUnderTest.available)
    func replaced(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let first = try await house.app.passwordLink(email: "ada@example.com")
        let second = try await house.app.passwordLink(email: "ada@example.com")
        let old = await refusal { _ = try await house.app.person(behind: first) }
        #expect(old != nil)
        let person = try await house.app.person(behind: second)
        #expect(person.userName == "ada@example.com")
        _ = try await house.app.choosePassword(link: second, password: House.password, from: Origin())
        let used = await refusal { _ = try await house.app.person(behind: second) }
        #expect(used != nil)
    }
}
