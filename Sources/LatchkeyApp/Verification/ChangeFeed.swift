public import LatchkeyCore
public import LatchkeyStore
public import Logging
import Synchronization

/// Keeps the index complete: loads it at a known place of the change feed, then follows the feed.
///
/// Whoever has committed waits in ``reach(_:)`` until the index shows it. Those who wait at the same time share one
/// read: the first of them reads for all, and hands the turn on when others came behind it.
public final class ChangeFeed: Sendable {
    private struct Progress {
        var applied: Int64 = 0
        var isReading = false
        var waiting: [Waiter] = []
        /// Rounds of ``catchUpTogether()``: how many have begun, and the latest that ended well.
        var roundsBegun = 0
        var roundServed = 0
    }

    private struct Waiter {
        let seq: Int64
        let continuation: CheckedContinuation<Turn, Never>
    }

    /// What somebody who waited is told: it is done, or it is your turn to read.
    private enum Turn {
        case reached, read
        case failed(Refusal)
    }

    /// Entries in one read.
    private static let stretch = 1000

    private let store: Store
    private let index: TokenIndex
    private let logger: Logger
    private let progress = Mutex(Progress())
    private let turn = AsyncTurn()
    let bell = FeedBell()

    public init(store: Store, index: TokenIndex, logger: Logger) {
        self.store = store
        self.index = index
        self.logger = logger
    }

    /// The last number of the feed that the index shows.
    public var applied: Int64 { progress.withLock { $0.applied } }

    /// Fills an empty index with everything that there is, and notes the number of the feed that this stands for.
    public func load() async throws(Refusal) {
        let index = index
        let seq = try await store.read { db throws(Refusal) in
            let seq = try db.lastSequence()
            index.set(try db.teamListing())
            for resource in try db.grantedResources() { index.set(resource) }
            try db.eachAccount { index.set(AccountFacts($0)) }
            try db.eachToken { row in
                if row.deletedAt == nil { index.set(TokenFacts(row)) }
            }
            index.set(try db.accessRevocations())
            index.forgetSettledProofs()
            return seq
        }
        progress.withLock { $0.applied = max($0.applied, seq) }
        bell.ring(seq)
        let size = index.size
        logger.info("index loaded", metadata: ["tokens": "\(size.tokens)", "accounts": "\(size.accounts)"])
    }

    /// Returns once the index shows everything up to this number.
    ///
    /// - Throws: `unavailable` when the feed cannot be read; then nothing may be promised about the index.
    public func reach(_ seq: Int64) async throws(Refusal) {
        while true {
            switch await turn(seq) {
            case .reached: return
            case .failed(let refusal): throw refusal
            case .read: try await readOn(to: seq)
            }
        }
    }

    private func turn(_ seq: Int64) async -> Turn {
        await withCheckedContinuation { continuation in
            let turn = progress.withLock { progress -> Turn? in
                if progress.applied >= seq { return .reached }
                if !progress.isReading {
                    progress.isReading = true
                    return .read
                }
                progress.waiting.append(Waiter(seq: seq, continuation: continuation))
                return nil
            }
            if let turn { continuation.resume(returning: turn) }
        }
    }

    /// Reads until `seq` is applied or the feed ends, then lets everybody go who is served and calls the next.
    private func readOn(to seq: Int64) async throws(Refusal) {
        do throws(Refusal) {
            while applied < seq, try await readStretch() {}
            handOn(nil)
        } catch {
            handOn(error)
            throw error
        }
    }

    private func handOn(_ refusal: Refusal?) {
        let served = progress.withLock { progress -> [(Waiter, Turn)] in
            let waiting = progress.waiting
            if let refusal {
                progress.waiting = []
                progress.isReading = false
                return waiting.map { ($0, .failed(refusal)) }
            }
            var served = waiting.filter { $0.seq <= progress.applied }.map { ($0, Turn.reached) }
            progress.waiting = waiting.filter { $0.seq > progress.applied }
            progress.isReading = !progress.waiting.isEmpty
            if progress.isReading { served.append((progress.waiting.removeFirst(), .read)) }
            return served
        }
        for (waiter, turn) in served { waiter.continuation.resume(returning: turn) }
    }

    /// - Returns: whether there was anything.
    private func readStretch() async throws(Refusal) -> Bool {
        let seq = applied
        let news = try await store.read { db throws(Refusal) in
            try FeedNews(after: seq, limit: Self.stretch, in: db)
        }
        guard let news else { return false }
        index.apply(news)
        progress.withLock { $0.applied = news.reached }
        bell.ring(news.reached)
        return true
    }

    /// Takes in what others commit: commands on this machine beside the server, other nodes.
    public func catchUp() async throws(Refusal) {
        let last = try await store.read { db throws(Refusal) in try db.lastSequence() }
        try await reach(last)
    }

    /// The same on behalf of bearers, who may come as often as they like: one read at a time, and each serves all who
    /// came before it began. So they cannot keep the database busy, and none is judged by what was known before.
    func catchUpTogether() async throws(Refusal) {
        let arrived = progress.withLock { $0.roundsBegun }
        await turn.take()
        defer { turn.pass() }
        let round = progress.withLock { progress -> Int? in
            guard progress.roundServed <= arrived else { return nil }
            progress.roundsBegun += 1
            return progress.roundsBegun
        }
        guard let round else { return }
        try await catchUp()
        progress.withLock { $0.roundServed = round }
    }

    /// Follows the feed until cancelled. An unreachable store is said once, not at each round.
    public func follow(every pause: Duration = .milliseconds(200)) async {
        var isBroken = false
        while !Task.isCancelled {
            do throws(Refusal) {
                try await catchUp()
                if isBroken { logger.notice("change feed readable again") }
                isBroken = false
            } catch {
                if !isBroken { logger.error("change feed unreadable", metadata: ["cause": "\(error)"]) }
                isBroken = true
            }
            try? await Task.sleep(for: pause)
        }
    }
}
