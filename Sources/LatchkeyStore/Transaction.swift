import LatchkeyCore

/// What can be read, within one transaction that sees one moment of the database.
///
/// It is not `Sendable` and lives as long as the closure that it is given to. A failed statement fails all that
/// follow, on both engines alike, so that a closure cannot go on after an error by accident.
public class Transaction {
    let connection: any Connection

    init(_ connection: any Connection) {
        self.connection = connection
    }

    func rows(_ sql: SQL, _ body: (Row) throws(Refusal) -> Void) throws(Refusal) {
        try goOn()
        try connection.rows(sql, body)
    }

    func all<Value>(_ sql: SQL, _ read: (Row) throws(Refusal) -> Value) throws(Refusal) -> [Value] {
        var values: [Value] = []
        try rows(sql) { row throws(Refusal) in values.append(try read(row)) }
        return values
    }

    func first<Value>(_ sql: SQL, _ read: (Row) throws(Refusal) -> Value) throws(Refusal) -> Value? {
        var value: Value?
        try rows(sql) { row throws(Refusal) in
            if value == nil { value = try read(row) }
        }
        return value
    }

    /// The one whole number that the query yields, `0` for NULL or no row.
    func number(_ sql: SQL) throws(Refusal) -> Int64 {
        try first(sql) { row in row.int(0) } ?? 0
    }

    func goOn() throws(Refusal) {
        if let failure = connection.failure { throw failure.refusal }
    }
}

/// A transaction that can also write: through ``apply(_:)`` and ``note(_:)``, and in no other public way.
///
/// It may run within a batch of others', and then on a savepoint of its own: when the closure throws, all that it did
/// is undone. On PostgreSQL it may run more than once, so it must have no effect beside the database.
public final class WriteTransaction: Transaction {
    @discardableResult
    func run(_ sql: SQL) throws(Refusal) -> Int {
        try goOn()
        return try connection.run(sql)
    }

    /// Runs one statement for many rows, as ``Connection/run(_:each:)`` says.
    @discardableResult
    func run(_ text: StaticString, each rows: [[SQLValue]]) throws(Refusal) -> [Int] {
        try goOn()
        return try connection.run(text, each: rows)
    }
}
