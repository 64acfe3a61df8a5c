import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyStore

/// What a list passes over has to stand in the index that it walks: a look at each of a million rows takes seconds.
@Suite("The plan of a long list")
struct ListingPlanTests {
    @Test("of tokens stays within the index of its order, whatever narrows it", arguments: TokenFilter.Column.allCases)
    func tokens(column: TokenFilter.Column) throws {
        for standing in [nil, Standing.active, .revoked, .expired] {
            var filter = TokenFilter(type: .service, standing: standing, sorting: Sorting(column), now: Sample.now)
            filter.expiresBefore = Sample.now + .days(30)
            let listing = TokenListing(filter, overdue: [ID(1)], matches: nil)
            let plan = try plan(
                """
                SELECT \(listing.id) FROM \(listing.source) WHERE \(listing.conditions)
                ORDER BY \(listing.order(isTurned: false)) LIMIT 25
                """)
            #expect(plan.count == 1 && plan[0].contains("COVERING INDEX"), "\(plan)")
        }
    }

    @Test(
        "of users stays within the index of its order, whatever narrows it",
        arguments: UserFilter.Column.allCases.filter { $0 != .lastUsed })
    func users(column: UserFilter.Column) throws {
        for filter in [UserFilter(), UserFilter(type: .service, role: .editor)] {
            var filter = filter
            filter.sorting = Sorting(column)
            let listing = UserListing(filter, in: nil, matches: nil)
            let plan = try plan(
                """
                SELECT u.id FROM \(listing.source) WHERE \(listing.conditions)
                ORDER BY \(listing.order(isTurned: true)) LIMIT 25
                """)
            #expect(plan.count == 1 && plan[0].contains("COVERING INDEX"), "\(plan)")
        }
    }

    @Test("that a name or a text narrows reads the index of names alone")
    func names() throws {
        let filter = TokenFilter(type: .service, name: "a", now: Sample.now)
        let counted = TokenListing(counting: filter, overdue: [])
        var sought = UserFilter()
        sought.text = "a"
        let users = UserListing(counting: sought, in: nil)
        let plans = [
            try plan("SELECT COUNT(*) FROM \(counted.source) WHERE \(counted.conditions)"),
            try plan("SELECT COUNT(*) FROM \(users.source) WHERE \(users.conditions)"),
        ]
        #expect(plans[0] == ["SEARCH t USING COVERING INDEX token_folded (token_type=? AND name_folded>?)"])
        #expect(plans[1] == ["SEARCH u USING COVERING INDEX user_account_name (name_folded>?)"])
    }

    @Test("of last uses reads the index of those that are listed")
    func uses() throws {
        var late = TokenFilter(type: .service, now: Sample.now)
        late.isUsedAfterRevocation = true
        let counted = TokenListing(counting: late, overdue: [])
        let users = UserListing(UserFilter(sorting: Sorting(.lastUsed)), in: nil, matches: nil)
        let plans = [
            try plan("SELECT COUNT(*) FROM \(counted.source) WHERE \(counted.conditions)"),
            try plan(
                """
                SELECT u.id FROM \(users.source) WHERE \(users.conditions)
                ORDER BY \(users.order(isTurned: true)) LIMIT 25
                """),
        ]
        #expect(plans[0] == ["SEARCH l USING COVERING INDEX token_use_late (token_type=?)"])
        #expect(plans[1].first == "SCAN l USING COVERING INDEX account_use_listed")
        #expect(!plans[1].contains { $0.contains("TEMP B-TREE") })
    }

    @Test("of few begins with these", arguments: TokenFilter.Column.allCases)
    func few(column: TokenFilter.Column) throws {
        let sorting = Sorting(column, descending: true)
        let filters = [
            TokenFilter(type: .service, owner: ID(7), standing: .active, sorting: sorting, now: Sample.now),
            TokenFilter(type: .service, isSCIMOnly: true, sorting: sorting, now: Sample.now),
        ]
        for (filter, index) in zip(filters, ["token_owner (owner_id=?", "token_scim (is_scim_only=?"]) {
            let listing = TokenListing(filter, overdue: [], matches: 10)
            let plan = try plan(
                """
                SELECT \(listing.id) FROM \(listing.source) WHERE \(listing.conditions)
                ORDER BY \(listing.order(isTurned: false)) LIMIT 25
                """)
            #expect(plan.first?.contains(index) == true, "\(plan)")
        }
    }

    private func plan(_ sql: SQL) throws -> [String] {
        let engine = try SQLiteEngine(path: TemporaryDirectory.fresh() + "/latchkey.db", logger: .silent)
        try Migrations(engine: engine).run(at: Sample.now)
        var steps: [String] = []
        try engine.withReader { connection throws(Refusal) in
            try connection.rows("EXPLAIN QUERY PLAN " + sql) { row in steps.append(row.text(3)) }
        }
        engine.close()
        return steps
    }
}
