import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@Suite("The figures of a Home page")
struct TokenFigureTests {
    @Test("say how long their lists are, and are an Admin's alone", arguments: EngineUnderTest.available)
    func figures(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let robot = try await house.givenServiceUser()
        _ = try await house.givenToken("soon", for: robot, lifetime: .days(20))
        _ = try await house.givenToken("later", for: robot, lifetime: .days(60))
        _ = try await house.givenToken("never", for: robot, lifetime: .never)
        let (app, admin) = (house.app, house.admin)
        let soon = try await app.tokensEndingSoon(as: admin)
        let never = try await app.tokensNeverEnding(as: admin)
        let unused = try await app.tokensUnused(as: admin)
        let late = try await app.tokensUsedAfterRevocation(as: admin)
        for (figure, count) in [(soon, 1), (never, 1), (unused, 3), (late, 0)] {
            let page = try await app.listTokens(.service, figure.filter, PageRequest(), as: admin)
            #expect(figure.count == count)
            #expect(page.total == count)
            #expect(page.items.count == count)
        }
        let days = try await app.tokensEndingByDay(as: admin)
        #expect(days.map(\.figure.count) == [1, 1])
        #expect(days.map(\.day) == days.map(\.day).sorted())
        let ownerless = try await app.serviceUsersWithoutOwner(as: admin)
        let purposeless = try await app.serviceUsersWithoutPurpose(as: admin)
        #expect(ownerless.count == 1)
        #expect(purposeless.count == 1)
        let caller = try await house.caller(try await house.givenToken("plain", for: robot).secret)
        let refused = await refusal { _ = try await app.tokensEndingSoon(as: caller) }
        guard case .forbidden = refused else {
            Issue.record("told: \(String(describing: refused))")
            return
        }
    }

    @Test("tell whether a search has to look at how names begin", arguments: EngineUnderTest.available)
    func searches(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let robot = try await house.givenServiceUser()
        for name in ["nightly-load", "load-nightly", "plain"] { _ = try await house.givenToken(name, for: robot) }
        let (app, admin) = (house.app, house.admin)
        let usual = try await app.searchesBeginnings(.service, as: admin)
        let few = try await app.searchesBeginnings(.service, above: 3, as: admin)
        let many = try await app.searchesBeginnings(.service, above: 2, as: admin)
        let own = try await app.searchesBeginnings(.own, above: 0, as: admin)
        #expect(!usual && !few && many && !own)
        var filter = TokenFilter(name: "LOAD", sorting: Sorting(.name), now: house.clock.now)
        let anywhere = try await app.listTokens(.service, filter, PageRequest(), as: admin)
        filter.isNameItsBeginning = true
        let beginning = try await app.listTokens(.service, filter, PageRequest(), as: admin)
        #expect(anywhere.items.map(\.token.name) == ["load-nightly", "nightly-load"])
        #expect(beginning.items.map(\.token.name) == ["load-nightly"])
    }
}
