import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyStore

/// `at` is what is shown, `listed_at` what orders, narrows and counts.
@Suite("Last uses that lists learn of later")
struct ListedUseTests {
    @Test("are shown at once, and move in lists and counts once they are listed", arguments: EngineUnderTest.available)
    func follow(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let (before, between, after) = try await store.write { db throws(Refusal) in
            let (first, second) = (try db.givenUser("a@service").id, try db.givenUser("b@service").id)
            var token = try db.givenToken(owner: first)
            let other = try db.givenToken(owner: second)
            token.revocation = Revocation(at: Sample.now + .seconds(10), by: nil, reason: .unspecified)
            token.version = 2
            try db.apply(Sample.decision(.updateToken(token)))
            try db.note(.lastUses([use(of: token, 5, "/early"), use(of: other, 9, "/other")]))
            let before = try Lists(db)
            try db.note(.unlistedUses([use(of: token, 20, "/late")]))
            let between = try Lists(db)
            try db.note(.lastUses([use(of: token, 20, "/late")]))
            return (before, between, try Lists(db))
        }
        #expect(before.routes == ["/other", "/early"] && before.owners == ["b@service", "a@service"])
        #expect(before.idle == 2 && before.late == 0)
        #expect(between.routes == ["/other", "/late"] && between.owners == before.owners)
        #expect(between.moments == [9, 20] && between.dated == [9, 20])
        #expect(between.idle == 2 && between.late == 0 && between.listedLate == 0)
        #expect(after.routes == ["/late", "/other"] && after.owners == ["a@service", "b@service"])
        #expect(after.idle == 1 && after.late == 1 && after.listedLate == 1)
    }

    @Test(
        "never go backwards, in whichever order two nodes write and list them", arguments: EngineUnderTest.available)
    func anyOrder(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let steps = [Step(3, false), Step(3, true), Step(8, false), Step(6, true), Step(8, true)]
        let wrong = try await store.write { db throws(Refusal) in
            var wrong: [String] = []
            for (number, order) in steps.permutations.enumerated() {
                let token = try db.givenToken(owner: try db.givenUser("\(number)@service").id)
                for place in order.indices {
                    try db.note(order[place].note(of: token))
                    let states = try db.states(of: token)
                    if states.isEmpty || states.contains(where: { !$0.follows(order.prefix(place + 1)) }) {
                        wrong.append("\(states) after \(order.prefix(place + 1))")
                    }
                }
            }
            return wrong
        }
        #expect(wrong.isEmpty, "\(wrong.prefix(3))")
    }

    @Test("leave the tally of days exact, whatever happens in between", arguments: EngineUnderTest.available)
    func tally(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        for seed in UInt64(1)...4 {
            let (tallied, counted, unlisted) = try await store.write { db throws(Refusal) in
                var dice = Dice(seed: seed)
                var tokens: [Token] = []
                let owner = try db.givenUser("\(seed)@service").id
                for _ in 0..<12 { tokens.append(try db.givenToken(owner: owner)) }
                for _ in 0..<150 { try dice.change(&tokens[dice.roll(12)], db) }
                let unlisted = try db.unlistedTokens(behind: ID(0), limit: 100)
                let (tallied, counted) = (try db.talliedUses(), try db.countedUses())
                try db.note(.listUses(of: unlisted, []))
                return (
                    [tallied, try db.talliedUses()], [counted, try db.countedUses()],
                    [unlisted.count, try db.unlistedTokens(behind: ID(0), limit: 100).count]
                )
            }
            #expect(tallied == counted)
            #expect(tallied[0] != tallied[1] && unlisted[0] > 1 && unlisted[1] == 0)
        }
    }

    @Test("are found and listed in parts when nobody came to list them", arguments: EngineUnderTest.available)
    func left(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let (found, accounts, after) = try await store.write { db throws(Refusal) in
            var uses: [LastUse] = []
            for second in [4, 2, 9] {
                let owner = try db.givenUser("\(second)@service").id
                uses.append(use(of: try db.givenToken(owner: owner), second, "/\(second)"))
            }
            try db.note(.lastUses([uses[1]]))
            try db.note(.unlistedUses(uses))
            let found = try db.unlistedTokens(behind: ID(0), limit: 1)
            let rest = try db.unlistedTokens(behind: found[0], limit: 5)
            let accounts = try db.unlistedAccounts(behind: ID(0), limit: 5)
            try db.note(.listUses(of: found + rest, accounts))
            return ([found, rest] == [[uses[0].token], [uses[2].token]], accounts.count, try Lists(db))
        }
        #expect(found)
        #expect(accounts == 2)
        #expect(after.routes == ["/9", "/4", "/2"] && after.owners == ["9@service", "4@service", "2@service"])
    }
}

