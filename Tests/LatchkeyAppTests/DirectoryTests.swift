import LatchkeyApp
import LatchkeyCore
import LatchkeyStore
import LatchkeyTestSupport
import Testing

@Suite("Directory sync")
struct DirectoryTests {
    /// A house with a directory: a service user, and who presents its SCIM token.
    struct Setting {
        let house: House
        let account: UserSummary
        let token: IssuedToken

        init(on engine: EngineUnderTest, governsRoles: Bool = false) async throws {
            house = try await House(on: engine, governsRoles: governsRoles)
            account = try await house.givenServiceUser("Okta")
            token = try await Self.givenSCIMToken(of: account, in: house)
        }

        private static func givenSCIMToken(of account: UserSummary, in house: House) async throws -> IssuedToken {
            let request = NewToken(name: "scim", owner: account.user.id, lifetime: .days(30), isSCIMOnly: true)
            return try await house.app.issueToken(request, as: house.admin)
        }

        var directory: Caller { get async throws { try await house.caller(token.secret) } }

        func another(_ name: String) async throws -> Caller {
            let token = try await Self.givenSCIMToken(of: house.givenServiceUser(name), in: house)
            return try await house.caller(token.secret)
        }

        func givenPerson(_ name: String) async throws -> Person {
            try await house.app.createPerson(["userName": .text(name)], as: directory)
        }
    }

    private static func set(_ attribute: String, _ value: AttributeValue) -> [AttributeEdit] {
        [.replace(AttributeTarget(AttributePath(attribute)), value)]
    }

    @Test("shuts a person's tokens off with the account, at once", arguments: EngineUnderTest.available)
    func deactivation(engine: EngineUnderTest) async throws {
        let setting = try await Setting(on: engine)
        let app = setting.house.app
        let person = try await setting.givenPerson("eve@example.com")
        let session = try await app.startSession(for: person.user.id, by: .password, from: Origin())
        let eve = try await app.signedIn(session.secret.reveal()[...], from: Origin()).caller
        let token = try await app.issueToken(NewToken(name: "laptop", lifetime: .days(30)), as: eve)
        #expect(await !setting.house.isRefused(token.secret))
        _ = try await app.editPerson(
            person.user.id, Self.set("active", .flag(false)), if: .none, as: setting.directory)
        #expect(await setting.house.isRefused(token.secret))
        let back = try await app.editPerson(
            person.user.id, Self.set("active", .flag(true)), if: .none, as: setting.directory)
        #expect(back.user.isActive)
        #expect(await setting.house.isRefused(token.secret))
    }

    @Test("makes somebody new of a name that was deleted", arguments: EngineUnderTest.available)
    func recreated(engine: EngineUnderTest) async throws {
        let setting = try await Setting(on: engine)
        let app = setting.house.app
        let first = try await setting.givenPerson("eve@example.com")
        let taken = await refusal { _ = try await setting.givenPerson("EVE@example.com") }
        #expect(taken != nil)
        try await app.deletePerson(first.user.id, if: .none, as: setting.directory)
        let gone = await refusal { _ = try await app.findPerson(first.user.id, as: setting.directory) }
        #expect(gone == .notFound("user"))
        let second = try await setting.givenPerson("eve@example.com")
        #expect(second.user.id != first.user.id)
        #expect(second.user.handle == "eve@example.com#\(second.user.id)")
    }

    @Test(
        "keeps two directories apart, and lets an Admin move people from one to the other",
        arguments: EngineUnderTest.available)
    func apart(engine: EngineUnderTest) async throws {
        let setting = try await Setting(on: engine)
        let app = setting.house.app
        let entra = try await setting.another("Entra")
        let eve = try await setting.givenPerson("eve@example.com")
        let unseen = await refusal { _ = try await app.findPerson(eve.user.id, as: entra) }
        #expect(unseen == .notFound("user"))
        let twice = await refusal { _ = try await app.createPerson(["userName": .text("eve@example.com")], as: entra) }
        #expect(twice != nil)
        let count = try await app.releaseDirectory(setting.account.user.id, as: setting.house.admin)
        #expect(count == 1)
        _ = try await app.editPerson(eve.user.id, Self.set("title", .text("x")), if: .none, as: entra)
        let lost = await refusal { _ = try await app.findPerson(eve.user.id, as: setting.directory) }
        #expect(lost == .notFound("user"))
    }

    @Test("gives no role above that of the token's creator, as it is now", arguments: EngineUnderTest.available)
    func creatorsRole(engine: EngineUnderTest) async throws {
        let setting = try await Setting(on: engine, governsRoles: true)
        let app = setting.house.app
        let role: AttributeValue = .list([.object(["value": .text("Admin")])])
        let eve = try await app.createPerson(
            ["userName": .text("eve@example.com"), "roles": role], as: setting.directory)
        #expect(eve.user.role == .admin)
        // The creator, Ada, loses her role: what her token could give goes with it.
        let ada = try #require(setting.house.admin.userID)
        _ = try await app.updateUser(ada, UserEditRequest(role: .member), as: setting.house.admin)
        let refused = await refusal {
            _ = try await app.createPerson(
                ["userName": .text("bob@example.com"), "roles": role], as: setting.directory)
        }
        guard case .forbidden? = refused else {
            Issue.record("\(String(describing: refused))")
            return
        }
    }

