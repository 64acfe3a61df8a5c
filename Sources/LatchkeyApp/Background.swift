import LatchkeyCore
import Logging

/// The work that goes on by itself while the program serves.
extension App {
    /// Uses are at most this far from the disk, and half as far again from a reader of the database.
    private static let flushEvery = Duration.seconds(1)
    private static let retireEvery = Duration.seconds(5)

    /// Runs until cancelled. What is counted then is written by ``flushUsage(isFinal:)``, which the stop calls last.
    public func runBackground() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.feed.follow() }
            group.addTask {
                await self.repeating("usage flush", every: Self.flushEvery) { () throws(Refusal) in
                    try await self.flushUsage()
                }
            }
            group.addTask {
                await self.repeating("rotation", every: Self.retireEvery) { () throws(Refusal) in
                    try await self.retireRotatedTokens()
                }
            }
        }
    }

    /// A job that fails is tried again at its next turn; a row of failures is logged once.
    private func repeating(
        _ name: String, every pause: Duration, _ job: () async throws(Refusal) -> Void
    ) async {
        var isFailing = false
        while !Task.isCancelled {
            try? await Task.sleep(for: pause)
            do throws(Refusal) {
                try await job()
                if isFailing { logger.notice("a job works again", metadata: ["job": "\(name)"]) }
                isFailing = false
            } catch {
                if !isFailing { logger.error("a job failed", metadata: ["job": "\(name)", "cause": "\(error)"]) }
                isFailing = true
            }
        }
    }
}
