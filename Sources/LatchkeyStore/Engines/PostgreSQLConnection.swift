import LatchkeyCore
import Synchronization

/// One connection as the store uses it. The pool lends it to one thread at a time; libpq bears no more than that
/// (34.20), and the lock sees to it whatever the borrower does.
final class PostgreSQLConnection: Connection, Sendable {
    private let session: Mutex<PostgreSQLSession>

    init(_ session: consuming sending PostgreSQLSession) {
        self.session = Mutex(session)
    }

    var failure: Failure? {
        get { session.withLock { $0.failure } }
        set { session.withLock { $0.failure = newValue } }
    }

    /// Whether it may be lent again: open, and outside any transaction.
    var isIdle: Bool { session.withLock { $0.isIdle } }

    @discardableResult
    func run(_ sql: SQL) throws(Refusal) -> Int {
        try result(of: sql).changed
    }

    @discardableResult
    func run(_ text: StaticString, each rows: [[SQLValue]]) throws(Refusal) -> [Int] {
        try session.withLock { session throws(Refusal) in try session.run(text.description, each: rows) }
    }

    func rows(_ sql: SQL, _ body: (Row) throws(Refusal) -> Void) throws(Refusal) {
        try result(of: sql).eachRow(body)
    }

    private func result(of sql: SQL) throws(Refusal) -> PostgreSQLResult {
        try session.withLock { session throws(Refusal) in try session.result(of: sql) }
    }

    func script(_ text: String) throws(Refusal) {
        try session.withLock { session throws(Refusal) in try session.script(text) }
    }

    func begin() throws(Refusal) { try session.withLock { session throws(Refusal) in try session.begin() } }

    func commit() throws(Refusal) { try session.withLock { session throws(Refusal) in try session.commit() } }

    func beginReading() throws(Refusal) {
        try session.withLock { session throws(Refusal) in try session.beginReading() }
    }

    func rollback() { session.withLock { $0.rollback() } }
}
