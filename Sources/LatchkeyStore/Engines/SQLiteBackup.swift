import Foundation
import GRDB
public import LatchkeyCore
public import Logging

extension SQLiteEngine {
    /// Copies through a reader, which sees one moment however long it takes, while writing goes on. The copy appears
    /// under its name only once it is whole and on disk.
    func backup(to path: String) throws(Refusal) {
        guard !FileManager.default.fileExists(atPath: path) else {
            throw .conflict("\(path) is there already; name a file that is not.")
        }
        let partial = path + ".partial"
        do {
            try? FileManager.default.removeItem(atPath: partial)
            try copy(to: partial)
            try FileManager.default.moveItem(atPath: partial, toPath: path)
        } catch {
            try? FileManager.default.removeItem(atPath: partial)
            throw Self.refusal(error, logger, "The backup \(path) could not be written")
        }
    }
}

/// Looks into a database file that nobody serves: a backup, before it takes the place of what is there.
public enum DatabaseFile {
    /// Whether the file is whole and a database of ours; gives back the instance that it belongs to.
    ///
    /// - Throws: `conflict` with a sentence that says what is wrong with it.
    public static func check(_ path: String, logger: Logger) throws(Refusal) -> String? {
        do {
            var configuration = Configuration()
            configuration.readonly = true
            let file = try DatabaseQueue(path: path, configuration: configuration)
            if let flaw = try file.read(Self.flaw) { throw Refusal.conflict("\(path) \(flaw)") }
            return try file.read { try String.fetchOne($0, sql: "SELECT value FROM instance WHERE name = 'id'") }
        } catch let refusal as Refusal {
            throw refusal
        } catch {
            logger.debug("a database file did not check", metadata: ["error": "\(error)"])
            throw .conflict("\(path) cannot be read as a database.")
        }
    }

    private static func flaw(of database: Database) throws -> String? {
        guard try Int.fetchOne(database, sql: "PRAGMA application_id") == SQLiteEngine.applicationID else {
            return "is no database of Latchkey."
        }
        guard try String.fetchOne(database, sql: "PRAGMA integrity_check(1)") == "ok",
            try GRDB.Row.fetchOne(database, sql: "PRAGMA foreign_key_check") == nil
        else { return "is damaged." }
        let newest = try Int64.fetchOne(database, sql: "SELECT MAX(number) FROM migration") ?? 0
        guard newest <= Migration.newest else {
            return "was made by a newer version of Latchkey (schema \(newest)); this one knows \(Migration.newest)."
        }
        return nil
    }
}
