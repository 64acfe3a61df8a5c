import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@Suite("How people come in, as Admins handle it")
struct PersonAccessTests {
    @Test(
        "Open invitations come in pages, the newest first, without those that are over",
        arguments: EngineUnderTest.available)
    func invitations(_ engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        _ = try await house.app.createTeam(TeamEdit(name: "Data"), as: house.admin)
        for name in ["old", "one", "two", "three"] {
            let asked = NewInvitation(email: "\(name)@example.com", name: name, role: .editor, teams: ["Data"])
            let made = try await house.app.invite(asked, as: house.admin)
            if name == "two" { try await house.app.withdrawInvitation(made.invitation.id, as: house.admin) }
            if name == "old" { house.clock.advance(by: .days(7)) }
        }
        let first = try await house.app.listInvitations(PageRequest(number: 1, size: 1), as: house.admin)
        let second = try await house.app.listInvitations(PageRequest(number: 2, size: 1), as: house.admin)
        #expect(first.total == 2)
        #expect((first.items + second.items).map(\.invitation.name) == ["three", "one"])
        #expect(first.items.first?.teams == ["Data"])
        #expect(first.items.first?.host?.handle == "ada@example.com")
        #expect(first.items.first?.isHeld == true)
    }

    @Test("Who has a password and no second factor is counted and named", arguments: EngineUnderTest.available)
    func coverage(_ engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        for name in ["grace", "alan", "gone"] { _ = try await house.givenPerson("\(name)@example.com") }
        let gone = try await house.app.findUser(handle: "gone@example.com", as: house.admin).user.id
        try await house.app.deactivateUser(gone, revokingTokens: true, as: house.admin)
        _ = try await house.givenSecondFactor("grace@example.com")
        let coverage = try await house.app.secondFactorCoverage(as: house.admin)
        #expect(coverage.protected == 1)
        #expect(coverage.unprotected == 1)
        #expect(coverage.someUnprotected.map(\.handle) == ["alan@example.com"])
    }

    @Test(
        "Nobody makes a password link, resets a second factor or ends sessions of themselves or of a service user",
        arguments: EngineUnderTest.available)
    func reach(_ engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let grace = try await house.givenPerson("grace@example.com", role: .admin)
        let own = try await house.person(house.session("grace@example.com")).caller
        let robot = try await house.givenServiceUser().user.id
        let app = house.app
        for (user, caller) in [(grace, own), (robot, own), (robot, house.admin)] {
            for act in [
                { _ = try await app.passwordLink(for: user, as: caller) },
                { try await app.resetSecondFactor(of: user, as: caller) },
                { _ = try await app.endSessions(of: user, as: caller) },
            ] as [() async throws -> Void] {
                await #expect(throws: Refusal.self) { try await act() }
            }
        }
        let access = try await app.access(of: grace, as: house.admin)
        #expect(access.sessions == 1)
        #expect(access.passwordChangedAt != nil)
        let ended = try await app.endSessions(of: grace, as: house.admin)
        #expect(ended == 1)
    }

    @Test("A password link ends at the second factor of who has one", arguments: EngineUnderTest.available)
    func secondFactor(_ engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let grace = try await house.givenPerson("grace@example.com")
        let (authenticator, _) = try await house.givenSecondFactor("grace@example.com")
        let link = try await house.app.passwordLink(for: grace, as: house.admin)
        let outcome = try await house.app.choosePassword(link: link, password: House.password, from: Origin())
        guard case .secondFactor(let pending) = outcome else {
            Issue.record("the link alone has let somebody in")
            return
        }
        house.clock.advance(by: .seconds(60))
        let started = try await house.app.confirmSecondFactor(
            pending.text, code: authenticator.code(at: house.clock.now), from: Origin())
        #expect(started.user.id == grace)
    }
}

@Suite("What lists and pages of the console ask for")
struct ConsoleQueryTests {
    @Test(
        "Users sort by how many teams, and those whose owner has gone are found", arguments: EngineUnderTest.available)
    func users(_ engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        for name in ["Data", "Ops"] { _ = try await house.app.createTeam(TeamEdit(name: name), as: house.admin) }
        let grace = try await house.givenPerson("grace@example.com")
        for (name, teams) in [("Alpha", ["Ops"]), ("Beta", ["Data", "Ops"]), ("Gamma", [])] {
            let made = NewServiceUser(name: name, role: .member, teams: teams, owner: name == "Beta" ? grace : nil)
            _ = try await house.app.createServiceUser(made, as: house.admin)
        }
        for (descending, names) in [(false, ["Gamma", "Alpha", "Beta"]), (true, ["Beta", "Alpha", "Gamma"])] {
            let filter = UserFilter(type: .service, sorting: Sorting(.teams, descending: descending))
            let page = try await house.app.listUsers(filter, PageRequest(), as: house.admin)
            #expect(page.items.map(\.user.name) == names)
        }
        let before = try await house.app.serviceUsersOrphaned(as: house.admin)
        #expect(before.count == 0)
        try await house.app.deactivateUser(grace, revokingTokens: true, as: house.admin)
        let after = try await house.app.serviceUsersOrphaned(as: house.admin)
        let found = try await house.app.listUsers(after.filter, PageRequest(), as: house.admin)
        #expect(after.count == 1)
        #expect(found.items.map(\.user.name) == ["Beta"])
    }

