import LatchkeyCore
import LatchkeyStore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyStore

/// Whatever a search leaves to SQL, it finds what looking at everybody finds.
@Suite("A search of a directory")
struct DirectorySearchTests {
    private static let okta: ID<User> = ID(1_000_001)
    private static let entra: ID<User> = ID(1_000_002)

    /// People of two directories and of none, with and without attributes, some not active.
    private static func crowd(_ db: WriteTransaction) throws(Refusal) {
        for number in 0..<40 {
            let names = ["Ada", "adam", "ÁDA", "bob", "Zoé"]
            let name = "\(names[number % 5])\(number)"
            var user = try db.givenUser("\(name)@x", name: name, type: .human)
            if number % 4 == 0 {
                user.deactivatedAt = Sample.now
                user.version += 1
                try db.apply(Sample.decision(.updateUser(user)))
            }
            guard number % 3 > 0 else { continue }
            var entry = PersonEntry(
                user: user.id, directory: number % 7 == 0 ? entra : okta,
                externalID: number % 2 == 0 ? "e\(number)" : nil,
                changedAt: Sample.now + .minutes(number))
            entry.attributes["title"] = number % 2 == 0 ? .text("Guide \(number % 6)") : nil
            entry.attributes["displayName"] = number % 5 == 0 ? nil : .text("Shown \(name)")
            entry.attributes["name"] = .object(["familyName": .text(name)])
            entry.attributes["emails"] = .list([
                .object(["value": .text("\(name)@Work.example"), "type": .text("work"), "primary": .flag(true)]),
                .object(["value": .text("home\(number % 3)@x"), "type": .text("home")]),
            ])
            try db.apply(Sample.decision(.setPersonEntry(entry)))
        }
    }

    private static let filters: [AttributeFilter] = {
        func text(
            _ path: AttributePath, _ comparison: AttributeFilter.Comparison, _ value: String
        ) -> AttributeFilter { .compare(path, comparison, .text(value, isExact: false)) }
        let changed = AttributePath("meta", "lastModified")
        let mail = AttributePath("emails", "value")
        let from = (Sample.now + .minutes(12)).text
        let active = AttributeFilter.compare(AttributePath("active"), .equal, .flag(true))
        return [
            text(AttributePath("userName"), .startsWith, "ADA"), text(AttributePath("userName"), .equal, "Adam1@x"),
            text(AttributePath("userName"), .startsWith, "á"),
            text(AttributePath("displayName"), .startsWith, "shown a"),
            text(AttributePath("displayName"), .equal, "Bob3"), text(mail, .equal, "HOME1@x"),
            text(AttributePath("emails"), .startsWith, "bob"), text(mail, .contains, "work"),
            text(mail, .equal, "ada0@x"), text(mail, .startsWith, ""),
            .within(
                AttributePath("emails"),
                .all(text(AttributePath("value"), .equal, "home2@x"), text(AttributePath("type"), .equal, "home"))),
            .within(
                AttributePath("emails"),
                .all(text(AttributePath("value"), .equal, "home2@x"), text(AttributePath("type"), .equal, "work"))),
            text(changed, .greater, from), text(changed, .greaterOrEqual, from), text(changed, .less, from),
            text(changed, .lessOrEqual, from), text(changed, .equal, from), text(changed, .notEqual, from), active,
            .compare(AttributePath("active"), .notEqual, .flag(true)), .not(active),
            .all(active, text(AttributePath("title"), .startsWith, "guide")),
            .any(text(AttributePath("userName"), .equal, "bob3@x"), text(AttributePath("externalId"), .equal, "e8")),
            .any(active, text(AttributePath("title"), .equal, "Guide 4")), .present(AttributePath("title")),
            text(AttributePath("name", "familyName"), .endsWith, "8"), text(AttributePath("id"), .greater, "2"),
        ]
    }()

    @Test("finds by any filter what looking at everybody finds", arguments: EngineUnderTest.available)
    func filters(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        try await store.write { db throws(Refusal) in try Self.crowd(db) }
        for directory in [Self.okta, Self.entra] {
            let everybody = try await store.read { db throws(Refusal) in
                try db.people(DirectoryQuery(), in: directory).items
            }
            var found = 0
            for filter in Self.filters {
                let page = try await store.read { db throws(Refusal) in
                    try db.people(DirectoryQuery(filter: filter), in: directory)
                }
                let expected = everybody.filter { filter.matches($0.searchable) }.map(\.user.id)
                #expect(page.items.map(\.user.id) == expected, "\(filter)")
                #expect(page.total == expected.count)
                found += expected.isEmpty ? 0 : 1
            }
            #expect(found > Self.filters.count / 2)
        }
    }

