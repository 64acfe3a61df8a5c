import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

/// People sign in with a password, a second factor, an invitation or the first set-up link.
@Suite("Signing in")
struct SignInTests {
    @Test(
        "A right password opens a session, a wrong one does not and says no more than that",
        arguments: EngineUnderTest.available)
    func aRightPasswordOpensA(
        _ engine: EngineUnderTest
    ) async throws {
        let house = try await House(on: engine)
        let grace = try await house.givenPerson("grace@example.com")
        let outcome = try await house.signIn("Grace@Example.com ")
        guard case .signedIn(let started) = outcome else {
            Issue.record("a second factor was asked for")
            return
        }
        let person = try await house.person(started)
        #expect(person.id == grace)
        let wrong = await refusal { _ = try await house.signIn("grace@example.com", "not the password at all") }
        let nobody = await refusal { _ = try await house.signIn("nobody@example.com") }
        #expect(wrong != nil)
        #expect(wrong == nobody)
        let service = await refusal { _ = try await house.signIn("pipeline@service") }
        #expect(
            service
                == .invalid(
                    "/email", "A service user can't sign in: it works with tokens alone. Sign in as a person."))
    }

    @Test(
        "A session ends after half an hour without use and after twelve hours of it",
        arguments: EngineUnderTest.available)
    func aSessionEndsAfterHalf(
        _ engine: EngineUnderTest
    ) async throws {
        let house = try await House(on: engine)
        _ = try await house.givenPerson("grace@example.com")
        let idle = try await house.session("grace@example.com")
        house.clock.advance(by: .minutes(29))
        _ = try await house.person(idle)
        house.clock.advance(by: .minutes(31))
        #expect(await house.isOut(idle))
        let busy = try await house.session("grace@example.com")
        for _ in 0..<35 {
            house.clock.advance(by: .minutes(20))
            _ = try await house.person(busy)
        }
        house.clock.advance(by: .minutes(20))
        #expect(await house.isOut(busy))
    }

    @Test("Who is deactivated is out at once, and restored stays out", arguments: EngineUnderTest.available)
    func whoIsDeactivatedIsOut(_ engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let grace = try await house.givenPerson("grace@example.com")
        let started = try await house.session("grace@example.com")
        try await house.app.deactivateUser(grace, revokingTokens: true, as: house.admin)
        #expect(await house.isOut(started))
        _ = try await house.app.restoreUser(grace, as: house.admin)
        #expect(await house.isOut(started))
        let again = try await house.session("grace@example.com")
        #expect(await house.isOut(again) == false)
    }

    @Test("A change of role reaches an open session", arguments: EngineUnderTest.available)
    func aChangeOfRoleReaches(_ engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let grace = try await house.givenPerson("grace@example.com", role: .manager)
        let started = try await house.session("grace@example.com")
        #expect(try await house.person(started).caller.isAllowed(.readUsers))
        _ = try await house.app.updateUser(grace, UserEditRequest(role: .member), as: house.admin)
        #expect(try await house.person(started).caller.isAllowed(.readUsers) == false)
    }

    @Test(
        "Ten tries at an account are the most, and its owner at a known address is not locked out by others'",
        arguments: EngineUnderTest.available)
    func tenTriesAtAnAccount(
        _ engine: EngineUnderTest
    ) async throws {
        let house = try await House(on: engine)
        _ = try await house.givenPerson("grace@example.com")
        let home = Origin(address: Address("192.0.2.1"))
        _ = try await house.signIn("grace@example.com", from: home)
        for number in 0..<10 {
            let place = Origin(address: Address("198.51.100.\(number)"))
            let refused = await refusal {
                _ = try await house.signIn("grace@example.com", "a wrong guess", from: place)
            }
            #expect(refused?.isLimited == false)
        }
        let elsewhere = Origin(address: Address("203.0.113.9"))
        let held = await refusal { _ = try await house.signIn("grace@example.com", from: elsewhere) }
        #expect(held?.isLimited == true)
        _ = try await house.signIn("grace@example.com", from: home)
        house.clock.advance(by: .minutes(16))
        _ = try await house.signIn("grace@example.com", from: elsewhere)
    }

    @Test("Fifty tries from an address are the most, whatever the accounts", arguments: EngineUnderTest.available)
    func fiftyTriesFromAnAddress(_ engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let places = ["2001:db8::1", "2001:db8::ffff"].map { Origin(address: Address($0)) }
        for number in 0..<50 {
            let refused = await refusal {
                _ = try await house.signIn("user\(number)@example.com", from: places[number % 2])
            }
            #expect(refused?.isLimited == false)
        }
        let held = await refusal { _ = try await house.signIn("one-more@example.com", from: places[0]) }
        #expect(held?.isLimited == true)
    }

    @Test("The log says who signed in and who was refused, and holds no secret", arguments: EngineUnderTest.available)
    func theLogSaysWhoSigned(_ engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let grace = try await house.givenPerson("grace@example.com")
        _ = try await house.session("grace@example.com")
        _ = await refusal { _ = try await house.signIn("grace@example.com", "canary-of-a-wrong-password") }
        let events = try await house.app.listActivity(
            ActivityFilter(verbs: [.signIn]), PageRequest(number: 1, size: 100), as: house.admin
        ).items.map(\.event)
        #expect(events.contains { $0.outcome == .done && $0.actor.user == grace && $0.objectType == .session })
        #expect(events.contains { $0.outcome == .refused && $0.objectID == grace.value })
        #expect(events.allSatisfy { !"\($0)".contains("canary") })
    }

    @Test(
        "A changed password signs all other browsers out and kills links made before",
        arguments: EngineUnderTest.available)
    func aChangedPasswordSignsAll(
        _ engine: EngineUnderTest
    ) async throws {
        let house = try await House(on: engine)
        let grace = try await house.givenPerson("grace@example.com")
        let (here, there) = (
            try await house.session("grace@example.com"), try await house.session("grace@example.com")
        )
        let link = try await house.app.passwordLink(for: grace, as: house.admin)
        let caller = try await house.person(here).caller
        let short = await refusal {
            _ = try await house.app.changePassword(from: House.password, to: Password("short"), as: caller)
        }
        #expect(short?.pointer == "/password")
        let wrong = await refusal {
            _ = try await house.app.changePassword(
                from: Password("wrong"), to: Password("correct horse battery"), as: caller)
        }
        #expect(wrong?.pointer == "/current")
        let new = try await house.app.changePassword(
            from: House.password, to: Password("correct horse battery"), as: caller)
        #expect(await house.isOut(there))
        #expect(await house.isOut(here), "the old cookie may have been copied")
        #expect(await house.isOut(new) == false)
        let dead = await refusal {
            _ = try await house.app.choosePassword(
                link: link, password: Password("another long password"), from: Origin())
        }
        #expect(dead != nil)
    }

    @Test("A session is ended by its owner alone", arguments: EngineUnderTest.available)
    func aSessionIsEndedBy(_ engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        _ = try await house.givenPerson("grace@example.com")
        _ = try await house.givenPerson("mallory@example.com")
        let (grace, mallory) = (
            try await house.session("grace@example.com"), try await house.session("mallory@example.com")
        )
        let stranger = try await house.person(mallory).caller
        let refused = await refusal { try await house.app.endSession(grace.session.id, as: stranger) }
        #expect(refused == .notFound("session"))
        let caller = try await house.person(grace).caller
        try await house.app.endSessions(includingThis: true, as: caller)
        #expect(await house.isOut(grace))
    }
}

