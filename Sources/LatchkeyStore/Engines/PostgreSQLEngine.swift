import LatchkeyCore
import Logging
import Synchronization

/// The database for several machines, through libpq, which blocks: hence threads of its own, a connection for each.
final class PostgreSQLEngine: Engine {
    let dialect = Dialect.postgres
    let readerCount = 7
    private let url: String
    private let schema: String?
    private let logger: Logger
    private let idle = Mutex<[PostgreSQLConnection]>([])

    /// - Parameter schema: where the tables are, instead of in the first of the server's search path.
    init(url: String, schema: String?, logger: Logger) throws(Refusal) {
        if let schema, !schema.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) || $0 == 95 }) {
            throw .unavailable("A schema's name has a–z, 0–9 and _ only.", retryAfter: .seconds(60))
        }
        self.url = url
        self.schema = schema
        self.logger = logger
        let first = try connect()
        if let schema { try first.script("CREATE SCHEMA IF NOT EXISTS \"\(schema)\"") }
        giveBack(first)
    }

    func withWriter(_ body: (any Connection) throws(Refusal) -> Void) throws(Refusal) {
        let connection = try borrow()
        defer { giveBack(connection) }
        try body(connection)
    }

    func withReader(_ body: (any Connection) throws(Refusal) -> Void) throws(Refusal) {
        var connection = try borrow()
        defer { giveBack(connection) }
        do {
            try connection.beginReading()
        } catch {
            // An idle connection may have died long ago; nothing has been read yet, so a new one is as good.
            guard connection.failure?.kind == .connection else { throw error }
            connection = try connect()
            try connection.beginReading()
        }
        try body(connection)
    }

    func backup(to path: String) throws(Refusal) {
        throw .badRequest("This instance keeps its data in PostgreSQL; back it up with that server's own pg_dump.")
    }

    func close() {
        idle.withLock { $0 = [] }
    }
}

extension PostgreSQLEngine {
    private func borrow() throws(Refusal) -> PostgreSQLConnection {
        if let waiting = idle.withLock({ $0.popLast() }) { return waiting }
        return try connect()
    }

    private func giveBack(_ connection: PostgreSQLConnection) {
        connection.rollback()
        connection.failure = nil
        // Where one connection broke the others are likely broken too; new ones are made as they are needed.
        idle.withLock { idle in
            if connection.isIdle { idle.append(connection) } else { idle = [] }
        }
    }

    /// What the URL does not say itself: the later of two words for the same thing wins, and the URL comes last.
    private static let defaults: [(name: String, value: String)] = [
        ("connect_timeout", "5"), ("application_name", "latchkey"), ("keepalives_idle", "10"),
        ("keepalives_interval", "5"), ("keepalives_count", "3"), ("tcp_user_timeout", "15000"),
    ]

    /// TLS, certificates and passwords are as the URL's `sslmode` and its other parameters say (libpq, 34.1.2).
    private func connect() throws(Refusal) -> PostgreSQLConnection {
        let words = Self.defaults + [("dbname", url), ("client_encoding", "UTF8")]
        let connection = PostgreSQLConnection(try PostgreSQLSession.open(words, logger: logger))
        try prepareSession(connection)
        return connection
    }

    private func prepareSession(_ connection: PostgreSQLConnection) throws(Refusal) {
        try connection.script(
            """
            SET statement_timeout = '30s'; SET lock_timeout = '20s'; SET idle_in_transaction_session_timeout = '60s'
            """)
        if let schema { try connection.script("SET search_path TO \"\(schema)\"") }
    }
}