    @Test("Uses of several tokens are added up by address, program and route", arguments: EngineUnderTest.available)
    func uses(_ engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let robot = try await house.givenServiceUser()
        let tokens = [
            try await house.givenToken("one", for: robot), try await house.givenToken("other", for: robot),
        ]
        for token in tokens { for _ in 1...2 { try await house.use(token.secret) } }
        try await house.app.flushUsage()
        let ids = tokens.map(\.summary.token.id)
        let sums = try await house.app.useSums(of: ids, as: house.admin)
        #expect(sums.routes.map(\.name) == ["GET /api/users/me"])
        #expect(sums.routes.map(\.uses) == [4])
        #expect(sums.addresses.map(\.refusals) == [0])
        let none = try await house.app.useSums(of: [], as: house.admin)
        #expect(none.routes.isEmpty)
        let stranger = try await house.caller(
            try await house.givenToken("plain", for: house.givenServiceUser("Other")).secret)
        let hidden = try await house.app.useSums(of: ids, as: stranger)
        #expect(hidden.routes.isEmpty, "of tokens that one may not see, nothing")
    }

    @Test(
        "An export gives the whole filter in parts, newest first, and is recorded", arguments: EngineUnderTest.available
    )
    func export(_ engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        for number in 1...3 { _ = try await house.givenServiceUser("Load \(number)") }
        let filter = ActivityFilter(verbs: [.create], objectType: .user)
        let export = try await house.app.exportActivity(filter, format: "csv", as: house.admin)
        let first = try await export.part(behind: nil)
        #expect(first.map(\.seq) == first.map(\.seq).sorted(by: >))
        #expect(first.count == 4)
        let rest = try await export.part(behind: first[1])
        #expect(rest.map(\.seq) == first.dropFirst(2).map(\.seq))
        let recorded = try await house.app.listActivity(
            ActivityFilter(verbs: [.export]), PageRequest(), as: house.admin)
        #expect(recorded.total == 1)
    }

    @Test("An export ends where the log ended when it began", arguments: EngineUnderTest.available)
    func exportEnd(_ engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let early = try await house.app.exportActivity(ActivityFilter(), format: "csv", as: house.admin)
        let late = try await house.givenServiceUser("Late").user.id
        let events = try await early.part(behind: nil)
        #expect(events.first?.event.verb == .export)
        #expect(!events.contains { $0.event.objectType == .user && $0.event.objectID == late.value })
        let rest = try await early.part(behind: events.last)
        #expect(rest.isEmpty)
        let next = try await house.app.exportActivity(ActivityFilter(), format: "csv", as: house.admin)
        let all = try await next.part(behind: nil)
        #expect(all.contains { $0.event.objectType == .user && $0.event.objectID == late.value })
    }

    @Test("A typed form is kept for its person, its page and its time", arguments: EngineUnderTest.available)
    func keptForm(_ engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let grace = try await house.givenPerson("grace@example.com")
        let fields = [["name", "Nightly “Load”"], ["purpose", ""]]
        let text = try #require(house.app.keep(fields, at: "/x?y=1", for: grace))
        #expect(house.app.kept(text, at: "/x?y=1", for: grace)?.fields == fields)
        #expect(house.app.kept(text, at: "/x", for: grace) == nil)
        #expect(house.app.kept(text, at: "/x?y=1", for: ID(grace.value + 1)) == nil)
        #expect(house.app.kept(String(text.dropLast()) + "A", at: "/x?y=1", for: grace) == nil)
        let long = [["name", String(repeating: "x", count: 3000)]]
        #expect(house.app.keep(long, at: "/x", for: grace) == nil)
        let started = try await house.session("grace@example.com")
        house.clock.advance(by: KeptForm.life)
        #expect(house.app.kept(text, at: "/x?y=1", for: grace) == nil)
        let lapsed = try await house.app.lapsedSession(started.secret.reveal()[...])
        #expect(lapsed?.id == started.session.id)
        _ = try await house.app.endSessions(of: grace, as: house.admin)
        let ended = try await house.app.lapsedSession(started.secret.reveal()[...])
        #expect(ended == nil)
    }
}