extension ListedUseTests {
    @Test("touch no index and wake no trigger of SQLite")
    func program() throws {
        let engine = try SQLiteEngine(path: TemporaryDirectory.fresh() + "/latchkey.db", logger: .silent)
        try Migrations(engine: engine).run(at: Sample.now)
        var touched: [[String]] = []
        try engine.withReader { connection throws(Refusal) in
            let list: StaticString = "UPDATE token_use SET listed_at = at WHERE token_id = $1 AND listed_at < at"
            for statement in [.moveUse, .moveAccount, list] {
                var codes: [String] = []
                try connection.rows("EXPLAIN " + SQL(stringLiteral: statement)) { row in codes.append(row.text(1)) }
                touched.append(codes.filter { ["OpenWrite", "IdxInsert", "IdxDelete", "Program"].contains($0) })
            }
        }
        engine.close()
        #expect(touched[0] == ["OpenWrite"] && touched[1] == ["OpenWrite"], "the table alone")
        #expect(touched[2].contains("IdxInsert") && touched[2].contains("Program"), "what is listed does")
    }

    @Test("are heap-only updates on PostgreSQL", .enabled(if: EngineUnderTest.postgresURL != nil))
    func heapOnly() async throws {
        let store = try await EngineUnderTest.postgres.freshStore()
        let updates = try await store.write { db throws(Refusal) in
            let owner = try db.givenUser("a@service").id
            var tokens: [Token] = []
            for _ in 0..<400 { tokens.append(try db.givenToken(owner: owner)) }
            let some = tokens.filter { $0.id.value.isMultiple(of: 10) }
            var updates: [Int64] = [try db.heapOnlyUpdates()]
            try db.note(.unlistedUses(some.map { use(of: $0, 5, "/a") }))
            updates.append(try db.heapOnlyUpdates())
            try db.note(.listUses(of: some.map(\.id), [owner]))
            return updates + [try db.heapOnlyUpdates()]
        }
        #expect(updates[1] == updates[0] + 41, "of every tenth token and of its owner, though pages are full of others")
        #expect(updates[2] == updates[1])
    }
}

/// Every other one names the owner; of the others the store finds it.
private func use(of token: Token, _ second: Int, _ route: String) -> LastUse {
    LastUse(
        token: token.id, at: Sample.now + .seconds(second), address: "10.0.0.\(second)", userAgent: "curl",
        route: route, owner: second.isMultiple(of: 2) ? token.owner : nil)
}

/// What lists show and count, latest first; moments in seconds.
private struct Lists: Sendable {
    let routes: [String?]
    let moments: [Int64]
    let owners: [String]
    let dated: [Int64]
    /// Tokens unused for some time, and those used after their revocation.
    let idle: Int
    let late: Int
    let listedLate: Int

    init(_ db: Transaction) throws(Refusal) {
        let sorting = Sorting(TokenFilter.Column.lastUsed, descending: true)
        let tokens = try db.tokens(TokenFilter(type: .service, sorting: sorting, now: Sample.now), limit: 10)
        routes = tokens.map(\.lastUse?.route)
        moments = tokens.compactMap(\.lastUse?.at).map { $0.seconds - Sample.now.seconds }
        let users = try db.users(
            UserFilter(sorting: Sorting(.lastUsed, descending: true)), PageRequest(), at: Sample.now)
        owners = users.items.map(\.user.handle)
        dated = users.items.compactMap(\.lastUsed).map { $0.seconds - Sample.now.seconds }
        idle = try db.tokenCount(
            TokenFilter(type: .service, unusedSince: Sample.now + .seconds(15), now: Sample.now))
        var revoked = TokenFilter(type: .service, now: Sample.now)
        revoked.isUsedAfterRevocation = true
        late = try db.tokenCount(revoked)
        listedLate = try db.tokens(revoked, limit: 10).count
    }
}

