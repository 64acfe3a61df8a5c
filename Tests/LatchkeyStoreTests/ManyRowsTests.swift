import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyStore

/// `Connection.run(_:each:)`, on a table of its own; 300 rows are more than PostgreSQL is sent at once.
@Suite("One statement for many rows")
struct ManyRowsTests {
    private static let insert: StaticString = "INSERT INTO thing (id, number, word, bytes) VALUES ($1, $2, $3, $4)"

    @Test("says how many rows each execution changed, and of none nothing", arguments: EngineUnderTest.available)
    func changes(engine: EngineUnderTest) throws {
        let (empty, inserted, updated, sum) = try engine.withThings { connection throws(Refusal) in
            let empty = try connection.run(Self.insert, each: [])
            let inserted = try connection.run(Self.insert, each: Self.things(1...300))
            let spans = (Int64(1)...300).map { id -> [SQLValue] in
                [.int(1000), .int(id), .int(id == 7 ? 9 : id.isMultiple(of: 3) ? 0 : id)]
            }
            let updated = try connection.run(
                "UPDATE thing SET number = number + $1 WHERE id >= $2 AND id <= $3", each: spans)
            var sum: Int64 = 0
            try connection.rows("SELECT CAST(SUM(number) AS BIGINT) FROM thing") { row in sum = row.int(0) }
            return (empty, inserted, updated, sum)
        }
        #expect(empty == [])
        #expect(inserted == Array(repeating: 1, count: 300))
        #expect(updated == (1...300).map { $0 == 7 ? 3 : $0.isMultiple(of: 3) ? 0 : 1 })
        #expect(sum == 300 * 301 / 2 + 202 * 1000)
    }

    @Test("takes every value as it is, and NULL before it or instead of it", arguments: EngineUnderTest.available)
    func nulls(engine: EngineUnderTest) throws {
        let (things, changed, numbers) = try engine.withThings { connection throws(Refusal) in
            try connection.run(
                Self.insert,
                each: [
                    [.int(1), .null, .null, .null], [.int(2), .int(.max), .text(""), .blob([])],
                    [.int(3), .int(5), .text("naïve"), .blob([0, 255])], [.int(4), .null, .null, .null],
                ])
            // Beside a small number PostgreSQL takes what it does not know for a small one too.
            let add: StaticString = "UPDATE thing SET number = 5 + $1 WHERE id = $2"
            var changed = try connection.run(add, each: [[.null, .int(3)], [.null, .int(9)]])
            changed += try connection.run(add, each: [[.null, .int(1)], [.int(1 << 40), .int(4)]])
            return (try connection.words(), changed, try connection.numbers())
        }
        #expect(things == ["1 - -", "2  []", "3 naïve [0, 255]", "4 - -"])
        #expect(changed == [1, 0, 1, 1])
        #expect(numbers == [nil, .max, nil, 5 + 1 << 40])
    }

    @Test("undoes all of it where one row fails, and the connection goes on", arguments: EngineUnderTest.available)
    func failure(engine: EngineUnderTest) throws {
        for flaw in [Int64(1), 128, 129, 150, 300] {
            let (kind, refused, changed, numbers) = try engine.withThings { connection throws(Refusal) in
                try connection.run(Self.insert, each: Self.things(1...2))
                try connection.savepoint()
                var things = Self.things(3...302)
                things[Int(flaw) - 1][1] = .int(-1)
                let result = Result { () throws(Refusal) in try connection.run(Self.insert, each: things) }
                let kind = connection.failure?.kind
                connection.failure = nil
                try connection.rollbackToSavepoint()
                let changed = try connection.run(Self.insert, each: Self.things(3...4))
                return (kind, result.isFailure, changed, try connection.numbers())
            }
            #expect(kind == .rule && refused)
            #expect(changed == [1, 1] && numbers == [1, 2, 3, 4])
        }
    }

    @Test("is refused in a row that is too short, on SQLite")
    func short() throws {
        let (kind, numbers) = try EngineUnderTest.sqlite.withThings { connection throws(Refusal) in
            let rows: [[SQLValue]] = [[.int(1), .int(1), .null, .null], [.int(2), .int(2), .null]]
            _ = Result { () throws(Refusal) in try connection.run(Self.insert, each: rows) }
            return (connection.failure?.kind, try connection.numbers())
        }
        #expect(kind == .rule && numbers == [1])
    }

    @Test(
        "notices that the connection is lost half-way", .enabled(if: EngineUnderTest.postgresURL != nil))
    func lost() throws {
        let engine = try EngineUnderTest.postgres.bareEngine()
        var (kind, numbers): (LatchkeyStore.Failure.Kind?, [Int64?]) = (nil, [])
        try engine.withWriter { connection throws(Refusal) in
            try connection.script(engine.dialect.schema(thingTable))
            try connection.begin()
            try connection.run(Self.insert, each: Self.things(1...3))
            let rows = (1...300).map { [SQLValue.int($0)] }
            _ = Result { () throws(Refusal) in
                try connection.run("SELECT pg_terminate_backend(pg_backend_pid()) WHERE $1 = 150", each: rows)
            }
            kind = connection.failure?.kind
        }
        try engine.withWriter { connection throws(Refusal) in
            try connection.begin()
            try connection.run(Self.insert, each: Self.things(4...5))
            try connection.commit()
            numbers = try connection.numbers()
        }
        engine.close()
        #expect(kind == .connection)
        #expect(numbers == [4, 5])
    }

    private static func things(_ ids: ClosedRange<Int64>) -> [[SQLValue]] {
        ids.map { [.int($0), .int($0), .text("w"), .null] }
    }
}

private let thingTable = """
    CREATE TABLE thing (
        id BIGINT PRIMARY KEY NOT NULL,
        number BIGINT CHECK (number > 0),
        word TEXT,
        bytes BYTEA
    );
    """

extension EngineUnderTest {
    fileprivate func bareEngine() throws(Refusal) -> any Engine {
        switch freshLocation() {
        case .file(let path): try SQLiteEngine(path: path, logger: .silent)
        case .postgres(let url, let schema): try PostgreSQLEngine(url: url, schema: schema, logger: .silent)
        }
    }

    /// Within a transaction, beside an empty table of things.
    fileprivate func withThings<Value>(_ body: (any Connection) throws(Refusal) -> Value) throws -> Value {
        let engine = try bareEngine()
        defer { engine.close() }
        var value: Value?
        try engine.withWriter { connection throws(Refusal) in
            try connection.script(engine.dialect.schema(thingTable))
            try connection.begin()
            value = try body(connection)
            try connection.commit()
        }
        return try #require(value)
    }
}

extension Connection {
    fileprivate func numbers() throws(Refusal) -> [Int64?] {
        var numbers: [Int64?] = []
        try rows("SELECT number FROM thing ORDER BY id") { row in numbers.append(row.optionalInt(0)) }
        return numbers
    }

    /// Ids, words and bytes; a dash for NULL.
    fileprivate func words() throws(Refusal) -> [String] {
        var words: [String] = []
        try rows("SELECT id, word, bytes FROM thing ORDER BY id") { row in
            words.append("\(row.int(0)) \(row.optionalText(1) ?? "-") \(row.optionalBlob(2).map { "\($0)" } ?? "-")")
        }
        return words
    }
}

extension Result {
    fileprivate var isFailure: Bool {
        if case .failure = self { true } else { false }
    }
}
