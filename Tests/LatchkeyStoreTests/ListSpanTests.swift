import LatchkeyCore
import LatchkeyStore
import LatchkeyTestSupport
import Testing

/// Pages are read from the nearer end of a list, and along another index for each order: put together they have to be
/// the list all the same.
@Suite("The pages of a list")
struct ListSpanTests {
    @Test("of tokens are the whole list, in each order and however narrowed", arguments: EngineUnderTest.available)
    func tokens(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        try await store.write { db throws(Refusal) in try Self.fill(db) }
        let (wrong, lengths) = try await store.read { db throws(Refusal) in
            var wrong: [String] = []
            var lengths: [Int] = []
            for filter in Self.tokenFilters {
                let whole = try db.tokens(filter, limit: 1000).map(\.token.id)
                lengths.append(whole.count)
                var pages: [ID<Token>] = []
                for number in 1...(whole.count / 4 + 2) {
                    let page = try db.tokens(filter, PageRequest(number: number, size: 4))
                    pages += page.items.map(\.token.id)
                    if page.total != whole.count { wrong.append("\(page.total) of \(whole.count): \(filter)") }
                }
                if pages != whole { wrong.append("\(pages) for \(whole): \(filter)") }
            }
            return (wrong, lengths)
        }
        #expect(wrong.isEmpty, "\(wrong.count): \(wrong.prefix(3))")
        let each = [25, 14, 5, 6, 4, 4, 25, 22, 1, 25, 0]
        #expect(lengths == TokenFilter.Column.allCases.flatMap { _ in each + each })
    }

    @Test("of users are the whole list, in each order and however narrowed", arguments: EngineUnderTest.available)
    func users(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        try await store.write { db throws(Refusal) in try Self.fill(db) }
        let (wrong, lengths) = try await store.read { db throws(Refusal) in
            var wrong: [String] = []
            var lengths: [Int] = []
            for filter in Self.userFilters {
                let whole = try db.users(filter, PageRequest(size: 100), at: Sample.now).items.map(\.user.id)
                lengths.append(whole.count)
                var pages: [ID<User>] = []
                for number in 1...(whole.count / 4 + 2) {
                    pages += try db.users(filter, PageRequest(number: number, size: 4), at: Sample.now).items
                        .map(\.user.id)
                }
                if pages != whole { wrong.append("\(pages) for \(whole): \(filter)") }
            }
            return (wrong, lengths)
        }
        #expect(wrong.isEmpty, "\(wrong.count): \(wrong.prefix(3))")
        let each = [25, 6, 25, 5, 9, 25]
        #expect(lengths == UserFilter.Column.allCases.flatMap { _ in each + each })
    }

    @Test("of the audit log are the whole log, newest first", arguments: EngineUnderTest.available)
    func activity(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        try await store.write { db throws(Refusal) in try Self.fill(db) }
        let (whole, pages) = try await store.read { db throws(Refusal) in
            let whole = try db.activity(ActivityFilter(), PageRequest(size: 100))
            var pages: [Int64] = []
            for number in 1...(whole.total / 7 + 1) {
                pages += try db.activity(ActivityFilter(), PageRequest(number: number, size: 7)).items.map(\.seq)
            }
            return (whole.items.map(\.seq), pages)
        }
        #expect(pages.count > 30 && pages.prefix(100).elementsEqual(whole))
        #expect(whole == whole.sorted(by: >))
    }

