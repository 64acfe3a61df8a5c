import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@Suite("Service users")
struct UserTests {
    @Test("get a handle from their name, Public and their teams", arguments: EngineUnderTest.available)
    func create(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        for name in ["Data Engineering", "Data Quality"] {
            _ = try await house.app.createTeam(TeamEdit(name: name), as: house.admin)
        }
        let user = try await house.givenServiceUser(
            "API Access", role: .editor, teams: ["Data Engineering", "Data Quality"])
        #expect(user.user.handle == "api_access@service")
        #expect(user.teams == ["Public", "Data Engineering", "Data Quality"])
        #expect(user.createdBy?.handle == "ada@example.com")
    }

    @Test("whose names fold alike never meet, even a hundred at once", arguments: EngineUnderTest.available)
    func race(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let names = ["Caf\u{E9} Sync", "CAFE\u{301}  SYNC", "cafe sync", "ｃａｆｅ　sync"]
        let outcomes = await withTaskGroup(of: Refusal?.self) { group in
            for number in 0..<100 {
                group.addTask { await refusal { _ = try await house.givenServiceUser(names[number % 4]) } }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.filter { $0 == nil }.count == 1)
    }

    @Test("of unknown teams are refused, and nothing is left behind", arguments: EngineUnderTest.available)
    func unknownTeam(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let refused = await refusal { _ = try await house.givenServiceUser(teams: ["Public", "Nobody"]) }
        guard case .invalid(let flaws) = refused else {
            Issue.record("not refused")
            return
        }
        #expect(flaws.map(\.pointer) == ["/teams/1"])
        let users = try await house.app.listUsers(UserFilter(type: .service), PageRequest(), as: house.admin)
        #expect(users.total == 0)
    }

    @Test(
        "that were deleted and made again are refused: their handle stays theirs",
        arguments: EngineUnderTest.available)
    func handleStays(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let user = try await house.givenServiceUser()
        try await house.app.deactivateUser(user.user.id, revokingTokens: false, as: house.admin)
        let refused = await refusal { _ = try await house.givenServiceUser() }
        guard case .conflict = refused else {
            Issue.record("the handle was given twice")
            return
        }
    }

    @Test("have a history of who changed what", arguments: EngineUnderTest.available)
    func history(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let user = try await house.givenServiceUser()
        _ = try await house.app.updateUser(
            user.user.id, UserEditRequest(role: .manager, purpose: "nightly sync"), as: house.admin)
        let events = try await house.app.userHistory(user.user.id, as: house.admin)
        #expect(events.map(\.event.verb) == [.create, .update])
        #expect(events[1].event.changes.map(\.field) == ["role", "purpose"])
    }

    @Test("and the last Admin stays, whatever is tried", arguments: EngineUnderTest.available)
    func lastAdmin(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let ada = try #require(house.admin.userID)
        _ = try await house.givenServiceUser("Robot", role: .admin)
        let demoted = await refusal {
            _ = try await house.app.updateUser(ada, UserEditRequest(role: .manager), as: house.admin)
        }
        let removed = await refusal {
            try await house.app.deactivateUser(ada, revokingTokens: true, as: house.admin)
        }
        for refused in [demoted, removed] {
            guard case .conflict = refused else {
                Issue.record("the last Admin is gone")
                return
            }
        }
    }

    @Test("are made by Admins alone", arguments: [Role.member, .editor, .manager])
    func roles(role: Role) async throws {
        let house = try await House(on: .sqlite)
        let token = try await house.givenToken(for: try await house.givenServiceUser("Other", role: role))
        let caller = try await house.caller(token.secret)
        let refused = await refusal {
            _ = try await house.app.createServiceUser(NewServiceUser(name: "X", role: .member), as: caller)
        }
        guard case .forbidden = refused else {
            Issue.record("made by \(role)")
            return
        }
    }
}
