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
    let app: App
    let logger: Logger

    private static let interval = Duration.seconds(1)
    private static let mostMissed = 3

    func run() async throws {
        await cancelWhenGracefulShutdown { await follow() }
    }

    private func follow() async {
        guard let file else {
            try? await gracefulShutdown()
            return
        }
        var (known, missed, isWaiting) = (FileMark(file.path), 0, false)
        while !Task.isCancelled {
            try? await Task.sleep(for: Self.interval)
            guard let present = FileMark(file.path) else {
                missed += 1
                // One that is gone for a moment is being replaced; another is told of once, and read when it is back.
                if missed == Self.mostMissed { await take(file, isAgain: false) }
                if missed >= Self.mostMissed { known = nil }
                continue
            }
            missed = 0
            guard present != known else { continue }
            isWaiting = !(await take(file, isAgain: isWaiting))
            if !isWaiting { known = present }
        }
    }

    /// - Returns: whether that is settled. What the audit log cannot hold now is not taken up, and tried again.
    @discardableResult
    private func take(_ file: PolicyFile, isAgain: Bool) async -> Bool {
        let reading = file.read()
        switch reading.edition {
        case .failure(let failure):
            await refuse(reading.digest, because: failure.message)
            return true
        case .success(let newer):
            do throws(Refusal) {
                try await app.takeUp(newer)
                logger.notice("took up a new policy", metadata: ["policy": "\(newer.policy.name)"])
                return true
            } catch {
                if !isAgain {
                    logger.error("a new policy cannot be recorded; going on with the old one", of: error)
                }
                return false
            }
        }
    }

    private func refuse(_ digest: String?, because reason: String) async {
        logger.error(
            "the policy file cannot be taken up; going on with the old policy", metadata: ["reason": "\(reason)"])
        do throws(Refusal) {
            try await app.refusePolicy(digest, because: reason)
        } catch {
            logger.error("that a policy is wrong cannot be recorded", of: error)
        }
    }
}

extension Logger {
    fileprivate func error(_ sentence: Logger.Message, of cause: Refusal) {
        error(sentence, metadata: ["cause": "\(cause)"])
    }
}
