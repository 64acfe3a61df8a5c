import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

/// Codes of an authenticator, recovery codes, and the links that work once.
@Suite("Second factors and links")
struct SecondFactorTests {
    @Test(
        "With a second factor, the password is half a sign-in and each code works once",
        arguments: EngineUnderTest.available)
    func withASecondFactorThe(
        _ engine: EngineUnderTest
    ) async throws {
        let house = try await House(on: engine)
        _ = try await house.givenPerson("grace@example.com")
        let (authenticator, _) = try await house.givenSecondFactor("grace@example.com")
        let pending = try await house.pending("grace@example.com")
        let old = authenticator.code(at: house.clock.now)
        let reused = await refusal {
            _ = try await house.app.confirmSecondFactor(pending, code: old, from: Origin())
        }
        #expect(reused?.pointer == "/code")
        house.clock.advance(by: .seconds(30))
        let code = authenticator.code(at: house.clock.now)
        let started = try await house.app.confirmSecondFactor(pending, code: code, from: Origin())
        #expect(await house.isOut(started) == false)
        let again = await refusal {
            _ = try await house.app.confirmSecondFactor(pending, code: code, from: Origin())
        }
        #expect(again != nil)
        house.clock.advance(by: .minutes(6))
        let fresh = authenticator.code(at: house.clock.now)
        let late = await refusal {
            _ = try await house.app.confirmSecondFactor(pending, code: fresh, from: Origin())
        }
        #expect(late != nil)
    }

    @Test("Of two that bring the same code at once, one gets in", arguments: EngineUnderTest.available)
    func ofTwoThatBringThe(_ engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        _ = try await house.givenPerson("grace@example.com")
        let (_, codes) = try await house.givenSecondFactor("grace@example.com")
        let pending = try await house.pending("grace@example.com")
        let code = try #require(codes.first).reveal()
        let entered = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    (try? await house.app.confirmSecondFactor(pending, code: code, from: Origin())) != nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(entered == 1)
    }

    @Test("Codes cannot be guessed without end", arguments: EngineUnderTest.available)
    func codesCannotBeGuessedWithout(_ engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        _ = try await house.givenPerson("grace@example.com")
        _ = try await house.givenSecondFactor("grace@example.com")
        let pending = try await house.pending("grace@example.com")
        for guess in 0..<10 {
            _ = await refusal {
                _ = try await house.app.confirmSecondFactor(pending, code: "00000\(guess)", from: Origin())
            }
        }
        let held = await refusal {
            _ = try await house.app.confirmSecondFactor(pending, code: "123456", from: Origin())
        }
        #expect(held?.isLimited == true)
    }

    @Test(
        "Where a second factor is required, who has none is told to set one up",
        arguments: EngineUnderTest.available)
    func whereASecondFactorIs(_ engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        _ = try await house.givenPerson("grace@example.com")
        let started = try await house.session("grace@example.com")
        #expect(try await house.person(started).mustSetUpSecondFactor == false)
        try await house.app.setSignInPolicy(SignInPolicy(requiresSecondFactor: true), as: house.admin)
        #expect(try await house.person(started).mustSetUpSecondFactor)
        _ = try await house.givenSecondFactor("grace@example.com", in: started)
        #expect(try await house.person(started).mustSetUpSecondFactor == false)
    }

    @Test("An invitation works once, for its time, and can be withdrawn", arguments: EngineUnderTest.available)
    func anInvitationWorksOnceFor(_ engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let made = try await house.app.invite(
            NewInvitation(email: "grace@example.com", name: "Grace", role: .editor), as: house.admin)
        let twice = await refusal {
            _ = try await house.app.invite(
                NewInvitation(email: "GRACE@example.com", name: "Grace", role: .editor), as: house.admin)
        }
        #expect(twice != nil)
        let started = try await house.accept(made)
        #expect(started.user.role == .editor)
        #expect(await refusal { _ = try await house.accept(made) } != nil)
        let withdrawn = try await house.app.invite(
            NewInvitation(email: "alan@example.com", name: "Alan", role: .member), as: house.admin)
        try await house.app.withdrawInvitation(withdrawn.invitation.id, as: house.admin)
        #expect(await refusal { _ = try await house.accept(withdrawn) } != nil)
        let late = try await house.app.invite(
            NewInvitation(email: "alan@example.com", name: "Alan", role: .member), as: house.admin)
        house.clock.advance(by: .days(8))
        #expect(await refusal { _ = try await house.accept(late) } != nil)
        _ = try await house.app.invite(
            NewInvitation(email: "alan@example.com", name: "Alan", role: .member), as: house.admin)
    }

    @Test(
        "There is no set-up link once there is an Admin, and none above a Member's invitation",
        arguments: EngineUnderTest.available)
    func thereIsNoSetUp(
        _ engine: EngineUnderTest
    ) async throws {
        let house = try await House(on: engine)
        let link = try await house.app.makeSetUpLink()
        #expect(link == nil)
        _ = try await house.givenPerson("grace@example.com")
        let caller = try await house.person(house.session("grace@example.com")).caller
        let refused = await refusal {
            _ = try await house.app.invite(
                NewInvitation(email: "mallory@example.com", name: "Mallory", role: .admin), as: caller)
        }
        #expect(refused != nil)
    }

    @Test("The set-up link makes the first Admin, once and within its time", arguments: EngineUnderTest.available)
    func theSetUpLinkMakes(_ engine: EngineUnderTest) async throws {
        let house = try await House(on: engine, hasAdmin: false)
        let late = try #require(try await house.app.makeSetUpLink())
        house.clock.advance(by: .minutes(16))
        #expect(await refusal { _ = try await house.setUp(late) } != nil)
        let replaced = try #require(try await house.app.makeSetUpLink())
        let link = try #require(try await house.app.makeSetUpLink())
        #expect(await refusal { _ = try await house.setUp(replaced) } != nil)
        let started = try await house.setUp(link)
        #expect(started.user.role == .admin)
        #expect(await refusal { _ = try await house.setUp(link) } != nil)
    }
}

extension House {
    func givenSecondFactor(
        _ email: String, in given: StartedSession? = nil
    ) async throws -> (OneTimeCode, [RecoveryCode]) {
        let started = if let given { given } else { try await session(email) }
        let caller = try await person(started).caller
        let offered = try await app.offerSecondFactor(as: caller)
        let authenticator = OneTimeCode(secret: Self.bytes(base32: offered.key))
        let code = authenticator.code(at: clock.now)
        let codes = try await app.setUpSecondFactor(offered.sealed, code: code, as: caller)
        return (authenticator, codes)
    }

    func pending(_ email: String) async throws -> String {
        guard case .secondFactor(let pending) = try await signIn(email) else { throw Refusal.notFound("second factor") }
        return pending.text
    }

    func accept(_ made: MadeInvitation) async throws(Refusal) -> StartedSession {
        try await app.acceptInvitation(made.secret.reveal(), name: "Grace", password: Self.password, from: Origin())
    }

    func setUp(_ link: OpaqueSecret) async throws(Refusal) -> StartedSession {
        try await app.completeSetUp(
            link.reveal(), email: "ada@example.com", name: "Ada", password: Self.password, from: Origin())
    }

    /// As an authenticator reads it.
    private static func bytes(base32 text: String) -> [UInt8] {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        var (bytes, bits, held): ([UInt8], Int, Int) = ([], 0, 0)
        for letter in text {
            let value = letters.firstIndex(of: letter) ?? 0
            (bits, held) = ((bits << 5 | value) & 0xffff, held + 5)
            if held >= 8 {
                held -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> held))
            }
        }
        return bytes
    }
}
