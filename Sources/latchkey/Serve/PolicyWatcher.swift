import Foundation
import LatchkeyApp
import LatchkeyCore
import Logging
import ServiceLifecycle

/// Takes up a new text of the policy file within a second. One that is wrong changes nothing: the old policy goes on
/// deciding, and log, metrics and `GET /api/status` say so.
struct PolicyWatcher: Service {
    /// `nil` for the policy that is built in, which never changes.
    let file: PolicyFile?
    let policy: PolicyInForce
    let now: @Sendable () -> Timestamp
    let logger: Logger

    private static let interval = Duration.seconds(1)

    func run() async throws {
        await cancelWhenGracefulShutdown { await follow() }
    }

    private func follow() async {
        guard let file else {
            try? await gracefulShutdown()
            return
        }
        var known = FileMark(file.path)
        while !Task.isCancelled {
            try? await Task.sleep(for: Self.interval)
            let present = FileMark(file.path)
            // A file that is gone for a moment is being replaced.
            guard let present, present != known else { continue }
            known = present
            take(file)
        }
    }

    private func take(_ file: PolicyFile) {
        do throws(CommandFailure) {
            policy.use(try file.edition(), at: now())
            logger.notice("took up a new policy", metadata: ["policy": "\(policy.current.name)"])
        } catch {
            policy.refuse(because: error.message, at: now())
            logger.error(
                "the new policy is wrong; going on with the old one", metadata: ["reason": "\(error.message)"])
        }
    }
}
