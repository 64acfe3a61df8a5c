import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@Suite("A token's life")
struct TokenLifeTests {
    @Test("goes from issue through revocation and restoration to its end", arguments: EngineUnderTest.available)
    func wholeLife(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let issued = try await house.givenToken(for: try await house.givenServiceUser())
        let id = issued.summary.token.id
        let caller = try await house.caller(issued.secret)
        #expect(caller.credential?.handle == "pipeline_automation@service")

        let revoked = try await house.app.updateToken(id, TokenEdit(revoke: true, reason: .cessation), as: house.admin)
        #expect(revoked.token.revocation?.reason == .cessation)
        #expect(await house.isRefused(issued.secret))
        _ = try await house.app.updateToken(id, TokenEdit(revoke: false), as: house.admin)
        #expect(await !house.isRefused(issued.secret))

        house.clock.advance(by: .days(30))
        #expect(await house.isRefused(issued.secret))
        try await house.app.deleteToken(id, as: house.admin)
        let gone = await refusal { _ = try await house.app.findToken(id, as: house.admin) }
        #expect(gone == .notFound("token"))
    }

    @Test("is told whole by its history", arguments: EngineUnderTest.available)
    func history(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let issued = try await house.givenToken(for: try await house.givenServiceUser())
        let id = issued.summary.token.id
        _ = try await house.app.updateToken(id, TokenEdit(revoke: true, reason: .compromised), as: house.admin)
        let events = try await house.app.tokenHistory(id, as: house.admin)
        #expect(events.map(\.event.verb) == [.issue, .revoke])
        #expect(events.allSatisfy { $0.event.actor.handle == "ada@example.com" })
        #expect(events[1].event.changes.contains { $0.after == .text("compromised") })
    }

    @Test("leaves its name free after deletion, its number never", arguments: EngineUnderTest.available)
    func nameIsFree(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let user = try await house.givenServiceUser()
        let first = try await house.givenToken("a", for: user)
        let again = await refusal { _ = try await house.givenToken("a", for: user) }
        guard case .conflict = again else {
            Issue.record("the name was given twice: \(String(describing: again))")
            return
        }
        _ = try await house.app.updateToken(first.summary.token.id, TokenEdit(revoke: true), as: house.admin)
        try await house.app.deleteToken(first.summary.token.id, as: house.admin)
        let second = try await house.givenToken("a", for: user)
        #expect(second.summary.token.id > first.summary.token.id)
        #expect(await house.isRefused(first.secret))
    }

    @Test("ends with each way in which its user loses access", arguments: EngineUnderTest.available)
    func lostAccess(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let user = try await house.givenServiceUser(role: .admin)
        let issued = try await house.givenToken(for: user)
        _ = try await house.app.updateUser(user.user.id, UserEditRequest(role: .member), as: house.admin)
        let demoted = try await house.caller(issued.secret)
        #expect(demoted.role == .member)
        try await house.app.deactivateUser(user.user.id, revokingTokens: true, as: house.admin)
        #expect(await house.isRefused(issued.secret))
        _ = try await house.app.restoreUser(user.user.id, as: house.admin)
        #expect(await house.isRefused(issued.secret))
    }

    @Test("shows its last use at once, before and after it is written", arguments: EngineUnderTest.available)
    func lastUse(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let issued = try await house.givenToken(for: try await house.givenServiceUser())
        let id = issued.summary.token.id
        #expect(try await house.app.findToken(id, as: house.admin).lastUse == nil)
        try await house.use(issued.secret)
        #expect(try await house.app.findToken(id, as: house.admin).lastUse?.at == house.clock.now)
        try await house.app.flushUsage()
        #expect(try await house.app.findToken(id, as: house.admin).lastUse?.at == house.clock.now)
        let query = UsageQuery(
            token: id, from: house.clock.now - .hours(2), until: house.clock.now + .hours(2), step: .hour)
        #expect(try await house.app.tokenUsage(query, as: house.admin).map(\.count) == [1])
    }

    @Test("leaves a record when it is presented after its end", arguments: EngineUnderTest.available)
    func lateUse(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let issued = try await house.givenToken(for: try await house.givenServiceUser())
        let id = issued.summary.token.id
        _ = try await house.app.updateToken(id, TokenEdit(revoke: true), as: house.admin)
        for _ in 0..<3 { #expect(await house.isRefused(issued.secret)) }
        try await house.app.flushUsage(.final)
        let found = try await house.app.listActivity(
            ActivityFilter(verbs: [.refuse], token: id), PageRequest(), as: house.admin)
        #expect(found.items.count == 1)
        #expect(found.items.first?.event.changes.contains { $0.after == .number(3) } == true)
    }
}
