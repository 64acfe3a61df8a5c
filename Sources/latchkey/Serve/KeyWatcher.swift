import Foundation
import LatchkeyApp
import LatchkeyCore
import Logging
import ServiceLifecycle
import UnixSignals

/// Takes up new keys while serving: on SIGHUP, and within a second of the key file's replacement.
struct KeyWatcher: Service {
    let source: KeySource
    let app: App
    let logger: Logger

    private static let interval = Duration.seconds(1)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await followSignals() }
                group.addTask { await followFile() }
            }
        }
    }

    private func followSignals() async {
        for await _ in await UnixSignalsSequence(trapping: .sighup) { reload() }
    }

    private func followFile() async {
        guard case .file(let path) = source else { return }
        var known = FileMark(path)
        // The keys were loaded a moment ago, and may have been replaced since.
        reload()
        while !Task.isCancelled {
            try? await Task.sleep(for: Self.interval)
            let present = FileMark(path)
            guard let present, present != known else { continue }
            known = present
            reload()
        }
    }

    /// Keys that cannot be read, or are another instance's, change nothing: the server goes on with those it has.
    private func reload() {
        do {
            guard let ring = try source.load(), ring.instance == app.keys.current.instance,
                ring.check == app.keys.current.check
            else {
                logger.error("the new keys are missing or another instance's; going on with the old ones")
                return
            }
            guard ring.kids != app.keys.current.kids else { return }
            app.keys.use(ring)
            logger.notice("took up new keys", metadata: ["signing_key": "\(ring.kids.last ?? "")"])
        } catch {
            let failure = CommandFailure(of: error)
            logger.error("the new keys cannot be read", metadata: ["reason": "\(failure?.message ?? "unknown")"])
        }
    }
}
