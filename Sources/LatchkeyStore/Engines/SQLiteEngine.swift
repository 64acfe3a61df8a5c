import Foundation
import GRDB
import LatchkeyCore
import Logging

/// The embedded database: one file in WAL mode, one writer, readers that never wait for it.
struct SQLiteEngine: Engine {
    /// "LKEY", in the file's header: tells our file from another program's (https://www.sqlite.org/fileformat.html).
    static let applicationID = 0x4C4B_4559
    /// The page cache of each connection, in KiB. The kernel caches the file; more here only doubles that.
    private static let cacheSize = 2048
    /// The writer's holds the inner pages of all indexes, so that a batch of inserts does not read them again.
    private static let writerCacheSize = 16_384

    /// Pages in the write-ahead log before they are copied into the file, 16 MiB. Last uses write the same pages again
    /// every moment; at SQLite's usual 4 MiB each was copied after almost every write.
    private static let checkpointEvery = 4000

    let dialect = Dialect.sqlite
    let readerCount = 4
    private let pool: DatabasePool
    let logger: Logger

    init(path: String, logger: Logger) throws(Refusal) {
        self.logger = logger
        do {
            try Self.makePrivateFile(path)
            pool = try DatabasePool(path: path, configuration: Self.configuration(readers: readerCount + 1))
            // GRDB turns `synchronous` to NORMAL, under which a commit can be lost with the machine's power.
            try pool.writeWithoutTransaction { writer in
                try writer.execute(
                    sql: """
                        PRAGMA synchronous = FULL; PRAGMA cache_size = -\(Self.writerCacheSize);
                        PRAGMA wal_autocheckpoint = \(Self.checkpointEvery)
                        """)
            }
        } catch {
            throw Self.refusal(error, logger, "The database \(path) cannot be opened")
        }
    }

    /// One reader more than there are reading threads, for the backup.
    private static func configuration(readers: Int) -> Configuration {
        var configuration = Configuration()
        configuration.label = "latchkey"
        configuration.busyMode = .timeout(5)
        configuration.foreignKeysEnabled = true
        configuration.maximumReaderCount = readers
        configuration.prepareDatabase { database in
            // `temp_store` stays as it is: in memory, SQLite walks the whole journal of a savepoint after each
            // statement, and a batch of n inserts takes n².
            try database.execute(sql: "PRAGMA cache_size = -\(cacheSize); PRAGMA trusted_schema = OFF")
        }
        return configuration
    }

    /// The file holds digests and addresses: it is its owner's alone from the first moment on. The files that SQLite
    /// puts beside it take its mode.
    private static func makePrivateFile(_ path: String) throws {
        guard !FileManager.default.fileExists(atPath: path) else { return }
        guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
        else { throw CocoaError(.fileWriteUnknown) }
    }

    func withWriter(_ body: (any Connection) throws(Refusal) -> Void) throws(Refusal) {
        let outcome = pool.writeWithoutTransaction { database -> Result<Void, Refusal> in
            let connection = SQLiteConnection(database, logger: logger)
            defer { connection.rollback() }
            return Result { () throws(Refusal) in try body(connection) }
        }
        try outcome.get()
    }

    func withReader(_ body: (any Connection) throws(Refusal) -> Void) throws(Refusal) {
        let outcome: Result<Void, Refusal>
        do {
            outcome = try pool.read { database in
                let connection = SQLiteConnection(database, logger: logger)
                return Result { () throws(Refusal) in try body(connection) }
            }
        } catch {
            throw Self.refusal(error, logger, "The database cannot be read")
        }
        try outcome.get()
    }

    /// Without a WAL of its own, so that the copy is one file.
    func copy(to path: String) throws {
        try Self.makePrivateFile(path)
        let target = try DatabaseQueue(path: path)
        try pool.backup(to: target)
        try target.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
        try target.close()
    }

    func close() {
        do { try pool.close() } catch {
            logger.warning("the database could not be closed", metadata: ["error": "\(type(of: error))"])
        }
    }

    /// Logs an error of GRDB or of the file system, and words it.
    static func refusal(_ error: any Error, _ logger: Logger, _ words: String) -> Refusal {
        logger.warning("\(words)", metadata: ["error": "\(error)"])
        guard let error = error as? DatabaseError else {
            return .unavailable("\(words); see the log.", retryAfter: .seconds(5))
        }
        return Failure(sqlite: error.extendedResultCode.rawValue, message: error.message ?? "").refusal
    }
}
