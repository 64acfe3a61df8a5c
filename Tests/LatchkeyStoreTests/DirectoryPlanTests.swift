import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyStore

/// What both engines say they would do, among as many people as make a difference.
@Suite("The plan of a directory's question")
struct DirectoryPlanTests {
    private static let directory: ID<User> = ID(1_000_001)

    /// A question, and the indexes of which one has to lead to its rows.
    private struct Probe: Sendable {
        let name: String
        let indexes: [String]
        let ask: @Sendable (Transaction) throws(Refusal) -> Void
    }

    private static func equal(
        _ path: AttributePath, _ text: String, _ comparison: AttributeFilter.Comparison = .equal
    ) -> DirectoryQuery {
        DirectoryQuery(filter: .compare(path, comparison, .text(text, isExact: false)))
    }

    private static func people(_ name: String, _ query: DirectoryQuery, _ indexes: [String]) -> Probe {
        Probe(name: name, indexes: indexes) { db throws(Refusal) in _ = try db.people(query, in: directory) }
    }

    private static func groups(_ name: String, _ query: DirectoryQuery, _ indexes: [String]) -> Probe {
        Probe(name: name, indexes: indexes) { db throws(Refusal) in
            _ = try db.groups(query, withMembers: false, in: directory)
        }
    }

    private static let scans = [
        "SCAN p", "SCAN g", "SCAN u", "SCAN t", "Seq Scan on directory_", "Seq Scan on user_account",
        "Seq Scan on team t",
    ]
    private static let keys = ["PRIMARY KEY", "directory_person_pkey", "directory_group_pkey", "team_pkey"]

    private static let probes = [
        people("id", equal(AttributePath("id"), "77"), keys),
        people("userName", equal(AttributePath("userName"), "Person77"), ["directory_person_user_name"]),
        people("externalId", equal(AttributePath("externalId"), "ext77"), ["directory_person_external"]),
        people("displayName", equal(AttributePath("displayName"), "shown77"), ["directory_person_display"]),
        people(
            "userName sw", equal(AttributePath("userName"), "person777", .startsWith), ["directory_person_user_name"]),
        people(
            "displayName sw", equal(AttributePath("displayName"), "shown777", .startsWith), ["directory_person_display"]
        ),
        people(
            "emails.value", equal(AttributePath("emails", "value"), "Person77@x"),
            ["directory_email_pkey", "sqlite_autoindex_directory_email_1"]),
        people(
            "lastModified",
            equal(AttributePath("meta", "lastModified"), Timestamp(milliseconds: 19_990_000).text, .greater),
            ["directory_person_changed"]),
        groups("group id", equal(AttributePath("id"), "30007"), keys),
        groups("group displayName", equal(AttributePath("displayName"), "Group7"), ["team_name"]),
        groups("group externalId", equal(AttributePath("externalId"), "gext7"), ["directory_group_external"]),
    ]

    @Test(
        "leads to its rows by an index: userName, externalId, id, displayName, a mail address, what changed since",
        arguments: EngineUnderTest.available)
    func indexes(engine: EngineUnderTest) throws {
        let database = try engine.engine()
        defer { database.close() }
        try Migrations(engine: database).run(at: Sample.now)
        try database.withWriter { connection throws(Refusal) in
            for statement in Self.crowd { try connection.run(statement) }
            // SQLite has to find its way without figures: nobody gathers them where it is served.
            if engine == .postgres { try connection.script("ANALYZE") }
        }
        for probe in Self.probes {
            let steps = try PlanRecorder.steps(on: database, probe.ask)
            let first = try #require(steps.first, "\(probe.name)")
            #expect(first.contains { step in probe.indexes.contains { step.contains($0) } }, "\(probe.name): \(first)")
            let scans = steps.joined().filter { step in Self.scans.contains { step.contains($0) } }
            #expect(scans.isEmpty, "\(probe.name): \(scans)")
        }
    }

    /// Twenty thousand people and a thousand groups.
    private static let crowd: [SQL] = [
        """
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
        INSERT INTO user_account (id, user_type, handle, user_name, email, name, name_folded, role, role_rank,
            created_at, last_login_at, is_break_glass, version)
        SELECT i + 100, 'Human', 'person' || i, 'person' || i, 'person' || i || '@x', 'n' || i, 'n' || i, 'Member', 1,
            i * 1000, 0, 0, 1 FROM n
        """,
        """
        INSERT INTO directory_person (user_id, directory_id, external_id, user_name_folded, display_name_folded,
            attributes, changed_at)
        SELECT id, \(directory), 'ext' || (id - 100), user_name, 'shown' || (id - 100), '{"title":"x"}', created_at
        FROM user_account WHERE id > 100
        """,
        "INSERT INTO directory_email (address_folded, user_id) SELECT email, id FROM user_account WHERE id > 100",
        """
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
        INSERT INTO team (id, name, name_folded, description, permission, is_public, created_at, version)
        SELECT i + 30000, 'group' || i, 'group' || i, '', 'Reporter', 0, 0, 1 FROM n
        """,
        """
        INSERT INTO directory_group (team_id, directory_id, external_id, revision, changed_at)
        SELECT id, \(directory), 'gext' || (id - 30000), 1, 0 FROM team WHERE id > 30000
        """,
    ]
}

extension EngineUnderTest {
    /// A database that nothing else uses, without a store around it.
    fileprivate func engine() throws(Refusal) -> any Engine {
        switch freshLocation() {
        case .file(let path): try SQLiteEngine(path: path, logger: .silent)
        case .postgres(let url, let schema): try PostgreSQLEngine(url: url, schema: schema, logger: .silent)
        }
    }
}

/// Asks for the plan of each query before running it, in either engine's words.
private final class PlanRecorder: Connection {
    private let inner: any Connection
    private let dialect: Dialect
    private var plans: [[String]] = []
    var failure: Failure?

    private init(_ inner: any Connection, _ dialect: Dialect) {
        self.inner = inner
        self.dialect = dialect
    }

    /// Of each query its steps.
    static func steps(
        on engine: any Engine, _ ask: (Transaction) throws(Refusal) -> Void
    ) throws(Refusal) -> [[String]] {
        var plans: [[String]] = []
        try engine.withReader { connection throws(Refusal) in
            let recorder = PlanRecorder(connection, engine.dialect)
            try ask(Transaction(recorder))
            plans = recorder.plans
        }
        return plans
    }

    func rows(_ sql: SQL, _ body: (Row) throws(Refusal) -> Void) throws(Refusal) {
        var plan: [String] = []
        switch dialect {
        case .sqlite: try inner.rows("EXPLAIN QUERY PLAN " + sql) { row in plan.append(row.text(3)) }
        case .postgres: try inner.rows("EXPLAIN " + sql) { row in plan.append(row.text(0)) }
        }
        plans.append(plan)
        try inner.rows(sql, body)
    }

    func run(_ sql: SQL) throws(Refusal) -> Int { try inner.run(sql) }
    func run(_ text: StaticString, each rows: [[SQLValue]]) throws(Refusal) -> [Int] { try inner.run(text, each: rows) }
    func script(_ text: String) throws(Refusal) { try inner.script(text) }
    func begin() throws(Refusal) { try inner.begin() }
    func commit() throws(Refusal) { try inner.commit() }
    func rollback() { inner.rollback() }
}
