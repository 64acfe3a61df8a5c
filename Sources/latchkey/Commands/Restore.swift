import ArgumentParser
import Foundation
import LatchkeyApp
import LatchkeyCore
import LatchkeyStore
import Logging

/// `latchkey restore FILE`.
struct Restore: LocalCommand {
    static let configuration = CommandConfiguration(
        abstract: "Put a backup in the place of the embedded database.",
        discussion: """
            The server must be stopped. A file that is damaged, not Latchkey's, or of another instance than the key \
            file is refused, and nothing is changed. The database that was there stays beside it as \
            latchkey.db.before-restore, with its log if it could not be opened.

            Example:
              latchkey restore --data-dir var /backups/latchkey-2027-01-31.db
            """)

    @Argument(help: "A file that `latchkey backup` made.", completion: .file())
    var file: String
    @OptionGroup var storage: StorageOptions
    @OptionGroup var show: OutputOptions

    func run(_ settings: Settings, _ logger: Logger) async throws {
        guard settings.database == nil else {
            throw CommandFailure("a PostgreSQL database is restored with its own tools")
        }
        guard FileManager.default.fileExists(atPath: file) else { throw CommandFailure("there is no file \(file)") }
        let directory = DataDirectory(path: settings.dataDirectory)
        try directory.make()
        let lock = try directory.lock()
        let instance = try DatabaseFile.check(file, logger: logger)
        try checkKeys(of: instance, settings)
        try await replace(directory, logger: logger)
        withExtendedLifetime(lock) {}
        try show.output.show(
            .object(given: [("database", .string(directory.database)), ("instance", instance.map { .string($0) })]))
    }

    private func checkKeys(of instance: String?, _ settings: Settings) throws {
        let source = KeySource(settings: settings, environment: ProcessInfo.processInfo.environment)
        guard let keys = try source.load() else {
            throw CommandFailure(
                "\(source.name) is missing", hint: "put the copy of it that belongs to this backup there first")
        }
        guard instance == nil || keys.instance == instance else {
            throw CommandFailure(
                "\(source.name) belongs to another instance than \(file)",
                hint: "put the key file of that instance there, or name it with --key-file")
        }
    }

    /// The copy is whole and on disk before it takes the name; what was there keeps another one.
    private func replace(_ directory: DataDirectory, logger: Logger) async throws {
        let (new, old) = (directory.database + ".restoring", directory.database + ".before-restore")
        var logIsAside = false
        defer { unlink(new) }
        do {
            try AtomicFile.copy(file, to: new)
            if directory.hasDatabase {
                try await setAside(directory.database, as: old, &logIsAside, logger: logger)
            }
            for suffix in Self.logs { unlink(directory.database + suffix) }
            guard rename(new, directory.database) == 0 else { throw AtomicFile.Failure.system(AtomicFile.reason) }
            try AtomicFile.syncDirectory(of: directory.database)
        } catch AtomicFile.Failure.system(let reason) {
            throw CommandFailure(
                "the backup could not be put in place: \(reason)",
                hint: logIsAside ? "what was there is \(old), with its log beside it" : "nothing was changed")
        }
    }

    /// Brings what its log still holds into the database file, so that the file kept aside is complete. One that cannot
    /// be opened may be the reason for restoring: its log is kept beside it, under the name by which SQLite finds it.
    private func setAside(
        _ database: String, as old: String, _ logIsAside: inout Bool, logger: Logger
    ) async throws {
        let store = try? await Store.open(.file(database), at: Ambient.live.now(), logger: logger)
        await store?.close()
        for suffix in [""] + Self.logs { unlink(old + suffix) }
        guard link(database, old) == 0 else { throw AtomicFile.Failure.system(AtomicFile.reason) }
        guard store == nil else { return }
        logIsAside = true
        for suffix in Self.logs {
            guard rename(database + suffix, old + suffix) == 0 || errno == ENOENT else {
                throw AtomicFile.Failure.system(AtomicFile.reason)
            }
        }
    }

    /// SQLite's write-ahead log and its index.
    private static let logs = ["-wal", "-shm"]
}
