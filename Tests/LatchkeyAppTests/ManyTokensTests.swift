import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@Suite("Many tokens at once")
struct ManyTokensTests {
    @Test("change where they can, and say of the others why not", arguments: EngineUnderTest.available)
    func some(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let user = try await house.givenServiceUser()
        var ids: [ID<Token>] = []
        for name in ["one", "two", "three"] {
            ids.append(try await house.givenToken(name, for: user).summary.token.id)
        }
        _ = try await house.app.updateToken(ids[1], TokenEdit(revoke: true), as: house.admin)
        let rehearsed = try await house.app.rehearseTokens(ids, .revoke(nil), as: house.admin)
        #expect(rehearsed.map { $0.obstacle == nil } == [true, false, true])
        let untouched = try await house.app.findToken(ids[0], as: house.admin)
        #expect(untouched.token.revocation == nil, "a rehearsal changes nothing")
        let done = try await house.app.changeTokens(ids, .revoke(.cessation), as: house.admin)
        #expect(done.map(\.obstacle) == rehearsed.map(\.obstacle))
        let reasons = try await house.app.listTokens(
            .service, TokenFilter(sorting: Sorting(.created), now: house.clock.now), PageRequest(), as: house.admin
        ).items.map(\.token.revocation?.reason)
        #expect(reasons == [.cessation, .unspecified, .cessation])
    }

    @Test("are restored and deleted under the rules of each", arguments: EngineUnderTest.available)
    func rules(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let user = try await house.givenServiceUser()
        let good = try await house.givenToken("good", for: user).summary.token.id
        let leaked = try await house.givenToken("leaked", for: user).summary.token.id
        let active = try await house.givenToken("active", for: user).summary.token.id
        _ = try await house.app.updateToken(good, TokenEdit(revoke: true), as: house.admin)
        _ = try await house.app.updateToken(leaked, TokenEdit(revoke: true, reason: .compromised), as: house.admin)
        let restored = try await house.app.changeTokens([good, leaked, active], .restore, as: house.admin)
        #expect(restored.map { $0.obstacle == nil } == [true, false, false])
        #expect(restored[1].obstacle?.contains("compromised") == true)
        let deleted = try await house.app.changeTokens([good, leaked], .delete, as: house.admin)
        #expect(deleted.map { $0.obstacle == nil } == [false, true])
        let gone = await refusal { _ = try await house.app.findToken(leaked, as: house.admin) }
        #expect(gone == .notFound("token"))
    }

    @Test("are nobody's who may not see one of them, and stay as they are", arguments: EngineUnderTest.available)
    func reach(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let own = try await house.givenToken(for: try await house.givenServiceUser())
        let other = try await house.givenToken(for: try await house.givenServiceUser("Other"))
        let caller = try await house.caller(own.secret)
        let ids = [own, other].map(\.summary.token.id)
        let refused = await refusal { _ = try await house.app.changeTokens(ids, .revoke(nil), as: caller) }
        #expect(refused == .notFound("token"))
        let isRefused = await house.isRefused(own.secret)
        #expect(!isRefused)
        let none = await refusal { _ = try await house.app.rehearseTokens([], .delete, as: house.admin) }
        #expect(none == .invalid("/id", "Choose at least one token."))
    }

    @Test(
        "give back the place of predecessors that were rotated and not replaced yet",
        arguments: EngineUnderTest.available)
    func rotations(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let old = try await house.givenToken(for: try await house.givenServiceUser())
        let new = try await house.app.rotateToken(old.summary.token.id, RotationRequest(), as: house.admin)
        _ = try await house.app.changeTokens([new.summary.token.id], .revoke(nil), as: house.admin)
        let after = try await house.app.findToken(old.summary.token.id, as: house.admin)
        #expect(after.token.rotation?.abortedAt != nil)
    }

    @Test("an edit based on an older state is told, and changes nothing", arguments: EngineUnderTest.available)
    func stale(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let issued = try await house.givenToken(for: try await house.givenServiceUser())
        let id = issued.summary.token.id
        let seen = issued.summary.token.version
        _ = try await house.app.updateToken(id, TokenEdit(revoke: nil, name: "first", version: seen), as: house.admin)
        let refused = await refusal {
            _ = try await house.app.updateToken(
                id, TokenEdit(revoke: nil, name: "second", version: seen), as: house.admin)
        }
        guard case .conflict? = refused else {
            Issue.record("the second edit went through")
            return
        }
        let team = try await house.app.createTeam(TeamEdit(name: "Data"), as: house.admin)
        _ = try await house.app.updateTeam(
            team.team.id, TeamEdit(name: "Data 2", version: team.team.version), as: house.admin)
        let late = await refusal {
            _ = try await house.app.updateTeam(
                team.team.id, TeamEdit(description: "x", version: team.team.version), as: house.admin)
        }
        guard case .conflict? = late else {
            Issue.record("the second edit of the team went through")
            return
        }
        let found = try await house.app.findTeam(team.team.id, as: house.admin)
        #expect(found.team.name == "Data 2" && found.team.description.isEmpty)
    }
}
