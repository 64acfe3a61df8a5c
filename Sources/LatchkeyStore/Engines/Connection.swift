import LatchkeyCore

/// What each engine can do with one connection. Small on purpose: the SQL above it is shared.
///
/// A connection belongs to one thread at a time and blocks it.
protocol Connection: AnyObject {
    /// Why the last statement failed, until it is cleared; the write queue decides by it what to do with a batch.
    var failure: Failure? { get set }

    /// Runs one statement and says how many rows it changed.
    @discardableResult
    func run(_ sql: SQL) throws(Refusal) -> Int

    /// Runs one statement, prepared once, for each of these rows of values, and says how many rows each time changed.
    /// The first that fails ends it; what ran before it is undone with the whole write.
    ///
    /// - Parameters:
    ///   - text: a literal of the program, so that no text of a caller can be in it. `$1`, `$2`, … stand for the values
    ///     of a row and must first occur in this order, because SQLite numbers them as they come.
    ///   - rows: all of one length; a place that holds a number in one row holds a number or NULL in all.
    @discardableResult
    func run(_ text: StaticString, each rows: [[SQLValue]]) throws(Refusal) -> [Int]

    /// Runs one query and stands on each of its rows in turn.
    func rows(_ sql: SQL, _ body: (Row) throws(Refusal) -> Void) throws(Refusal)

    /// Runs several statements without values.
    func script(_ text: String) throws(Refusal)

    /// Begins a serializable transaction that may write; no other writer is at work until it ends.
    func begin() throws(Refusal)
    func commit() throws(Refusal)
    /// Ends the transaction, if there is one, without a trace. Never fails: a connection that cannot even do this is
    /// thrown away.
    func rollback()
}

extension Connection {
    func savepoint() throws(Refusal) { try run("SAVEPOINT job") }

    func release() throws(Refusal) { try run("RELEASE SAVEPOINT job") }

    func rollbackToSavepoint() throws(Refusal) {
        try run("ROLLBACK TO SAVEPOINT job")
        try release()
    }
}

/// Why a statement failed, as far as anybody above the engines has to know.
struct Failure: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        /// A rule of the schema; others that share the transaction go on from the savepoint.
        case rule
        /// Two transactions met; running the whole again helps.
        case collision
        /// The connection is gone and nothing was committed; a new one helps.
        case connection
        /// Nothing was written and trying again at once does not help: no room, no permission, a broken file.
        case storage
    }

    let kind: Kind
    let refusal: Refusal
}

/// A database as the store sees it. All functions block; the store calls them on threads of its own.
protocol Engine: Sendable {
    var dialect: Dialect { get }
    /// How many readers can be at work at once.
    var readerCount: Int { get }

    /// Lends the one connection that writes.
    func withWriter(_ body: (any Connection) throws(Refusal) -> Void) throws(Refusal)

    /// Lends a connection within a read-only transaction that sees one moment.
    func withReader(_ body: (any Connection) throws(Refusal) -> Void) throws(Refusal)

    /// Copies the whole database, as of one moment, into a new file.
    func backup(to path: String) throws(Refusal)

    func close()
}
