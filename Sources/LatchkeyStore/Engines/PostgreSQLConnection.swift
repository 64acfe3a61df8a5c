import CLibpq
import LatchkeyCore
import Logging

/// One libpq connection. Everything goes in binary form, through statements that are prepared once and kept.
///
/// `@unchecked Sendable`: the pool lends it to one thread at a time, and libpq asks for no more than that.
final class PostgreSQLConnection: Connection, @unchecked Sendable {
    /// Lists with many filters make many texts; beyond this the cache starts anew.
    private static let largestCache = 400

    var failure: Failure?
    private let handle: OpaquePointer
    private let logger: Logger
    private var prepared: [String: String] = [:]
    private var holdsWriterLock = false

    init(handle: OpaquePointer, logger: Logger) {
        self.handle = handle
        self.logger = logger
    }

    deinit { PQfinish(handle) }

    /// Whether it may be lent again: open, and outside any transaction.
    var isIdle: Bool {
        PQstatus(handle) == CONNECTION_OK && PQtransactionStatus(handle) == PQTRANS_IDLE && !holdsWriterLock
    }

    @discardableResult
    func run(_ sql: SQL) throws(Refusal) -> Int {
        let result = try execute(sql)
        defer { PQclear(result) }
        return PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0
    }

    func rows(_ sql: SQL, _ body: (Row) throws(Refusal) -> Void) throws(Refusal) {
        let result = try execute(sql)
        defer { PQclear(result) }
        for row in 0..<PQntuples(result) {
            try body(Row(source: .postgres(result, row)))
        }
    }

    func script(_ text: String) throws(Refusal) {
        PQclear(try checked(PQexec(handle, text), text))
    }
}

extension PostgreSQLConnection {
    /// One number for all nodes that share a schema. Writers take turns by it, so that the numbers of the audit log
    /// and of the change feed follow the order of commits without gaps.
    private static let lockNumber = "hashtextextended('latchkey ' || current_schema(), 0)"

    func begin() throws(Refusal) {
        try script("SELECT pg_advisory_lock(\(Self.lockNumber))")
        holdsWriterLock = true
        try script("BEGIN ISOLATION LEVEL SERIALIZABLE")
    }

    func commit() throws(Refusal) {
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

    func beginReading() throws(Refusal) {
        try script("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    }

    func rollback() {
        if PQstatus(handle) == CONNECTION_OK, PQtransactionStatus(handle) != PQTRANS_IDLE {
            PQclear(PQexec(handle, "ROLLBACK"))
        }
        unlock()
    }

    /// If this fails the connection counts as busy and is thrown away, which frees the lock too.
    private func unlock() {
        guard holdsWriterLock else { return }
        let result = PQexec(handle, "SELECT pg_advisory_unlock(\(Self.lockNumber))")
        defer { PQclear(result) }
        if PQresultStatus(result) == PGRES_TUPLES_OK { holdsWriterLock = false }
    }

    private func execute(_ sql: SQL) throws(Refusal) -> OpaquePointer {
        let text = sql.text
        let name = try prepare(text, for: sql.values)
        let parameters = PostgreSQLParameters(sql.values)
        return try checked(parameters.execute(name, on: handle), text)
    }

    private func prepare(_ text: String, for values: [SQLValue]) throws(Refusal) -> String {
        if let name = prepared[text] { return name }
        if prepared.count >= Self.largestCache {
            try script("DEALLOCATE ALL")
            prepared = [:]
        }
        let name = "s\(prepared.count)"
        let types = values.map(PostgreSQLParameters.type)
        PQclear(try checked(PQprepare(handle, name, text, Int32(types.count), types), text))
        prepared[text] = name
        return name
    }

    private func checked(_ result: OpaquePointer?, _ text: String) throws(Refusal) -> OpaquePointer {
        let status = PQresultStatus(result)
        if let result, status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK { return result }
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
        throw failure.refusal
    }
}

extension Failure {
    /// SQLSTATE codes: PostgreSQL's appendix A.
    init(postgres state: String, rule: String, isConnected: Bool) {
        let lost = Failure(
            kind: .connection,
            refusal: .unavailable("The connection to the database was lost; try again.", retryAfter: .seconds(1)))
        guard isConnected else {
            self = lost
            return
        }
        switch (state.prefix(2), state) {
        case (_, "40001"), (_, "40P01"):
            self.init(
                kind: .collision, refusal: .unavailable("Too many writers met; try again.", retryAfter: .seconds(1)))
        case ("23", _), (_, "P0001"): self.init(kind: .rule, refusal: .conflict(Self.words(forRule: rule)))
        case ("22", _): self.init(kind: .rule, refusal: .badRequest("The request holds a value that cannot be kept."))
        case (_, "57014"), (_, "55P03"):
            self.init(storage: "The database took too long to answer; try again.")
        case (_, "53100"):
            self.init(storage: "The disk of the database server is full; make room on it, then try again.")
        case ("57", _), ("08", _): self = lost
        case ("53", _), ("58", _), (_, "25006"):
            self.init(storage: "The database server cannot write now; see the log.")
        default: self = .unexpected
        }
    }
}
