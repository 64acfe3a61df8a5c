import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyStore

/// SQLite says how it would run a query; a hot one that would read a whole table, or sort one, fails here long before
/// anybody has a million rows. PostgreSQL has the same indexes.
@Suite("The plan of a hot query")
struct QueryPlanTests {
    @Test("finds its rows by an index", arguments: Probe.allCases)
    fileprivate func findsByIndex(probe: Probe) throws {
        let plan = try plan { db throws(Refusal) in try probe.run(db) }
        #expect(!plan.isEmpty)
        #expect(plan.filter { $0.hasPrefix("SCAN") }.isEmpty, "\(plan)")
    }

    @Test("of tokens walks an index in the list's order", arguments: TokenFilter.Column.allCases, [false, true])
    func tokens(column: TokenFilter.Column, descending: Bool) throws {
        try expectWalk { db throws(Refusal) in
            let filter = TokenFilter(
                type: .service, sorting: Sorting(column, descending: descending), now: Sample.now)
            _ = try db.tokens(filter, limit: 50)
        }
    }

    @Test("of teams walks an index in the list's order", arguments: TeamFilter.Column.allCases)
    func teams(column: TeamFilter.Column) throws {
        try expectWalk { db throws(Refusal) in
            _ = try db.teams(TeamFilter(sorting: Sorting(column)), PageRequest())
        }
    }

    @Test("of activity walks an index backwards")
    func activity() throws {
        let filters = [
            ActivityFilter(), ActivityFilter(users: [ID(1)]), ActivityFilter(objectType: .user, objectID: 1),
        ]
        for filter in filters {
            try expectWalk { db throws(Refusal) in _ = try db.activity(filter, PageRequest()) }
        }
    }

    @Test("of an export goes on within an index, whatever narrows it")
    func activityParts() throws {
        let last = RecordedEvent(seq: 5, event: Sample.event(), user: nil)
        let span = ActivityFilter(from: Sample.now - .days(30), until: Sample.now)
        let narrowings: [@Sendable (inout ActivityFilter) -> Void] = [
            { _ in }, { $0.verbs = [.issue] }, { $0.verbs = [.issue, .revoke] }, { $0.users = [ID(1)] },
            { $0.users = [ID(1), ID(2)] }, { $0.objectType = .user }, { ($0.objectType, $0.objectID) = (.user, 1) },
            { $0.address = "192.0.2.1" },
        ]
        for narrow in narrowings {
            var filter = span
            narrow(&filter)
            for behind in [nil, last] {
                let plan = try plan { db throws(Refusal) in
                    _ = try db.activity(filter, behind: behind, upTo: 1000, limit: 10)
                }
                #expect(plan.first?.contains("at>? AND at<?)") == true, "\(plan)")
                #expect(plan.allSatisfy { !$0.contains("TEMP B-TREE") }, "\(plan)")
            }
        }
    }
}

extension QueryPlanTests {
    @Test("of insights reads days by their key, and events by an index where a day is cut")
    func insights() throws {
        let (from, until) = (Timestamp(dayNumber: 10) + .hours(1), Timestamp(dayNumber: 40) + .hours(1))
        let filters = [
            ActivityFilter(), ActivityFilter(verbs: [.issue]), ActivityFilter(objectType: .user),
            ActivityFilter(users: [ID(1)]), ActivityFilter(objectType: .user, objectID: 1),
        ]
        for filter in filters {
            let plan = try plan { db throws(Refusal) in
                _ = try db.activityTotals(filter, from: from, until: until)
                _ = try db.activityActors(filter, from: from, until: until)
            }
            let scanned = plan.filter { $0.hasPrefix("SCAN") && !["SCAN p", "SCAN q", "SCAN g"].contains($0) }
            #expect(!plan.isEmpty && scanned.isEmpty, "\(plan)")
        }
    }

    private func expectWalk(_ query: (Transaction) throws(Refusal) -> Void) throws {
        let plan = try plan(query)
        try #require(!plan.isEmpty)
        let sorted = plan.filter { $0.contains("TEMP B-TREE") }
        // The log's own key is its order: a scan of it, within a LIMIT, is a walk.
        let scanned = plan.filter { $0.hasPrefix("SCAN") && !$0.contains("INDEX") && $0 != "SCAN e" }
        try #require((sorted + scanned).isEmpty, "\(plan)")
    }

    private func plan(_ query: (Transaction) throws(Refusal) -> Void) throws -> [String] {
        let engine = try SQLiteEngine(path: TemporaryDirectory.fresh() + "/latchkey.db", logger: .silent)
        try Migrations(engine: engine).run(at: Sample.now)
        var steps: [String] = []
        try engine.withReader { connection throws(Refusal) in
            let recorder = PlanRecorder(connection)
            try query(Transaction(recorder))
            steps = recorder.steps
        }
        engine.close()
        return steps
    }
}

private enum Probe: CaseIterable {
    case tokenByID, tokenByName, activeTokens, tokensOfOwner, tokensDue
    case indexByID, indexedAccounts, tries, knownAddress
    case personByID, personByName, personByExternal, peopleAtPlace, peopleByName, peopleByExternal, peopleByGroup
    case peopleByDisplay, groupByID, groupByExternal, groupsByMember, membersAmong
    case userByID, userByHandle, members, history, changes, usage, reply
    case tokensByID, sparkLines, instanceDays, grants, stoppedTokens, tokenNews
    case trustsByIssuer, trustsOfUser, workloadTokenUse, accessRevocations
    case unusedTokens, tokensUsedLate

