import LatchkeyCore
import LatchkeyStore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyApp

/// Guessing has its limits, and nobody can use them up for somebody else.
@Suite("Tries to sign in")
struct SignInTriesTests {
    private static let home = Origin(address: Address("192.0.2.1"))

    @Test("count over all nodes and restarts", arguments: EngineUnderTest.available)
    func nodes(_ engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        _ = try await house.givenPerson("grace@example.com")
        let nodes = [house.app, try await house.elsewhere()]
        for number in 0..<10 {
            let refused = await refusal {
                _ = try await nodes[number % 2].signIn(
                    email: "grace@example.com", password: Password("a wrong guess"), from: Origin())
            }
            #expect(refused?.isLimited == false)
        }
        for node in nodes + [try await house.elsewhere()] {
            let held = await refusal {
                _ = try await node.signIn(email: "grace@example.com", password: House.password, from: Origin())
            }
            #expect(held == .limited(retryAfter: .minutes(15)))
        }
    }

    @Test("cannot be more at once than one after the other", arguments: EngineUnderTest.available)
    func atOnce(_ engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        _ = try await house.givenPerson("grace@example.com")
        let before = house.app.passwords.runCount
        let limited = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<30 {
                group.addTask {
                    await refusal { _ = try await house.signIn("grace@example.com", "a guess") }?.isLimited == true
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(limited == 20)
        #expect(house.app.passwords.runCount - before == 10)
    }

    @Test("that are held back compute nothing and write nothing", arguments: EngineUnderTest.available)
    func heldBack(_ engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        for _ in 0..<10 { _ = await refusal { _ = try await house.signIn("nobody@example.com") } }
        let before = (house.app.passwords.runCount, try await house.signInCount())
        for _ in 0..<5 { _ = await refusal { _ = try await house.signIn("nobody@example.com") } }
        let after = (house.app.passwords.runCount, try await house.signInCount())
        #expect(before == after)
    }

    /// Else whoever has used up their tries could keep everybody out, without one try more.
    @Test("that are held back take no place in the line")
    func noPlace() async throws {
        let house = try await House(on: .sqlite)
        _ = try await house.givenPerson("grace@example.com")
        for _ in 0..<10 { _ = await refusal { _ = try await house.signIn("grace@example.com", "a guess") } }
        let (gate, opener) = AsyncStream<Void>.makeStream()
        let (arrivals, arrived) = AsyncStream<Void>.makeStream()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<PasswordWork.longestLine {
                group.addTask {
                    _ = try? await house.app.passwords.check(Password("any"), against: nil) { () throws(Refusal) in
                        arrived.yield()
                        for await _ in gate {}
                    }
                }
            }
            var waiting = arrivals.makeAsyncIterator()
            for _ in 0..<PasswordWork.longestLine { await waiting.next() }
            let held = await refusal { _ = try await house.signIn("grace@example.com", "a guess") }
            #expect(held?.isLimited == true)
            opener.finish()
        }
    }

    @Test("from another address of the person's own household count apart from strangers'")
    func household() async throws {
        let house = try await House(on: .sqlite)
        _ = try await house.givenPerson("grace@example.com")
        _ = try await house.signIn("grace@example.com", from: Origin(address: Address("2001:db8:5:5::1")))
        for number in 0..<10 {
            let place = Origin(address: Address("198.51.100.\(number)"))
            _ = await refusal { _ = try await house.signIn("grace@example.com", "a guess", from: place) }
        }
        let nextDay = Origin(address: Address("2001:db8:5:5:aaaa::1"))
        let neighbour = Origin(address: Address("2001:db8:5:6::1"))
        #expect(await refusal { _ = try await house.signIn("grace@example.com", from: nextDay) } == nil)
        let held = await refusal { _ = try await house.signIn("grace@example.com", from: neighbour) }
        #expect(held?.isLimited == true)
    }

    @Test("of a name made up for it do not use up a known address", arguments: EngineUnderTest.available)
    func madeUpNames(_ engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        _ = try await house.givenPerson("grace@example.com")
        _ = try await house.signIn("grace@example.com", from: Self.home)
        for name in ["at 192.0.2.1 grace@example.com", "grace@example.com from 192.0.2.1"] {
            for _ in 0..<10 { _ = await refusal { _ = try await house.signIn(name) } }
        }
        #expect(await refusal { _ = try await house.signIn("grace@example.com", from: Self.home) } == nil)
    }

    @Test("that succeed do not count", arguments: EngineUnderTest.available)
    func success(_ engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        _ = try await house.givenPerson("grace@example.com")
        for _ in 0..<60 { _ = try await house.signIn("grace@example.com", from: Self.home) }
    }

    @Test(
        "within a session are counted by the session, from however many addresses",
        arguments: EngineUnderTest.available)
    func stolenCookie(_ engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        _ = try await house.givenPerson("grace@example.com")
        let started = try await house.session("grace@example.com")
        _ = try await house.givenSecondFactor("grace@example.com", in: started)
        var refusals: [Refusal?] = []
        for number in 0..<11 {
            let place = Origin(address: Address("198.51.100.\(number)"))
            let thief = try await house.app.signedIn(started.secret.reveal()[...], from: place).caller
            refusals.append(await refusal { try await house.app.removeSecondFactor(code: "000000", as: thief) })
            refusals.append(
                await refusal {
                    _ = try await house.app.changePassword(
                        from: Password("a guess"), to: Password("a new one, long enough"), as: thief)
                })
        }
        #expect(refusals.prefix(20).allSatisfy { $0?.isLimited == false })
        #expect(refusals.suffix(2).allSatisfy { $0?.isLimited == true })
    }

    @Test("at accounts that are not there are told of, up to a hundred", arguments: EngineUnderTest.available)
    func strangers(_ engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let before = try await house.signInCount()
        for number in 0..<120 {
            let place = Origin(address: Address("198.51.100.\(number % 4)"))
            _ = await refusal { _ = try await house.signIn("canary\(number)@example.com", from: place) }
        }
        #expect(try await house.signInCount() - before == 100)
    }

    @Test("are refused where the database does not answer, before anything is computed")
    func noDatabase() async throws {
        let house = try await House(on: .sqlite)
        _ = try await house.givenPerson("grace@example.com")
        let before = house.app.passwords.runCount
        await house.store.close()
        let refused = await refusal { _ = try await house.signIn("grace@example.com") }
        guard case .unavailable = refused else {
            Issue.record("\(String(describing: refused))")
            return
        }
        #expect(house.app.passwords.runCount == before)
    }
}

extension House {
    /// Of sign-ins: looking at the log is an event too.
    func signInCount() async throws -> Int {
        try await app.listActivity(ActivityFilter(verbs: [.signIn]), PageRequest(), as: admin).total
    }
}
