import LatchkeyCore
import LatchkeyStore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyStore

@Suite("The store keeps directories apart")
struct DirectoryStoreTests {
    private static let okta: ID<User> = ID(1_000_001)
    private static let entra: ID<User> = ID(1_000_002)

    @Test("counts in blocks what is in the rows, whatever was done", arguments: EngineUnderTest.available)
    func blocks(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let bytes = CountingBytes(seed: 11)
        var people: [ID<User>] = []
        for round in 0..<60 {
            let draw = bytes.bytes(2)
            people = try await store.write { [people] db throws(Refusal) in
                try Self.change(db, people, draw, round)
            }
        }
        for directory in [Self.okta, Self.entra, ID(0)] {
            let (blocks, rows) = try await store.read { db throws(Refusal) in
                (
                    try db.directoryTotal(.person, directory),
                    try db.number(
                        """
                        SELECT COUNT(*) FROM directory_person
                        WHERE hidden_at IS NULL AND directory_id IN (0, \(directory))
                        """)
                )
            }
            #expect(Int64(blocks) == rows)
        }
    }

    private static func change(
        _ db: WriteTransaction, _ people: [ID<User>], _ draw: [UInt8], _ round: Int
    ) throws(Refusal) -> [ID<User>] {
        switch draw[0] % 4 {
        case 0, 1:
            let user = try db.givenUser("person\(round)", type: .human)
            return people + [user.id]
        case 2:
            guard let id = people.randomly(draw[1]) else { return people }
            let directory = draw[1] % 2 == 0 ? okta : entra
            try db.apply(Sample.decision(.setPersonEntry(Self.entry(id, directory, round))))
            return people
        default:
            guard let id = people.randomly(draw[1]) else { return people }
            var entry = Self.entry(id, okta, round)
            entry.hiddenAt = Sample.now
            try db.apply(Sample.decision(.setPersonEntry(entry)))
            return people.filter { $0 != id }
        }
    }

    private static func entry(_ id: ID<User>, _ directory: ID<User>?, _ mark: Int) -> PersonEntry {
        PersonEntry(user: id, directory: directory, externalID: "x\(mark)", changedAt: Sample.now)
    }

    @Test("lists any place of any length, without gaps or doubles", arguments: EngineUnderTest.available)
    func places(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let mine = try await store.write { db throws(Refusal) in
            var mine: [ID<User>] = []
            for number in 0..<70 {
                // Ids far apart, over several blocks.
                _ = try db.reserveObjects(97)
                let user = try db.givenUser("person\(number)", type: .human)
                if number % 5 == 4 {
                    try db.apply(Sample.decision(.setPersonEntry(Self.entry(user.id, Self.entra, number))))
                } else {
                    if number % 2 == 0 {
                        try db.apply(Sample.decision(.setPersonEntry(Self.entry(user.id, Self.okta, number))))
                    }
                    mine.append(user.id)
                }
            }
            return mine
        }
        for (start, count) in [(1, 200), (1, 7), (8, 7), (30, 1), (56, 5), (57, 5), (500, 5), (1, 0)] {
            let page = try await store.read { db throws(Refusal) in
                try db.people(DirectoryQuery(start: start, count: count), in: Self.okta)
            }
            #expect(page.items.map(\.user.id) == Array(mine.dropFirst(start - 1).prefix(count)))
            #expect(page.total == mine.count)
        }
    }

    @Test("finds by every index the same as by looking at everybody", arguments: EngineUnderTest.available)
    func narrowing(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let (ada, team) = try await store.write { db throws(Refusal) in
            let ada = try db.givenUser("Ada@X", name: "Ada", type: .human)
            let bob = try db.givenUser("bob@x", name: "Bob", type: .human)
            let team = try db.givenTeam("Guides")
            var entry = Self.entry(ada.id, Self.okta, 1)
            entry.attributes = ["displayName": .text("Countess"), "title": .text("Guide")]
            try db.apply(
                Sample.decision(
                    .setPersonEntry(entry), .setPersonEntry(Self.entry(bob.id, Self.okta, 2)),
                    .addMember(ada.id, to: team.id)))
            return (ada.id, team.id)
        }
        @Sendable func text(_ path: AttributePath, _ value: String, isExact: Bool = false) -> AttributeFilter {
            .compare(path, .equal, .text(value, isExact: isExact))
        }
        let name = text(AttributePath("userName"), "ada@x")
        let filters: [AttributeFilter] = [
            name, text(AttributePath("id"), "\(ada)", isExact: true),
            text(AttributePath("externalId"), "x1", isExact: true), text(AttributePath("displayName"), "COUNTESS"),
            text(AttributePath("groups", "value"), "\(team)", isExact: true), text(AttributePath("title"), "guide"),
            .all(name, .present(AttributePath("title"))), .any(name, text(AttributePath("id"), "nobody")),
            .within(AttributePath("groups"), text(AttributePath("value"), "\(team)")), .not(.not(name)),
        ]
        for filter in filters {
            let page = try await store.read { db throws(Refusal) in
                try db.people(DirectoryQuery(filter: filter), in: Self.okta)
            }
            #expect(page.items.map(\.user.id) == [ada], "\(filter)")
            let others = try await store.read { db throws(Refusal) in
                try db.people(DirectoryQuery(filter: filter), in: Self.entra)
            }
            #expect(others.items.isEmpty, "\(filter)")
        }
        // Folding is wider than equality: an accent is found by the index, and refused by the comparison.
        let accented = try await store.read { db throws(Refusal) in
            try db.people(DirectoryQuery(filter: text(AttributePath("userName"), "adá@x")), in: Self.okta)
        }
        #expect(accented.items.isEmpty && accented.total == 0)
    }