    func run(_ db: Transaction) throws(Refusal) {
        let now = Sample.now
        if try runForDirectory(db) { return }
        switch self {
        case .tokenByID: _ = try db.token(ID(1))
        case .tokenByName: _ = try db.liveToken(owner: ID(1), name: "a")
        case .activeTokens: _ = try db.activeTokens(of: ID(1), at: now)
        case .tokensOfOwner: _ = try db.tokens(TokenFilter(owner: ID(1), now: now), PageRequest())
        case .tokensDue: _ = try db.tokensDueToRetire(at: now, limit: 10)
        case .indexByID: try db.eachToken([ID(1), ID(2)]) { _ in }
        case .indexedAccounts: _ = try db.accounts([ID(1)])
        case .userByID: _ = try db.user(ID(1))
        case .userByHandle: _ = try db.user(handle: "a")
        case .members: _ = try db.members(of: ID(1))
        case .history: _ = try db.history(of: .token, 1)
        case .changes: _ = try db.changes(after: 5, limit: 10)
        case .usage: _ = try db.usage(UsageQuery(token: ID(1), from: now, until: now, step: .hour))
        case .tokensByID: _ = try db.tokens([ID(1), ID(2)])
        case .sparkLines: _ = try db.dailyUses(of: [ID(1), ID(2)], since: now)
        case .instanceDays: _ = try db.dailyUses(since: now)
        case .stoppedTokens: _ = try db.revocations(at: .snapshot(behind: ID(0), since: nil), now: now)
        case .tokenNews: _ = try db.revocations(at: .feed(after: 0), now: now)
        case .grants: _ = try db.grants(to: [ID(1)], limit: 10)
        case .tries: _ = try db.wait(for: [Self.counter], at: now)
        case .knownAddress: _ = try db.hasSignedIn(ID(1), from: Address("192.0.2.1"), since: now)
        case .unusedTokens: _ = try db.tokenCount(TokenFilter(type: .service, unusedSince: now, now: now))
        case .tokensUsedLate:
            var late = TokenFilter(type: .service, now: now)
            late.isUsedAfterRevocation = true
            _ = try db.tokenCount(late)
        case .trustsByIssuer: _ = try db.trustedIssuers("https://ci.example", at: now)
        case .trustsOfUser: _ = try db.trustedIssuers(of: ID(1))
        case .workloadTokenUse: _ = try db.isWorkloadTokenUsed("https://ci.example", fingerprint: [1])
        case .accessRevocations: _ = try db.accessRevocations(of: [ID(1)])
        case .reply: _ = try db.idempotentReply(caller: ID(1), key: "k", since: now)
        default: return
        }
    }

    private static var counter: TryCounter {
        let bytes = CountingBytes()
        return .strangers(KeyRing.generate(instance: "test", randomBytes: { bytes.bytes($0) }))
    }

    /// - Returns: whether it is one of a directory's.
    private func runForDirectory(_ db: Transaction) throws(Refusal) -> Bool {
        let me: ID<User> = ID(5)
        func equal(_ attribute: String, _ text: String = "7") -> DirectoryQuery {
            DirectoryQuery(filter: .compare(AttributePath(attribute), .equal, .text(text, isExact: true)))
        }
        switch self {
        case .personByID: _ = try db.person(ID(1), in: me)
        case .personByName: _ = try db.accountID(userName: "a")
        case .personByExternal: _ = try db.personID(externalID: "a", in: me)
        case .peopleAtPlace: _ = try db.people(DirectoryQuery(start: 90_001), in: me)
        case .peopleByName: _ = try db.people(equal("userName"), in: me)
        case .peopleByExternal: _ = try db.people(equal("externalId"), in: me)
        case .peopleByGroup: _ = try db.people(equal("groups"), in: me)
        case .peopleByDisplay: _ = try db.people(equal("displayName"), in: me)
        case .groupByID: _ = try db.group(ID(1), in: me)
        case .groupByExternal: _ = try db.groupID(externalID: "a", in: me)
        case .groupsByMember: _ = try db.groups(equal("members"), withMembers: false, in: me)
        case .membersAmong: _ = try db.visibleMembers(of: ID(1), in: me, among: [ID(7)])
        default: return false
        }
        return true
    }
}

/// Asks for the plan of each query before running it.
private final class PlanRecorder: Connection {
    private let inner: any Connection
    var steps: [String] = []
    var failure: Failure?

    init(_ inner: any Connection) {
        self.inner = inner
    }

    func rows(_ sql: SQL, _ body: (Row) throws(Refusal) -> Void) throws(Refusal) {
        try inner.rows("EXPLAIN QUERY PLAN " + sql) { row in steps.append(row.text(3)) }
        try inner.rows(sql, body)
    }

    func run(_ sql: SQL) throws(Refusal) -> Int { try inner.run(sql) }
    func run(_ text: StaticString, each rows: [[SQLValue]]) throws(Refusal) -> [Int] { try inner.run(text, each: rows) }
    func script(_ text: String) throws(Refusal) { try inner.script(text) }
    func begin() throws(Refusal) { try inner.begin() }
    func commit() throws(Refusal) { try inner.commit() }
    func rollback() { inner.rollback() }
}