/// One write of a last use.
private struct Step: Sendable {
    let second: Int
    let isListed: Bool

    init(_ second: Int, _ isListed: Bool) {
        (self.second, self.isListed) = (second, isListed)
    }

    func note(of token: Token) -> Note {
        let use = use(of: token, second, "/\(second)")
        return isListed ? .lastUses([use]) : .unlistedUses([use])
    }
}

/// A row of last uses, of a token or, without details, of an account.
private struct UseState: Sendable {
    let at: Int64
    let listed: Int64
    let details: [String]?

    /// Shown is the latest; listed at least the latest of those that were to be listed, and nothing that is not shown.
    func follows(_ steps: ArraySlice<Step>) -> Bool {
        let latest = steps.map(\.second).max() ?? 0
        let listedLatest = steps.filter(\.isListed).map { Int64($0.second) }.max()
        guard at == Int64(latest), details.map({ $0 == ["10.0.0.\(latest)", "/\(latest)"] }) ?? true else {
            return false
        }
        guard let listedLatest else { return listed == -Sample.now.seconds }
        return listed >= listedLatest && listed <= at
    }
}

extension Transaction {
    fileprivate func states(of token: Token) throws(Refusal) -> [UseState] {
        let origin = Sample.now.seconds
        let ofToken = try all("SELECT at, listed_at, address, route FROM token_use WHERE token_id = \(token.id)") {
            row in
            UseState(
                at: row.time(0).seconds - origin, listed: row.time(1).seconds - origin,
                details: [row.text(2), row.text(3)])
        }
        let ofOwner = try all("SELECT at, listed_at FROM account_use WHERE user_id = \(token.owner)") { row in
            UseState(at: row.time(0).seconds - origin, listed: row.time(1).seconds - origin, details: nil)
        }
        return ofToken + ofOwner
    }

    fileprivate func heapOnlyUpdates() throws(Refusal) -> Int64 {
        try number(
            """
            SELECT pg_stat_get_xact_tuples_hot_updated('token_use'::regclass)
                + pg_stat_get_xact_tuples_hot_updated('account_use'::regclass)
            """)
    }

    /// Type, whether revoked, day and number, as the triggers keep them.
    func talliedUses() throws(Refusal) -> [String] {
        try all(
            """
            SELECT token_type, is_revoked, day, tokens FROM token_tally WHERE counted_by = 'use' AND tokens <> 0
            ORDER BY 1, 2, 3
            """
        ) { row in "\(row.text(0)) \(row.int(1)) \(row.int(2)) \(row.int(3))" }
    }

    /// The same, row by row.
    func countedUses() throws(Refusal) -> [String] {
        try all(
            """
            SELECT token_type, CASE WHEN revoked_at IS NULL THEN 0 ELSE 1 END, listed_at / 86400000, COUNT(*)
            FROM token_use WHERE is_deleted = 0 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
            """
        ) { row in "\(row.text(0)) \(row.int(1)) \(row.int(2)) \(row.int(3))" }
    }
}

extension Array {
    /// Each order of its elements once.
    fileprivate var permutations: [[Element]] {
        guard count > 1 else { return [self] }
        return indices.flatMap { place in
            var rest = self
            let first = rest.remove(at: place)
            return rest.permutations.map { [first] + $0 }
        }
    }
}

/// Chance that comes again (a linear congruential generator).
private struct Dice {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func roll(_ sides: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % sides
    }

    /// Uses of five days, in any order, most of them unlisted; now and then a revocation, a restoration, an end.
    mutating func change(_ token: inout Token, _ db: WriteTransaction) throws(Refusal) {
        guard token.deletedAt == nil else { return }
        let use = use(of: token, roll(5 * 86_400), "/")
        switch roll(20) {
        case 0:
            token.deletedAt = Sample.now
        case 1, 2:
            token.revocation =
                token.revocation == nil ? Revocation(at: use.at, by: nil, reason: .unspecified) : nil
        case 3, 4: return try db.note(.lastUses([use]))
        default: return try db.note(.unlistedUses([use]))
        }
        token.version += 1
        try db.apply(Sample.decision(.updateToken(token)))
    }
}
