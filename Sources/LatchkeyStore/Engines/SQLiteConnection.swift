import GRDB
import GRDBSQLite
import LatchkeyCore
import Logging

/// One SQLite connection, lent by GRDB for the length of a closure.
///
/// GRDB opens, pools and closes connections and keeps the prepared statements; stepping and reading are done here
/// with SQLite's own functions, because a start reads a million rows and GRDB's `Row` costs several times as much.
final class SQLiteConnection: Connection {
    var failure: Failure?
    private let database: Database
    private let logger: Logger

    init(_ database: Database, logger: Logger) {
        self.database = database
        self.logger = logger
    }

    @discardableResult
    func run(_ sql: SQL) throws(Refusal) -> Int {
        let text = sql.text
        return try execute(try prepared(text), sql.values, text)
    }

    func run(_ text: StaticString, each rows: [[SQLValue]]) throws(Refusal) -> [Int] {
        let text = text.description
        let statement = try prepared(text)
        let width = sqlite3_bind_parameter_count(statement.sqliteStatement)
        return try rows.map { row throws(Refusal) in
            // A value that is missing would be that of the row before.
            guard row.count == width else { throw fail(SQLITE_RANGE, in: text) }
            return try execute(statement, row, text)
        }
    }

    func rows(_ sql: SQL, _ body: (Row) throws(Refusal) -> Void) throws(Refusal) {
        let text = sql.text
        let statement = try prepared(text)
        defer { sqlite3_reset(statement.sqliteStatement) }
        try bind(sql.values, to: statement, text)
        let row = Row(source: .sqlite(statement.sqliteStatement))
        while true {
            let code = sqlite3_step(statement.sqliteStatement)
            if code == SQLITE_DONE { return }
            guard code == SQLITE_ROW else { throw fail(code, in: text) }
            try body(row)
        }
    }

    func script(_ text: String) throws(Refusal) {
        let code = sqlite3_exec(database.sqliteConnection, text, nil, nil, nil)
        guard code == SQLITE_OK else { throw fail(code, in: text) }
    }

    /// `IMMEDIATE` takes the write lock at once: a transaction never finds out half-way that it has to begin again.
    func begin() throws(Refusal) { try run("BEGIN IMMEDIATE") }

    func commit() throws(Refusal) { try run("COMMIT") }

    /// After some errors, a full disk among them, SQLite has already rolled back by itself.
    func rollback() {
        guard sqlite3_get_autocommit(database.sqliteConnection) == 0 else { return }
        sqlite3_exec(database.sqliteConnection, "ROLLBACK", nil, nil, nil)
    }
}

extension SQLiteConnection {
    /// From the cache; a fresh one when the cached is still being read further out.
    private func prepared(_ text: String) throws(Refusal) -> Statement {
        do {
            let statement = try database.cachedStatement(sql: text)
            let isFree = sqlite3_stmt_busy(statement.sqliteStatement) == 0
            return isFree ? statement : try database.makeStatement(sql: text)
        } catch let error as DatabaseError {
            throw fail(error.extendedResultCode.rawValue, in: text)
        } catch {
            throw fail(SQLITE_ERROR, in: text)
        }
    }

    /// - Returns: how many rows it changed.
    private func execute(_ statement: Statement, _ values: [SQLValue], _ text: String) throws(Refusal) -> Int {
        defer { sqlite3_reset(statement.sqliteStatement) }
        try bind(values, to: statement, text)
        let code = sqlite3_step(statement.sqliteStatement)
        guard code == SQLITE_DONE || code == SQLITE_ROW else { throw fail(code, in: text) }
        return Int(sqlite3_changes(database.sqliteConnection))
    }

    private func bind(_ values: [SQLValue], to statement: Statement, _ text: String) throws(Refusal) {
        for (place, value) in values.enumerated() {
            let code = bind(value, at: Int32(place + 1), to: statement.sqliteStatement)
            guard code == SQLITE_OK else { throw fail(code, in: text) }
        }
    }

    /// - Returns: a result code.
    private func bind(_ value: SQLValue, at place: Int32, to statement: OpaquePointer) -> Int32 {
        /// `SQLITE_TRANSIENT`, a C macro that Swift does not see: SQLite copies the bytes at once.
        let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        switch value {
        case .null: return sqlite3_bind_null(statement, place)
        case .int(let number): return sqlite3_bind_int64(statement, place, number)
        case .text(var text):
            return text.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) {
                    sqlite3_bind_text(statement, place, $0.baseAddress ?? Self.empty, Int32($0.count), copied)
                }
            }
        case .blob(let bytes):
            return bytes.isEmpty
                ? sqlite3_bind_zeroblob(statement, place, 0)
                : sqlite3_bind_blob(statement, place, bytes, Int32(bytes.count), copied)
        }
    }

    /// Where the text of an empty string begins; a null pointer would bind NULL.
    private static var empty: UnsafePointer<CChar>? { sqlite3_libversion() }

    /// Remembers, logs once and words a failure. SQLite's messages name columns, never values.
    private func fail(_ code: Int32, in text: String) -> Refusal {
        let message = String(cString: sqlite3_errmsg(database.sqliteConnection))
        let failure = Failure(sqlite: code, message: message)
        self.failure = failure
        logger.warning(
            "a statement failed", metadata: ["code": "\(code)", "message": "\(message)", "statement": "\(text)"])
        return failure.refusal
    }
}

extension Failure {
    /// Result codes: https://www.sqlite.org/rescode.html. The low byte is the primary code.
    init(sqlite code: Int32, message: String) {
        switch code & 0xff {
        case SQLITE_CONSTRAINT: self.init(kind: .rule, refusal: .conflict(Self.words(forRule: message)))
        case SQLITE_FULL:
            self.init(storage: "The disk that holds the database is full; make room on it, then try again.")
        case SQLITE_IOERR, SQLITE_CANTOPEN:
            self.init(storage: "The disk that holds the database failed; see the log.")
        case SQLITE_BUSY, SQLITE_LOCKED:
            self.init(storage: "Another program is writing to the database; try again.")
        case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH:
            self.init(storage: "The database file cannot be written by this user.")
        case SQLITE_CORRUPT, SQLITE_NOTADB:
            self.init(storage: "The database file is damaged; restore a backup.")
        default: self = .unexpected
        }
    }
}
