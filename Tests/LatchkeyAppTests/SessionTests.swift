import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

/// When a session begins anew and when it ends.
@Suite("Sessions")
struct SessionTests {
    @Test("end to the millisecond: half an hour after their last use", arguments: EngineUnderTest.available)
    func idle(_ engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        _ = try await house.givenPerson("grace@example.com")
        let started = try await house.session("grace@example.com")
        house.clock.advance(by: Session.idleLimit - .milliseconds(1))
        #expect(await house.isOut(started) == false)
        house.clock.advance(by: Session.idleLimit - .milliseconds(1))
        #expect(await house.isOut(started) == false, "the use before was written down")
        house.clock.advance(by: Session.idleLimit)
        #expect(await house.isOut(started))
        house.clock.advance(by: .milliseconds(-1))
        #expect(await house.isOut(started) == false, "an ended session writes down no use")
    }

    @Test("end to the millisecond: twelve hours after they began, however busy", arguments: EngineUnderTest.available)
    func absolute(_ engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        _ = try await house.givenPerson("grace@example.com")
        let started = try await house.session("grace@example.com")
        for _ in 0..<47 {
            house.clock.advance(by: .minutes(15))
            _ = try await house.person(started)
        }
        house.clock.advance(by: .minutes(15) - .milliseconds(1))
        #expect(await house.isOut(started) == false)
        house.clock.advance(by: .milliseconds(1))
        #expect(await house.isOut(started))
    }

    @Test(
        "that began before the second factor end with it, but for the one that set it up",
        arguments: EngineUnderTest.available)
    func secondFactor(_ engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        _ = try await house.givenPerson("grace@example.com")
        try await house.app.setSignInPolicy(SignInPolicy(requiresSecondFactor: true), as: house.admin)
        let thief = try await house.session("grace@example.com")
        let hers = try await house.session("grace@example.com")
        #expect(try await house.person(thief).mustSetUpSecondFactor)
        _ = try await house.givenSecondFactor("grace@example.com", in: hers)
        #expect(await house.isOut(hers) == false)
        #expect(await house.isOut(thief), "who knew the password alone would be in for good")
    }

    @Test("of one person are twenty at most: one more ends the oldest", arguments: EngineUnderTest.available)
    func most(_ engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        _ = try await house.givenPerson("grace@example.com")
        _ = try await house.givenPerson("alan@example.com")
        let other = try await house.session("alan@example.com")
        var sessions: [StartedSession] = []
        for _ in 0..<22 {
            sessions.append(try await house.session("grace@example.com"))
            house.clock.advance(by: .seconds(1))
        }
        var areOut: [Bool] = []
        for session in sessions { areOut.append(await house.isOut(session)) }
        #expect(areOut == [true, true] + [Bool](repeating: false, count: 20))
        #expect(await house.isOut(other) == false)
    }

    @Test("of a password that has changed go no further", arguments: EngineUnderTest.available)
    func halfSignIn(_ engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let grace = try await house.givenPerson("grace@example.com")
        let (authenticator, _) = try await house.givenSecondFactor("grace@example.com")
        let pending = try await house.pending("grace@example.com")
        let link = try await house.app.passwordLink(for: grace, as: house.admin)
        _ = try await house.app.choosePassword(
            link: link, password: Password("another long password"), from: Origin())
        house.clock.advance(by: .minutes(1))
        let code = authenticator.code(at: house.clock.now)
        let refused = await refusal {
            _ = try await house.app.confirmSecondFactor(pending, code: code, from: Origin())
        }
        #expect(refused == .badRequest("This sign-in has taken too long. Begin again with your password."))
    }

    @Test("do not begin with a link alone where a second factor is on", arguments: EngineUnderTest.available)
    func passwordLink(_ engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let grace = try await house.givenPerson("grace@example.com")
        let (authenticator, _) = try await house.givenSecondFactor("grace@example.com")
        let link = try await house.app.passwordLink(for: grace, as: house.admin)
        let outcome = try await house.app.choosePassword(
            link: link, password: Password("another long password"), from: Origin())
        guard case .secondFactor(let pending) = outcome else {
            Issue.record("whoever catches the link is in")
            return
        }
        house.clock.advance(by: .minutes(1))
        let code = authenticator.code(at: house.clock.now)
        let started = try await house.app.confirmSecondFactor(pending.text, code: code, from: Origin())
        #expect(await house.isOut(started) == false)
    }
}
