import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

/// Each way to lose access, against each thing that gave it.
@Suite("Whoever loses access")
struct LosingAccessTests {
    /// Everything that one person can hold.
    private struct Holdings {
        let user: ID<User>
        let team: ID<Team>
        let session: StartedSession
        let token: IssuedToken
        /// Narrowed to a team.
        let teamToken: IssuedToken
        /// Half a sign-in, and the authenticator for the other half.
        let pending: String
        let authenticator: OneTimeCode
        let passwordLink: String
        /// That they made themselves.
        let invitation: MadeInvitation
    }

    private static func give(_ house: House) async throws -> Holdings {
        let user = try await house.givenPerson("grace@example.com", role: .admin)
        let team = try await house.app.createTeam(TeamEdit(name: "Finance", permission: .editor), as: house.admin)
        _ = try await house.app.updateUser(user, UserEditRequest(teams: ["Finance"]), as: house.admin)
        let (authenticator, _) = try await house.givenSecondFactor("grace@example.com")
        let pending = try await house.pending("grace@example.com")
        let session = try await house.app.startSession(for: user, by: .password, from: Origin())
        let grace = try await house.person(session).caller
        let limits = NarrowingRequest(teams: [team.team.name])
        return Holdings(
            user: user, team: team.team.id, session: session,
            token: try await house.app.issueToken(NewToken(name: "laptop", lifetime: .days(30)), as: grace),
            teamToken: try await house.app.issueToken(
                NewToken(name: "team", lifetime: .days(30), limits: limits), as: grace),
            pending: pending, authenticator: authenticator,
            passwordLink: try await house.app.passwordLink(for: user, as: house.admin),
            invitation: try await house.app.invite(
                NewInvitation(email: "mallory@example.com", name: "Mallory", role: .admin), as: grace))
    }

    /// What of it works now, in words.
    private static func working(_ held: Holdings, in house: House) async -> Set<String> {
        house.clock.advance(by: .seconds(30))
        var working: Set<String> = []
        if await !house.isOut(held.session) { working.insert("session") }
        if await !house.isRefused(held.token.secret) { working.insert("token") }
        if await !house.isRefused(held.teamToken.secret) { working.insert("team token") }
        if (try? await house.app.person(behind: held.passwordLink)) != nil { working.insert("password link") }
        if (try? await house.app.invitation(behind: held.invitation.secret.reveal())) != nil {
            working.insert("invitation")
        }
        let code = held.authenticator.code(at: house.clock.now)
        if (try? await house.app.confirmSecondFactor(held.pending, code: code, from: Origin())) != nil {
            working.insert("half sign-in")
        }
        if await refusal({ _ = try await house.signIn("grace@example.com") }) == nil { working.insert("password") }
        return working
    }

    @Test("has all of it before", arguments: EngineUnderTest.available)
    func before(_ engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let held = try await Self.give(house)
        let working = await Self.working(held, in: house)
        let all = ["session", "token", "team token", "password link", "invitation", "half sign-in", "password"]
        #expect(working == Set(all))
    }

    @Test(
        "by deactivation has nothing left that works, and gets no session and no token back with the account",
        arguments: EngineUnderTest.available)
    func deactivation(_ engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let held = try await Self.give(house)
        try await house.app.deactivateUser(held.user, revokingTokens: true, as: house.admin)
        let left = await Self.working(held, in: house)
        #expect(left.isEmpty)
        _ = try await house.app.restoreUser(held.user, as: house.admin)
        let back = await Self.working(held, in: house)
        #expect(back.isDisjoint(with: ["session", "token", "team token"]), "\(back)")
    }

    @Test("by deactivation alone is out as long as it lasts", arguments: EngineUnderTest.available)
    func pause(_ engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let held = try await Self.give(house)
        try await house.app.deactivateUser(held.user, revokingTokens: false, as: house.admin)
        let left = await Self.working(held, in: house)
        #expect(left.isEmpty)
    }

    @Test("by demotion does nothing above the new role, in any way", arguments: EngineUnderTest.available)
    func demotion(_ engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let held = try await Self.give(house)
        _ = try await house.app.updateUser(held.user, UserEditRequest(role: .member), as: house.admin)
        let callers = [
            try await house.person(held.session).caller, try await house.caller(held.token.secret),
            try await house.caller(held.teamToken.secret),
        ]
        #expect(callers.allSatisfy { !$0.isAllowed(.readUsers) && !$0.isAllowed(.manageUsers) })
        let working = await Self.working(held, in: house)
        #expect(!working.contains("invitation"))
    }

    @Test("of a team has no token for it", arguments: EngineUnderTest.available)
    func team(_ engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let held = try await Self.give(house)
        let before = try await house.caller(held.teamToken.secret).teams
        #expect(before.contains(held.team))
        _ = try await house.app.updateUser(held.user, UserEditRequest(teams: []), as: house.admin)
        let after = (try? await house.caller(held.teamToken.secret).teams) ?? []
        let session = try await house.person(held.session).caller.teams
        #expect(!after.contains(held.team))
        #expect(!session.contains(held.team))
    }

    @Test(
        "of their identity provider has no session through it and no token", arguments: EngineUnderTest.available,
        [true, false])
    func provider(_ engine: EngineUnderTest, isDeleted: Bool) async throws {
        let house = try await SignOnHouse(on: engine)
        let user = try await house.admitted()
        let through = SignInMethod.provider(house.set.id.value)
        let session = try await house.app.startSession(for: user.id, by: through, from: Origin())
        let caller = try await house.house.person(session).caller
        let token = try await house.app.issueToken(NewToken(name: "laptop", lifetime: .days(30)), as: caller)
        let start = try await house.app.beginSignOn(through: house.set.id, returnTo: "/")
        if isDeleted {
            try await house.app.deleteIdentityProvider(house.set.id, as: house.admin)
        } else {
            var edit = IdentityProviderEdit()
            edit.isOn = false
            _ = try await house.app.updateIdentityProvider(house.set.id, edit, as: house.admin)
        }
        #expect(await house.house.isOut(session))
        #expect(await house.house.isRefused(token.secret))
        let answer = house.provider.authorize(start.address)
        let returned = await refusal {
            _ = try await house.app.completeSignOn(answer, cookie: start.cookie, from: Origin())
        }
        #expect(returned == .notFound("identity provider"))
        let begun = await refusal { _ = try await house.app.startSession(for: user.id, by: through, from: Origin()) }
        #expect(begun == .notFound("identity provider"))
    }

    @Test("of an identity has no session that began with it", arguments: EngineUnderTest.available)
    func identity(_ engine: EngineUnderTest) async throws {
        let house = try await SignOnHouse(on: engine)
        let user = try await house.admitted()
        let through = SignInMethod.provider(house.set.id.value)
        let session = try await house.app.startSession(for: user.id, by: through, from: Origin())
        let link = try #require(try await house.app.listIdentities(of: user.id, as: house.admin).first)
        try await house.app.unlinkIdentity(link.identity, from: user.id, as: house.admin)
        #expect(await house.house.isOut(session))
    }
}
