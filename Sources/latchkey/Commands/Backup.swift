import ArgumentParser
import Foundation
import LatchkeyApp
import LatchkeyCore
import LatchkeyStore
import Logging

/// `latchkey backup FILE`.
struct Backup: LocalCommand {
    static let configuration = CommandConfiguration(
        abstract: "Copy the embedded database into a file, while it is being served.",
        discussion: """
            The keys are not in it: keep a copy of the key file apart, and as safe as the tokens themselves. For \
            PostgreSQL, use its own tools.

            Example:
              latchkey backup --data-dir var /backups/latchkey-2027-01-31.db
            """)

    @Argument(help: "The file to make; one that is there already is refused.", completion: .file())
    var file: String
    @OptionGroup var storage: StorageOptions
    @OptionGroup var show: OutputOptions

    func run(_ settings: Settings, _ logger: Logger) async throws {
        let directory = DataDirectory(path: settings.dataDirectory)
        guard settings.database != nil || directory.hasDatabase else {
            throw CommandFailure(
                "there is no database in \(directory.path)", hint: "name its directory with --data-dir")
        }
        try await Instance.with(settings, logger: logger) { instance in
            try await instance.store.backup(to: file)
            let now = Ambient.live.now()
            try await instance.store.write { db throws(Refusal) in
                try db.note(.setInstanceValue(name: "backup_at", value: now.text))
            }
            try show.output.show(
                .object(given: [
                    ("file", .string(file)), ("instance", .string(instance.keys.instance)), ("at", .string(now.text)),
                ]))
            Terminal.remark("The keys are not in it: keep a copy of \(settings.keyFile) apart.")
        }
    }
}
