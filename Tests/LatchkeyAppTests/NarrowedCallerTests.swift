import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@Suite("A narrowed token")
struct NarrowedCallerTests {
    @Test("cannot shake its limits off by making another", arguments: EngineUnderTest.available)
    func inheritance(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let robot = try await house.givenServiceUser(role: .admin)
        let actions = ["tokens:own", "tokens:manage"]
        let narrowed = try await house.givenToken(for: robot, limits: NarrowingRequest(actions: actions))
        let caller = try await house.caller(narrowed.secret)
        let made = try await house.app.issueToken(
            NewToken(name: "wider", owner: robot.user.id, lifetime: .usual), as: caller)
        #expect(made.summary.token.narrowing.actions == Set(actions))
        let readsUsers = await refusal {
            _ = try await house.app.listUsers(UserFilter(), PageRequest(), as: try await house.caller(made.secret))
        }
        #expect(readsUsers != nil)
    }

    @Test("is bound to its addresses", arguments: EngineUnderTest.available)
    func addresses(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let issued = try await house.givenToken(
            for: try await house.givenServiceUser(), limits: NarrowingRequest(allowedCIDRs: ["10.0.0.0/8"]))
        func isLetIn(from address: String) async -> Bool {
            let origin = Origin(address: Address(address))
            return await refusal {
                _ = try await house.app.authenticate(
                    issued.secret.reveal()[...], method: "GET", route: "/", from: origin)
            } == nil
        }
        #expect(await isLetIn(from: "10.1.2.3"))
        #expect(await !isLetIn(from: "192.0.2.1"))
        #expect(await house.isRefused(issued.secret))
    }

    @Test("acts in a lower role than its user's", arguments: EngineUnderTest.available)
    func role(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let issued = try await house.givenToken(
            for: try await house.givenServiceUser(role: .manager), limits: NarrowingRequest(role: .member))
        #expect(try await house.caller(issued.secret).role == .member)
    }
}
