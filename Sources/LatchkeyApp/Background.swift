import LatchkeyCore
import Logging

/// The work that goes on by itself while the program serves.
extension App {
    /// How far a last use may be from the disk, the time of writing it aside; 2 s are promised.
    private static let flushEvery = Duration.milliseconds(1500)
    /// Counts go with every so many of these.
    private static let flushesPerCount = 8
    private static let retireEvery = Duration.seconds(5)
    private static let shortestPause = Duration.milliseconds(100)
    private static let listEvery = Duration.minutes(1)
    /// Looks whether a node that died left some, every so many of these.
    private static let roundsPerSearch = 60

    /// Runs until cancelled. What is counted then is written by ``flushUsage(_:)``, which the stop calls.
    public func runBackground() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.feed.follow() }
            group.addTask { await self.keepFlushing() }
            group.addTask { await self.keepListing() }
            group.addTask {
                await self.repeating("rotation", every: Self.retireEvery) { () throws(Refusal) in
                    try await self.retireRotatedTokens()
                }
            }
            group.addTask {
                await self.repeating("old sessions", every: .hours(1)) { () throws(Refusal) in
                    try await self.forgetOldSessions()
                }
            }
            group.addTask {
                await self.repeating("old replies", every: .hours(1)) { () throws(Refusal) in
                    try await self.forgetOldReplies()
                }
            }
            group.addTask {
                await self.repeating("old changes", every: .hours(1)) { () throws(Refusal) in
                    try await self.shortenFeed()
                }
            }
        }
    }

    private func keepFlushing() async {
        var round = 0
        await repeating("usage flush", every: Self.flushEvery) { () throws(Refusal) in
            round += 1
            // Counts may take a while; last uses do not wait for them.
            try await flushUsage(.lastUses)
            if round.isMultiple(of: Self.flushesPerCount) { try await flushUsage(.counts) }
        }
    }

    private func keepListing() async {
        var round = 0
        await repeating("last uses to list", after: .zero, every: Self.listEvery) { () throws(Refusal) in
            if round.isMultiple(of: Self.roundsPerSearch) { ledger.noteUnlisted() }
            round += 1
            try await listUnlistedUses()
        }
    }

    /// A job that fails is tried again at its next turn; a row of failures is logged once. What it takes counts towards
    /// the pause.
    private func repeating(
        _ name: String, after first: Duration? = nil, every pause: Duration, _ job: () async throws(Refusal) -> Void
    ) async {
        var (isFailing, wait) = (false, first ?? pause)
        while !Task.isCancelled {
            try? await Task.sleep(for: wait)
            let began = ContinuousClock.now
            defer { wait = max(pause - (ContinuousClock.now - began), Self.shortestPause) }
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