    @Test(
        "stands in the same order whether columns or attributes say it, on any page",
        arguments: EngineUnderTest.available)
    func orders(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        try await store.write { db throws(Refusal) in try Self.crowd(db) }
        let paths = [
            AttributePath("userName"), AttributePath("displayName"), AttributePath("externalId"),
            AttributePath("meta", "created"), AttributePath("meta", "lastModified"),
            AttributePath("name", "familyName"),
            AttributePath("emails"),
        ]
        let all: AttributeFilter = .present(AttributePath("userName"))
        for path in paths {
            for descending in [false, true] {
                let order = DirectoryQuery.Order(path, descending: descending, isExact: path.attribute == "externalId")
                for (start, count) in [(1, 200), (3, 7), (30, 20), (900, 5)] {
                    let (plain, searched) = try await store.read { db throws(Refusal) in
                        (
                            try db.people(DirectoryQuery(order: order, start: start, count: count), in: Self.okta),
                            try db.people(
                                DirectoryQuery(filter: all, order: order, start: start, count: count), in: Self.okta)
                        )
                    }
                    #expect(plain.items.map(\.user.id) == searched.items.map(\.user.id), "\(path) \(descending)")
                    #expect(plain.total == searched.total)
                }
            }
        }
    }

    @Test(
        "finds by no address that is gone, and by an account's own once it is released",
        arguments: EngineUnderTest.available)
    func addresses(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let account = try await store.write { db throws(Refusal) in try db.givenUser("okta@service").id }
        let book = AddressBook(store: store, account: account)
        let long = String(repeating: "ä", count: 4000) + "@x"
        let id = try await store.write { db throws(Refusal) in
            var user = Sample.user(try db.nextID(), "ada", name: "Ada", type: .human, role: .member)
            user.email = "ada@own.example"
            try db.apply(Sample.decision(.insertUser(user)))
            return user.id
        }
        #expect(try await book.find("ADA@own.example") == [id])
        try await book.set(["one@x", "two@x", long], of: id)
        #expect(try await book.find("ada@own.example") == [])
        #expect(try await book.find("two@x") == [id])
        #expect(try await book.find(long) == [id])
        #expect(try await book.find(long + "y") == [])
        try await book.set([], of: id)
        #expect(try await book.find("two@x") == [])
        try await store.write { db throws(Refusal) -> Void in
            try db.apply(Sample.decision(.releaseDirectory(account)))
        }
        #expect(try await book.find("ada@own.example") == [id])
        try await book.set(["one@x"], of: id, hiddenAt: Sample.now)
        #expect(try await book.find("one@x") == [])
        #expect(try await book.find("ada@own.example") == [])
    }

    @Test("knows the addresses of people who were there before it looked for any", arguments: EngineUnderTest.available)
    func migrated(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let (account, ada) = try await store.write { db throws(Refusal) in
            let account = try db.givenUser("okta@service").id
            let ada = try db.givenUser("ada@own.example", type: .human).id
            for number in 0..<3 { try db.givenUser("person\(number)", type: .human) }
            _ = try db.run("DELETE FROM directory_email")
            try Migration.directorySearch.fill(db)
            return (account, ada)
        }
        #expect(try await AddressBook(store: store, account: account).find("Ada@Own.example") == [ada])
    }
}

private struct AddressBook: Sendable {
    let store: Store
    let account: ID<User>

    func find(_ address: String) async throws -> [ID<User>] {
        let filter = AttributeFilter.compare(
            AttributePath("emails", "value"), .equal, .text(address, isExact: false))
        return try await store.read { [account] db throws(Refusal) in
            try db.people(DirectoryQuery(filter: filter), in: account).items.map(\.user.id)
        }
    }

    func set(_ addresses: [String], of id: ID<User>, hiddenAt: Timestamp? = nil) async throws {
        var entry = PersonEntry(user: id, directory: account, changedAt: Sample.now, hiddenAt: hiddenAt)
        if !addresses.isEmpty {
            entry.attributes["emails"] = .list(addresses.map { .object(["value": .text($0)]) })
        }
        let changed = entry
        try await store.write { db throws(Refusal) -> Void in
            try db.apply(Sample.decision(.setPersonEntry(changed)))
        }
    }
}
