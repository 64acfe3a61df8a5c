import ArgumentParser
import Foundation
import LatchkeyApp
import LatchkeyCore
import LatchkeyStore
import Logging

/// `latchkey keys`.
struct Keys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Rotate the keys that sign and digest tokens.", discussion: "Example:\n  latchkey keys rotate",
        subcommands: [Rotate.self])
}

extension Keys {
    struct Rotate: LocalCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add a new generation of every key, and drop those that nothing needs.",
            discussion: """
                Tokens that are out stay valid. A running server takes the new keys up by itself within a second.

                Example:
                  latchkey keys rotate --data-dir var
                """)

        @OptionGroup var storage: StorageOptions
        @OptionGroup var show: OutputOptions

        /// Replies kept under `Idempotency-Key` live a day and are sealed with the newest key of their time.
        private static let keptSealings = 2

        func run(_ settings: Settings, _ logger: Logger) async throws {
            let directory = DataDirectory(path: settings.dataDirectory)
            guard settings.database != nil || directory.hasDatabase else {
                throw CommandFailure("there is no database in \(directory.path)", hint: "name it with --data-dir")
            }
            let lock = try KeyFileLock(beside: settings.keyFile)
            defer { withExtendedLifetime(lock) {} }
            try await Instance.with(settings, logger: logger) { instance in
                guard case .file(let path) = instance.keySource else {
                    throw CommandFailure(
                        "the keys are in LATCHKEY_KEYS, which this program cannot change",
                        hint: "write them to a file, unset LATCHKEY_KEYS, rotate with --key-file, and set it anew")
                }
                let ring = try await Self.rotated(instance)
                do {
                    try AtomicFile.write(ring.fileContents(), to: path, replacing: true)
                } catch {
                    throw CommandFailure("the key file \(path) cannot be written: \(error)")
                }
                try await KeyRotation.record(ring, in: instance.store, at: Ambient.live.now())
                try show.output.show(Self.value(of: ring, path))
            }
        }

        private static func rotated(_ instance: Instance) async throws -> KeyRing {
            let now = Ambient.live.now()
            guard let used = try await KeyRotation.needed(in: instance.store, at: now) else {
                return instance.keys.rotated(randomBytes: Ambient.live.randomBytes)
            }
            let sealings = used.sealings.union(instance.keys.sealingGenerations.suffix(keptSealings))
            // The newest keys are kept as well: a token that is being made this moment bears them.
            let old = instance.keys.keeping(kids: used.signing, digests: used.digests, sealings: sealings)
            return old.rotated(randomBytes: Ambient.live.randomBytes)
        }

        private static func value(of ring: KeyRing, _ path: String) -> JSONValue {
            .object(given: [
                ("file", .string(path)), ("signing", .strings(ring.kids.reversed())),
                ("digest", .array(ring.digestGenerations.reversed().map { .integer($0) })),
                ("sealing", .array(ring.sealingGenerations.reversed().map { .integer($0) })),
            ])
        }
    }
}
