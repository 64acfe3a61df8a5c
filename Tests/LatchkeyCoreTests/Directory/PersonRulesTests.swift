import LatchkeyCore
import Testing

@Suite("A person in a directory")
struct PersonRulesTests {
    private static let reach = DirectoryReach(directory: ID(5))
    private static let caller = Given.caller(.admin, id: 5)

    private static func person(_ attributes: AttributeRecord = [:], role: Role = .member) -> Person {
        Person(
            user: Given.person(9, role: role),
            entry: PersonEntry(user: ID(9), directory: ID(5), attributes: attributes, changedAt: Given.now))
    }

    private static func becoming(
        _ record: AttributeRecord, _ person: Person = person(), _ reach: DirectoryReach = reach,
        surroundings: PersonSurroundings = PersonSurroundings()
    ) throws(Refusal) -> Decision? {
        try person.becoming(record, surroundings, within: reach, by: caller, at: Given.now)
    }

    private static func users(_ decision: Decision?) -> [User] {
        (decision?.changes ?? []).compactMap { change in
            if case .updateUser(let user) = change { user } else { nil }
        }
    }

    @Test("is named by displayName, else by the name's parts, else by the user name")
    func naming() throws {
        let given: AttributeValue = .object(["givenName": .text("Ada"), "familyName": .text("Lovelace")])
        let cases: [(AttributeRecord, String)] = [
            (["userName": .text("ada"), "displayName": .text("Countess"), "name": given], "Countess"),
            (["userName": .text("ada"), "name": given], "Ada Lovelace"),
            (["userName": .text("ada"), "name": .object(["formatted": .text("A. L.")])], "A. L."),
            (["userName": .text("ada")], "ada"),
        ]
        for (record, name) in cases {
            #expect(Self.users(try Self.becoming(record)).first?.name == name)
        }
    }

    @Test("has the primary mail address, else the one at work, else the first, else the user name")
    func mail() throws {
        func email(_ value: String, _ type: String?, _ primary: Bool?) -> AttributeValue {
            var object: AttributeRecord = ["value": .text(value)]
            object["type"] = type.map { .text($0) }
            object["primary"] = primary.map { .flag($0) }
            return .object(object)
        }
        let emails = [email("a@x", nil, nil), email("b@x", "work", nil), email("c@x", "home", true)]
        for (list, expected) in [(emails, "c@x"), (Array(emails.prefix(2)), "b@x"), ([emails[0]], "a@x")] {
            let record: AttributeRecord = ["userName": .text("z@x"), "emails": .list(list)]
            #expect(Self.users(try Self.becoming(record)).first?.email == expected)
        }
        #expect(Self.users(try Self.becoming(["userName": .text("z@x")])).first?.email == "z@x")
        #expect(Self.users(try Self.becoming(["userName": .text("z")])).first?.email == nil)
    }

    @Test("who is deactivated or deleted loses every active token and every session in the same decision")
    func deactivation() throws {
        let person = Self.person(["active": .flag(true)])
        var record = person.record
        record["active"] = .flag(false)
        let tokens = [Given.token(100, owner: person.user), Given.token(101, owner: person.user)]
        let surroundings = PersonSurroundings(activeTokens: tokens, sessions: [ID(3), ID(4), ID(5)])
        let decision = try Self.becoming(record, person, surroundings: surroundings)
        let deletion = try person.delete(surroundings, within: Self.reach, by: Self.caller, at: Given.now)
        for decision in [decision, deletion] {
            #expect(Self.users(decision).last?.isActive == false)
            #expect(decision?.events.filter { $0.verb == .revoke }.count == 2)
            #expect(decision?.events.filter { $0.verb == .signOut }.count == 3)
            #expect(decision?.events.contains { $0.verb == .deactivate } == true)
        }
    }

