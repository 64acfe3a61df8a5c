import ArgumentParser
import Foundation
import LatchkeyApp
import LatchkeyCore
import LatchkeyStore
import Logging

/// `latchkey demo`.
struct Demo: LocalCommand {
    static let configuration = CommandConfiguration(
        abstract: "Fill an empty data directory with a made-up organisation, to see the product alive.",
        discussion: """
            40 people, 25 service users and 60 tokens in every state, with four months of use and audit log. \
            Everything in it is made up. It is refused on a directory that has data; when you have seen enough, \
            delete the directory.

            Example:
              latchkey demo --data-dir demo
              latchkey serve --data-dir demo
            """)

    @OptionGroup var storage: StorageOptions
    @OptionGroup var show: OutputOptions

    func run(_ settings: Settings, _ logger: Logger) async throws {
        guard settings.database == nil else {
            throw CommandFailure("the demo fills a data directory of its own", hint: "leave --database out")
        }
        let directory = DataDirectory(path: settings.dataDirectory)
        try directory.make()
        let lock = try directory.lock()
        guard directory.isFresh(settings.keyFile) else {
            throw CommandFailure(
                "\(directory.path) has data, and the demo would mix with it",
                hint: "name a directory that does not exist yet: latchkey demo --data-dir demo")
        }
        do {
            try await fill(settings, logger)
        } catch {
            directory.empty(settings.keyFile)
            throw error
        }
        withExtendedLifetime(lock) {}
    }

    private func fill(_ settings: Settings, _ logger: Logger) async throws {
        let end = Ambient.live.now()
        let clock = DemoClock(DemoStory.start(before: end))
        let instance = try await Instance.open(settings, at: clock.now, logger: logger)
        do {
            try await instance.remember(publicURL: settings.publicURL)
            // Passwords of chance need no slow hash; those that people type get one.
            let quick = PasswordHash.Cost(rounds: 2, blockSize: 1, parallelism: 1)
            var story = DemoStory(
                app: try await app(of: instance, clock, passwordCost: quick), clock: clock, end: end,
                randomBytes: Ambient.live.randomBytes)
            try await story.tell()
            let password = DemoDoors.password(randomBytes: Ambient.live.randomBytes)
            try await story.openDoors(
                with: try await app(of: instance, clock, passwordCost: .usual), password: password)
            await instance.store.close()
            try show.output.show(value(of: story, settings, password: password))
        } catch {
            await instance.store.close()
            throw error
        }
        Terminal.remark("Everything in it is made up. Next: latchkey serve --data-dir \(settings.dataDirectory)")
    }

    private func app(of instance: Instance, _ clock: DemoClock, passwordCost: PasswordHash.Cost) async throws -> App {
        var settings = instance.settings.ofInstance
        settings.passwordCost = passwordCost
        return try await App(
            store: instance.store, keys: instance.keys, settings: settings,
            ambient: Ambient(now: { clock.now }, randomBytes: Ambient.live.randomBytes), logger: instance.logger)
    }

    private func value(of story: DemoStory, _ settings: Settings, password: String) -> JSONValue {
        .object(given: [
            ("data_dir", .string(settings.dataDirectory)), ("people", .integer(Int64(story.people.count))),
            ("service_users", .integer(Int64(story.services.count))), ("tokens", .integer(Int64(story.tokenCount))),
            ("sign_in_at", .string(settings.publicURL + "/sign-in")),
            ("sign_in_as", .strings(DemoDoors.people.map { "\($0.email) (\($0.role.rawValue))" })),
            ("password", .string(password)),
        ])
    }
}

extension DataDirectory {
    fileprivate func isFresh(_ keyFile: String) -> Bool {
        !hasDatabase && !FileManager.default.fileExists(atPath: keyFile)
    }

    /// A story that broke off is no use to anybody; what was here before it was nothing.
    fileprivate func empty(_ keyFile: String) {
        for file in [database, database + "-wal", database + "-shm", keyFile] { unlink(file) }
    }
}