extension Refusal {
    var isLimited: Bool {
        if case .limited = self { true } else { false }
    }

    /// Of the first flaw.
    var pointer: String? {
        if case .invalid(let flaws) = self { flaws.first?.pointer } else { nil }
    }
}

extension House {
    static let password = Password("four words in a row")

    /// A person who has chosen the usual password.
    func givenPerson(_ email: String, role: Role = .member) async throws -> ID<User> {
        let made = try await app.invite(
            NewInvitation(email: email, name: "Somebody", role: role), as: admin)
        let started = try await app.acceptInvitation(
            made.secret.reveal(), name: "Somebody", password: Self.password, from: Origin())
        let caller = try await app.signedIn(started.secret.reveal()[...], from: Origin()).caller
        try await app.signOut(as: caller)
        return started.user.id
    }

    func signIn(
        _ email: String, _ password: String = "four words in a row", from origin: Origin = Origin()
    ) async throws(Refusal) -> SignInOutcome {
        try await app.signIn(email: email, password: Password(password), from: origin)
    }

    func session(_ email: String) async throws -> StartedSession {
        guard case .signedIn(let started) = try await signIn(email) else { throw Refusal.notFound("session") }
        return started
    }

    func person(_ started: StartedSession) async throws -> SignedInPerson {
        try await app.signedIn(started.secret.reveal()[...], from: Origin())
    }

    func isOut(_ started: StartedSession) async -> Bool {
        (try? await person(started)) == nil
    }
}