    @Test("who is the last Admin can be neither deactivated nor deleted nor demoted")
    func lastAdmin() throws {
        let person = Self.person(["active": .flag(true)], role: .admin)
        let alone = PersonSurroundings(isLastAdmin: true)
        var record = person.record
        record["active"] = .flag(false)
        #expect(
            refusal { () throws(Refusal) in _ = try Self.becoming(record, person, surroundings: alone) }?.isConflict
                == true)
        let deleted = refusal { () throws(Refusal) in
            _ = try person.delete(alone, within: Self.reach, by: Self.caller, at: Given.now)
        }
        #expect(deleted?.isConflict == true)
        record = person.record
        record["roles"] = .list([.object(["value": .text("Member")])])
        let ruling = DirectoryReach(directory: ID(5), highestRole: .admin)
        let demoted = refusal { () throws(Refusal) in
            _ = try Self.becoming(record, person, ruling, surroundings: alone)
        }
        #expect(demoted?.isConflict == true)
    }

    @Test("gets a role where directories govern roles, and none above the token's creator's")
    func roles() throws {
        func record(_ role: String) -> AttributeRecord {
            ["userName": .text("ada@example.com"), "roles": .list([.object(["value": .text(role)])])]
        }
        #expect(Self.users(try Self.becoming(record("Manager"))).first?.role == .member)
        let ruling = DirectoryReach(directory: ID(5), highestRole: .manager)
        #expect(Self.users(try Self.becoming(record("manager"), Self.person(), ruling)).first?.role == .manager)
        for role in ["Admin"] {
            let refused = refusal { () throws(Refusal) in
                _ = try Self.becoming(record(role), Self.person(), ruling)
            }
            #expect(refused?.isForbidden == true)
        }
        let unknown = refusal { () throws(Refusal) in _ = try Self.becoming(record("Boss"), Self.person(), ruling) }
        #expect(unknown?.pointers == ["roles"])
        let admin = refusal { () throws(Refusal) in
            _ = try Self.becoming(record("Member"), Self.person(role: .admin), ruling)
        }
        #expect(admin?.isForbidden == true)
    }

    @Test("falls back to Member when the directory takes its role away, not when it never named one")
    func withdrawnRole() throws {
        let ruling = DirectoryReach(directory: ID(5), highestRole: .admin)
        let named: AttributeRecord = ["roles": .list([.object(["value": .text("Manager")])])]
        let bare: AttributeRecord = ["userName": .text("ada@example.com"), "title": .text("x")]
        #expect(Self.users(try Self.becoming(bare, Self.person(named, role: .manager), ruling)).first?.role == .member)
        #expect(Self.users(try Self.becoming(bare, Self.person(role: .manager), ruling)).first?.role == .manager)
    }

    @Test(
        "is refused a name that is none, that is too long, or that looks like a service user's",
        arguments: ["", "   ", "etl@service", "ETL@Service", String(repeating: "a", count: 256), "a\u{0007}b"])
    func badName(name: String) {
        let refused = refusal { () throws(Refusal) in _ = try Self.becoming(["userName": .text(name)]) }
        #expect(refused?.pointers == ["userName"])
    }

    @Test("is not changed by what is there already")
    func nothing() throws {
        let person = Self.person(["active": .flag(true), "displayName": .text("Ada")])
        let decision = try Self.becoming(person.record, person)
        #expect(decision == nil)
    }

    @Test("is as new as the last change of their attributes")
    func changedAt() throws {
        let later = Given.now + .hours(1)
        let decision = try Self.person().becoming(
            ["userName": .text("ada@example.com"), "title": .text("Guide")], PersonSurroundings(), within: Self.reach,
            by: Self.caller, at: later)
        let entries = (decision?.changes ?? []).compactMap { change in
            if case .setPersonEntry(let entry) = change { entry } else { nil }
        }
        #expect(entries.map(\.changedAt) == [later.wholeSecond])
    }

    @Test("who is deactivated stays so where nothing is said of it")
    func leftOut() throws {
        var user = Given.person(9)
        user.deactivatedAt = Given.now
        let person = Person(
            user: user, entry: PersonEntry(user: ID(9), directory: ID(5), changedAt: Given.now))
        let decision = try Self.becoming(["userName": .text("ada"), "title": .text("Guide")], person)
        #expect(Self.users(decision).map(\.isActive) == [false])
        #expect(person.searchable["active"] == .flag(false))
    }

    @Test("whom no directory keeps shows what the account knows, and is the directory's from its first change on")
    func adoption() throws {
        let person = Person(
            user: Given.person(9), entry: PersonEntry(user: ID(9), directory: nil, changedAt: Given.now))
        #expect(person.record["displayName"] == .text("Ada"))
        #expect(person.record["active"] == .flag(true))
        let decision = try #require(try Self.becoming(person.record, person))
        let entries = decision.changes.compactMap { change in
            if case .setPersonEntry(let entry) = change { entry } else { nil }
        }
        #expect(entries.map(\.directory) == [ID(5)])
        #expect(entries.first?.attributes["displayName"] == .text("Ada"))
    }
}