    @Test(
        "of users by their teams follow who joins and leaves, and teams that go", arguments: EngineUnderTest.available)
    func teams(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let orders = try await store.write { db throws(Refusal) in
            let users = [try db.givenUser("a@service"), try db.givenUser("b@service"), try db.givenUser("c@service")]
            let (one, two) = (try db.givenTeam("One").id, try db.givenTeam("Two").id)
            var orders: [String] = []
            func note(_ changes: Change...) throws(Refusal) {
                for change in changes { try db.apply(Sample.decision(change)) }
                let filter = UserFilter(sorting: Sorting(.teams, descending: true))
                orders.append(try db.users(filter, PageRequest(), at: Sample.now).items.map(\.user.name).joined())
            }
            try note(
                .addMember(users[1].id, to: one), .addMember(users[1].id, to: two), .addMember(users[2].id, to: one))
            try note(.addMember(users[0].id, to: two), .addMember(users[0].id, to: two))
            try note(.removeMember(users[1].id, from: two), .removeMember(users[1].id, from: two))
            try note(.addMember(users[0].id, to: one), .deleteTeam(two))
            try note(.removeMember(users[2].id, from: one), .deleteTeam(one))
            return orders
        }
        #expect(
            orders == [
                "b@servicec@servicea@service", "b@servicec@servicea@service", "c@serviceb@servicea@service",
                "c@serviceb@servicea@service", "c@serviceb@servicea@service",
            ])
    }

    @Test("of users find a text in names and in addresses", arguments: EngineUnderTest.available)
    func text(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let found = try await store.write { db throws(Refusal) in
            try db.givenUser("ada@example.com", name: "Countess", type: .human)
            try db.givenUser("load@service", name: "Adapter")
            try db.givenUser("other@service", name: "Other")
            var filter = UserFilter(sorting: Sorting(.created))
            filter.text = "ADA"
            return try db.users(filter, PageRequest(), at: Sample.now)
        }
        #expect(found.items.map(\.user.name) == ["Countess", "Adapter"])
        #expect(found.total == 2)
    }
}

extension ListSpanTests {
    private static func fill(_ db: WriteTransaction) throws(Refusal) {
        let team = try db.givenTeam("Data")
        for number in 0..<25 {
            let role = Role.allCases[number % 4]
            let user = try db.givenUser("user\(number)@service", name: "Load \(number % 5)", role: role)
            if number.isMultiple(of: 3) { try db.apply(Sample.decision(.addMember(user.id, to: team.id))) }
            let end = number.isMultiple(of: 2) ? Sample.now + .days(number - 12) : nil
            var token = try db.givenToken(owner: user.id, name: "production \(number % 7)", expiresAt: end)
            if number.isMultiple(of: 4) {
                let use = LastUse(
                    token: token.id, at: Sample.now + .seconds(number % 8), address: nil, userAgent: nil, route: "/a")
                try db.note(.lastUses([use]))
            }
            guard number % 5 == 1 else { continue }
            token.revocation = Revocation(at: Sample.now - .seconds(1), by: nil, reason: .unspecified)
            token.version = 2
            try db.apply(Sample.decision(.updateToken(token)))
        }
    }

    private static var tokenFilters: [TokenFilter] {
        var filters: [TokenFilter] = []
        for column in TokenFilter.Column.allCases {
            for descending in [false, true] {
                let sorting = Sorting(column, descending: descending)
                var plain = TokenFilter(type: .service, sorting: sorting, now: Sample.now)
                filters += [nil, .active, .revoked, .expired].map { (standing: Standing?) in
                    TokenFilter(type: .service, standing: standing, sorting: sorting, now: Sample.now)
                }
                plain.name = "production 1"
                filters.append(plain)
                plain.isNameItsBeginning = true
                filters.append(plain)
                (plain.isNameItsBeginning, plain.name) = (false, "TION")
                filters.append(plain)
                plain.name = nil
                plain.unusedSince = Sample.now + .seconds(1)
                filters.append(plain)
                (plain.unusedSince, plain.isUsedAfterRevocation) = (nil, true)
                filters.append(plain)
                (plain.isUsedAfterRevocation, plain.isSCIMOnly) = (false, false)
                filters.append(plain)
                plain.isSCIMOnly = true
                filters.append(plain)
            }
        }
        return filters
    }

    private static var userFilters: [UserFilter] {
        UserFilter.Column.allCases.flatMap { column in
            [false, true].flatMap { descending in
                let sorting = Sorting(column, descending: descending)
                var owned = UserFilter(type: .service, sorting: sorting)
                owned.lacksOwner = true
                return [
                    UserFilter(sorting: sorting), UserFilter(role: .editor, sorting: sorting),
                    UserFilter(type: .service, sorting: sorting), UserFilter(name: "LOAD 1", sorting: sorting),
                    UserFilter(team: "data", sorting: sorting), owned,
                ]
            }
        }
    }
}
