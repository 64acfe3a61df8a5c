import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@Suite("Drawings of use")
struct DailyUseTests {
    @Test("show each day of the last thirty", arguments: EngineUnderTest.available)
    func days(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let token = try await house.givenToken(for: try await house.givenServiceUser(), lifetime: .days(90))
        for _ in 0..<3 { try await house.use(token.secret) }
        house.clock.advance(by: .days(2))
        try await house.use(token.secret)
        try await house.app.flushUsage()
        let id = token.summary.token.id
        let lines = try await house.app.dailyUses(of: [id], as: house.admin)
        #expect(lines[id]?.count == 30)
        #expect(lines[id]?.suffix(3).map(\.uses) == [3, 0, 1])
        let all = try await house.app.dailyUses(as: house.admin)
        #expect(all.suffix(3).map(\.uses) == [3, 0, 1])
    }

    @Test("count refused uses beside the others", arguments: EngineUnderTest.available)
    func refusals(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let token = try await house.givenToken(for: try await house.givenServiceUser())
        let id = token.summary.token.id
        _ = try await house.app.updateToken(id, TokenEdit(revoke: true), as: house.admin)
        let isRefused = await house.isRefused(token.secret)
        #expect(isRefused)
        try await house.app.flushUsage(.final)
        let lines = try await house.app.dailyUses(of: [id], as: house.admin)
        #expect(lines[id]?.last?.refusals == 1)
        #expect(lines[id]?.last?.uses == 0)
    }

    @Test("leave out tokens that the caller may not see", arguments: EngineUnderTest.available)
    func reach(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let own = try await house.givenToken(for: try await house.givenServiceUser())
        let other = try await house.givenToken(for: try await house.givenServiceUser("Other"))
        let caller = try await house.caller(own.secret)
        let ids = [own, other].map(\.summary.token.id)
        let seen = try await house.app.dailyUses(of: ids, as: caller)
        #expect(Array(seen.keys) == [ids[0]])
        let refused = await refusal { _ = try await house.app.dailyUses(as: caller) }
        guard case .forbidden? = refused else {
            Issue.record("a Member saw the whole instance")
            return
        }
    }
}