    @Test("takes no name and no address of an account that it cannot reach", arguments: EngineUnderTest.available)
    func names(engine: EngineUnderTest) async throws {
        let setting = try await Setting(on: engine)
        let app = setting.house.app
        _ = try await app.bootstrap(email: "Root@Example.com", name: "Root", isBreakGlass: true)
        let mail: AttributeValue = .list([.object(["value": .text("root@example.com")])])
        for record: AttributeRecord in [
            ["userName": .text("ROOT@example.com")], ["userName": .text("x"), "emails": mail],
        ] {
            let refused = await refusal { _ = try await app.createPerson(record, as: setting.directory) }
            guard case .invalid(let flaws)? = refused else {
                Issue.record("\(record)")
                continue
            }
            #expect(flaws.map(\.kind) == [.uniqueness])
        }
        let root = try await app.listPeople(DirectoryQuery(), as: setting.directory)
        #expect(root.items.allSatisfy { $0.user.userName != "Root@Example.com" })
    }

    @Test(
        "neither deletes a team that holds service users nor one that an Admin made",
        arguments: EngineUnderTest.available)
    func teams(engine: EngineUnderTest) async throws {
        let setting = try await Setting(on: engine)
        let app = setting.house.app
        let eve = try await setting.givenPerson("eve@example.com")
        let group = try await app.createGroup(
            ["displayName": .text("Guides")], members: [eve.user.id], as: setting.directory)
        #expect(group.team.permission == .reporter)
        let pipeline = try await setting.house.givenServiceUser("Pipeline", teams: ["Guides"])
        let kept = await refusal { try await app.deleteGroup(group.team.id, if: .none, as: setting.directory) }
        guard case .conflict? = kept else {
            Issue.record("\(String(describing: kept))")
            return
        }
        _ = try await app.replaceGroup(
            group.team.id, with: ["displayName": .text("Guides")], members: [], if: .none, as: setting.directory)
        let team = try await app.findTeam(group.team.id, as: setting.house.admin)
        #expect(team.users == [pipeline.user.id])
        let made = try await app.createTeam(TeamEdit(name: "Admins' own"), as: setting.house.admin)
        let refused = await refusal { try await app.deleteGroup(made.team.id, if: .none, as: setting.directory) }
        guard case .forbidden? = refused else {
            Issue.record("\(String(describing: refused))")
            return
        }
    }

    @Test("is rehearsed without a trace", arguments: EngineUnderTest.available)
    func rehearsal(engine: EngineUnderTest) async throws {
        let setting = try await Setting(on: engine)
        let app = setting.house.app
        let before = try await setting.house.store.read { db throws(Refusal) in try db.lastSequence() }
        let checks = try await app.checkDirectorySync(setting.account.user.id, as: setting.house.admin)
        #expect(checks.count == 12)
        #expect(checks.allSatisfy { $0.refusal == nil }, "\(checks)")
        let after = try await setting.house.store.read { db throws(Refusal) in try db.lastSequence() }
        #expect(before == after)
        let people = try await app.listPeople(DirectoryQuery(), as: setting.directory)
        #expect(people.total == 1)
        let bare = try await setting.house.givenServiceUser("Entra")
        let failed = try await app.checkDirectorySync(bare.user.id, as: setting.house.admin)
        #expect(failed.map { $0.refusal == nil } == [false] + Array(repeating: true, count: 11))
    }

    @Test(
        "stops with the Admin whose own token it uses, and not with the one who made a service user's",
        arguments: EngineUnderTest.available)
    func creatorGone(engine: EngineUnderTest) async throws {
        let setting = try await Setting(on: engine)
        let app = setting.house.app
        let own = try await app.issueToken(
            NewToken(name: "own", lifetime: .days(1), isSCIMOnly: true), as: setting.house.admin)
        let second = try await app.bootstrap(email: "root@example.com", name: nil, isBreakGlass: true)
        let root = try await setting.house.caller(second.token.secret)
        _ = try await app.listPeople(DirectoryQuery(), as: setting.house.caller(own.secret))
        let ada = try #require(setting.house.admin.userID)
        _ = try await app.updateUser(ada, UserEditRequest(role: .member), as: root)
        let refused = await refusal {
            _ = try await app.listPeople(DirectoryQuery(), as: setting.house.caller(own.secret))
        }
        #expect(refused != nil)
        _ = try await app.listPeople(DirectoryQuery(), as: setting.directory)
    }
}
