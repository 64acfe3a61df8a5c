import CLibpq
import LatchkeyCore
import Logging

/// A session with the server through libpq. Everything goes in binary form, through statements that are prepared once
/// and kept. It has one owner, and ends with it.
struct PostgreSQLSession: ~Copyable {
    /// Lists with many filters make many texts; beyond this the cache starts anew.
    private static let largestCache = 400
    private static let oldestServer: Int32 = 140_000

    var failure: Failure?
    let handle: OpaquePointer
    private let logger: Logger
    private var prepared: [String: String] = [:]
    private var holdsWriterLock = false

    /// - Parameter words: libpq's parameters (34.1.2), the later of two for the same thing counting.
    static func open(
        _ words: [(name: String, value: String)], logger: Logger
    ) throws(Refusal) -> sending PostgreSQLSession {
        let opened = Self.withCStrings(words.map(\.name)) { names in
            Self.withCStrings(words.map(\.value)) { values in PQconnectdbParams(names, values, 1) }
        }
        guard let opened else { throw Failure(storage: "No memory for a connection to the database.").refusal }
        let session = PostgreSQLSession(handle: opened, logger: logger)
        try session.requireServer()
        PQsetNoticeProcessor(opened, { _, _ in }, nil)
        return session
    }

    private init(handle: OpaquePointer, logger: Logger) {
        self.handle = handle
        self.logger = logger
    }

    deinit { PQfinish(handle) }

    private func requireServer() throws(Refusal) {
        guard PQstatus(handle) == CONNECTION_OK else {
            logger.warning(
                "the database cannot be reached", metadata: ["message": "\(String(cString: PQerrorMessage(handle)))"])
            throw .unavailable("The database cannot be reached; see the log.", retryAfter: .seconds(2))
        }
        guard PQserverVersion(handle) >= Self.oldestServer else {
            throw .unavailable("PostgreSQL 14 or newer is needed.", retryAfter: .seconds(60))
        }
    }

    /// A null-terminated array of C strings, valid within the closure.
    private static func withCStrings<Value>(
        _ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Value
    ) -> Value {
        let joined = texts.flatMap { Array($0.utf8CString) }
        return joined.withUnsafeBufferPointer { buffer in
            var start = 0
            var pointers: [UnsafePointer<CChar>?] = texts.map { text in
                defer { start += text.utf8.count + 1 }
                return buffer.baseAddress?.advanced(by: start)
            }
            pointers.append(nil)
            return body(pointers)
        }
    }
}

extension PostgreSQLSession {
    /// Whether it may be lent again: open, and outside any transaction.
    var isIdle: Bool {
        PQstatus(handle) == CONNECTION_OK && PQtransactionStatus(handle) == PQTRANS_IDLE && !holdsWriterLock
    }

    mutating func result(of sql: SQL) throws(Refusal) -> PostgreSQLResult {
        let text = sql.text
        let name = try prepare(text, for: sql.values)
        return try checked(PostgreSQLParameters(sql.values).execute(name, on: handle), text)
    }

    mutating func script(_ text: String) throws(Refusal) {
        _ = try checked(PQexec(handle, text), text)
    }
}

extension PostgreSQLSession {
    /// One number for all nodes that share a schema. Writers take turns by it, so that the numbers of the audit log
    /// and of the change feed follow the order of commits without gaps.
    private static let lockNumber = "hashtextextended('latchkey ' || current_schema(), 0)"

    mutating func begin() throws(Refusal) {
        try script("SELECT pg_advisory_lock(\(Self.lockNumber))")
        holdsWriterLock = true
        try script("BEGIN ISOLATION LEVEL SERIALIZABLE")
    }

    mutating func commit() throws(Refusal) {
        do {
            try script("COMMIT")
        } catch {
            guard failure?.kind == .connection else { throw error }
            // Whether it was committed is not known, so the batch must not be run again.
            failure = Failure(
                storage: "The connection to the database was lost during the commit; look whether the change was made.")
            throw failure?.refusal ?? error
        }
        unlock()
    }

    mutating func beginReading() throws(Refusal) {
        try script("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    }

    mutating func rollback() {
        if PQstatus(handle) == CONNECTION_OK, PQtransactionStatus(handle) != PQTRANS_IDLE {
            PQclear(PQexec(handle, "ROLLBACK"))
        }
        unlock()
    }

    /// If this fails the connection counts as busy and is thrown away, which frees the lock too.
    private mutating func unlock() {
        guard holdsWriterLock else { return }
        let result = PQexec(handle, "SELECT pg_advisory_unlock(\(Self.lockNumber))")
        defer { PQclear(result) }
        if PQresultStatus(result) == PGRES_TUPLES_OK { holdsWriterLock = false }
    }

    /// - Parameter key: what it is remembered by, if not by its text.
    mutating func prepare(_ text: String, for values: [SQLValue], key: String? = nil) throws(Refusal) -> String {
        if let name = prepared[key ?? text] { return name }
        if prepared.count >= Self.largestCache {
            try script("DEALLOCATE ALL")
            prepared = [:]
        }
        let name = "s\(prepared.count)"
        let types = values.map(PostgreSQLParameters.type)
        _ = try checked(PQprepare(handle, name, text, Int32(types.count), types), text)
        prepared[key ?? text] = name
        return name
    }

    private mutating func checked(_ result: OpaquePointer?, _ text: String) throws(Refusal) -> PostgreSQLResult {
        let status = PQresultStatus(result)
        if let result, status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK { return PostgreSQLResult(result) }
        throw fail(result, in: text)
    }

    /// Remembers, logs and words a failure, and lets go of the answer that tells of it, if there is one.
    mutating func fail(_ result: OpaquePointer?, in text: String) -> Refusal {
        defer { PQclear(result) }
        let state = PQresultErrorField(result, Int32(UInt8(ascii: "C"))).map { String(cString: $0) }
        let rule = PQresultErrorField(result, Int32(UInt8(ascii: "n"))).map { String(cString: $0) }
        let failure = Failure(
            postgres: state ?? "", rule: rule ?? "", isConnected: PQstatus(handle) == CONNECTION_OK)
        self.failure = failure
        // The message of the server is left out: it may quote values.
        logger.warning(
            "a statement failed",
            metadata: ["state": "\(state ?? "none")", "rule": "\(rule ?? "none")", "statement": "\(text)"])
        return failure.refusal
    }
}