    @Test(
        "finds groups by name, external id and member, and reads no more members than it asks for",
        arguments: EngineUnderTest.available)
    func groups(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let (ada, service, team) = try await store.write { db throws(Refusal) in
            let ada = try db.givenUser("ada@x", type: .human)
            let service = try db.givenUser("sync@service")
            let team = try db.givenTeam("Guides")
            _ = try db.givenTeam("Others")
            let entry = GroupEntry(team: team.id, directory: Self.okta, externalID: "g1", changedAt: Sample.now)
            try db.apply(
                Sample.decision(
                    .setGroupEntry(entry), .addMember(ada.id, to: team.id), .addMember(service.id, to: team.id)))
            return (ada.id, service.id, team.id)
        }
        @Sendable func filter(_ attribute: String, _ value: String) -> AttributeFilter {
            .compare(AttributePath(attribute), .equal, .text(value, isExact: false))
        }
        let filters = [filter("displayName", "GUIDES"), filter("externalId", "g1"), filter("members", "\(ada)")]
        for filter in filters {
            let page = try await store.read { db throws(Refusal) in
                try db.groups(DirectoryQuery(filter: filter), withMembers: true, in: Self.okta)
            }
            #expect(page.items.map(\.team.id) == [team])
            #expect(page.items.first?.members == [ada])
        }
        let hidden = try await store.read { db throws(Refusal) in
            (
                try db.groups(
                    DirectoryQuery(filter: filter("members", "\(service)")), withMembers: false, in: Self.okta),
                try db.otherMemberCount(of: team, in: Self.okta)
            )
        }
        #expect(hidden.0.items.isEmpty)
        #expect(hidden.1 == 1)
        let sorted = try await store.read { db throws(Refusal) in
            try db.groups(
                DirectoryQuery(order: .init(AttributePath("displayName"), descending: true, isExact: false)),
                withMembers: false, in: Self.okta)
        }
        #expect(sorted.items.map(\.team.name) == ["Others", "Guides"])
    }

    @Test("lets a directory go, and another take over", arguments: EngineUnderTest.available)
    func release(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let id = try await store.write { db throws(Refusal) in
            let user = try db.givenUser("ada@x", type: .human)
            let account = try db.givenUser("okta@service")
            try db.apply(Sample.decision(.setPersonEntry(Self.entry(user.id, account.id, 1))))
            try db.apply(Sample.decision(.releaseDirectory(account.id)))
            return user.id
        }
        let (person, holdings) = try await store.read { db throws(Refusal) in
            (try db.person(id, in: Self.entra), try db.directoryHoldings())
        }
        #expect(person?.entry.directory == nil && person?.entry.externalID == nil)
        #expect(holdings.map(\.directory) == [ID(0)])
        #expect(holdings.map(\.people) == [1])
    }

    @Test(
        "adds up a sync until it pauses, and keeps no more than the latest faults",
        arguments: EngineUnderTest.available)
    func syncs(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        try await store.write { db throws(Refusal) in
            let owner = try db.givenUser("okta@service")
            let token = try db.givenToken(owner: owner.id)
            var counts = SyncCounts()
            counts.peopleCreated = 1
            for minute in [0, 5, 14, 60] {
                let at = Sample.now + .minutes(minute)
                try db.note(.syncWork(SyncWork(directory: owner.id, token: token.id, at: at, counts: counts)))
            }
            for number in 0..<(SyncFault.mostKept + 20) {
                let at = Sample.now + .seconds(number)
                for _ in 0..<2 {
                    try db.note(
                        .syncFault(
                            SyncFault(
                                directory: owner.id, token: token.id, operation: "POST /Users", status: 409,
                                detail: "fault \(number)", subject: "ada", first: at, last: at)))
                }
            }
        }
        let (runs, faults) = try await store.read { db throws(Refusal) in
            (try db.syncRuns(limit: 10), try db.syncFaults(limit: 1000))
        }
        #expect(runs.map(\.counts.peopleCreated) == [1, 3])
        #expect(runs.last?.until == Sample.now + .minutes(14))
        #expect(faults.count == SyncFault.mostKept)
        #expect(faults.first?.count == 2)
        #expect(faults.first?.detail == "fault \(SyncFault.mostKept + 19)")
    }

    @Test("gives an entry to every person who was there before directories were", arguments: EngineUnderTest.available)
    func migrated(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let missing = try await store.write { db throws(Refusal) in
            let user = try db.givenUser("Ädå@X", type: .human)
            _ = try db.run("DELETE FROM directory_person WHERE user_id = \(user.id)")
            _ = try db.run("DELETE FROM directory_block")
            for user in try db.peopleWithoutEntry() { try db.insertEntry(of: user) }
            return try db.peopleWithoutEntry().count
        }
        let found = try await store.read { db throws(Refusal) in try db.accountID(userName: "ada@x") }
        #expect(missing == 0)
        #expect(found != nil)
    }
}

extension Array {
    fileprivate func randomly(_ draw: UInt8) -> Element? {
        isEmpty ? nil : self[Int(draw) % count]
    }
}

extension WriteTransaction {
    /// Numbers that nothing bears.
    fileprivate func reserveObjects(_ count: Int) throws(Refusal) -> Int64 {
        var last: ID<User> = ID(0)
        for _ in 0..<count { last = try nextID() }
        return last.value
    }
}
