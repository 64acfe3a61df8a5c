public import LatchkeyCore
import Synchronization

/// One request that bore a token.
///
/// Whoever stands behind a gateway writes method and path as they like, and both are part of keys in the store, whose
/// length is bounded.
public struct Use: Sendable {
    /// In bytes.
    private static let (longestMethod, longestRoute) = (32, 256)

    public let token: ID<Token>
    public let at: Timestamp
    public let method: String
    /// The route's template, not its path: a path may be anything.
    public let route: String
    public let address: Address?
    public let userAgent: String?
    public let outcome: UseOutcome
    /// The token's; `nil` where it is not known, as of a token that is deleted.
    public let owner: ID<User>?

    public init(
        token: ID<Token>, at: Timestamp, method: String, route: String, address: Address?, userAgent: String?,
        outcome: UseOutcome, owner: ID<User>? = nil
    ) {
        self.token = token
        self.at = at
        self.method = method.clipped(to: Self.longestMethod)
        self.route = route.clipped(to: Self.longestRoute)
        self.address = address
        self.userAgent = userAgent
        self.outcome = outcome
        self.owner = owner
    }
}

/// Counts uses in memory, so that no request waits for a write, and gives them out in batches to be written.
///
/// What was given out and is not yet written still shows in ``lastUse(of:)``, so a reader is never behind. Bounds:
/// tokens and rows at a time, rows for a token and hour, refusals at a time; what exceeds them is counted coarser,
/// and past the last bound only in ``dropped``.
public final class UsageLedger: Sendable {
    /// Tokens that use different shards do not meet at a lock.
    private static let shardCount = 16

    private let shards: [Shard]
    /// Whether last uses may stand in the store that lists do not know, as a program leaves them that was killed.
    private let leavesUnlisted = Mutex(true)
    let turn = AsyncTurn()

    final class Shard: Sendable {
        let book: Mutex<UsageBook>

        init(_ bounds: UsageBounds) {
            book = Mutex(UsageBook(bounds: bounds))
        }
    }

    public convenience init() {
        self.init(bounds: .usual)
    }

    init(bounds: UsageBounds) {
        shards = (0..<Self.shardCount).map { _ in Shard(bounds) }
    }

    /// Counts a use of a token that works.
    public func record(_ use: Use, by bearer: Bearer) {
        shard(of: use.token).book.withLock { book in
            book.add(use)
            if let digest = bearer.freshDigest { book.redigest(use.token, digest) }
            if let predecessor = bearer.proves, book.proofs[predecessor] == nil {
                book.proofs[predecessor] = ProvenRotation(predecessor: predecessor, successor: use.token, at: use.at)
            }
        }
    }

    /// Counts a use of a known token that was refused; somebody still holds it.
    public func record(_ use: Use, refused: RefusedUse) {
        shard(of: use.token).book.withLock { book in
            book.add(use)
            book.refuse(use, refused)
        }
    }

    /// Whether an access token of this kind stands in the log for this minute. Those after it are counted, and become
    /// one event when the minute is over.
    func isRepeat(_ given: GivenAccess) -> Bool {
        shard(of: given.token).book.withLock { $0.isRepeat(given) }
    }

    /// One that stands in the log by now.
    func noteFirst(_ given: GivenAccess) {
        shard(of: given.token).book.withLock { $0.noteFirst(given) }
    }

    /// The last use that is not written yet, if there is one.
    public func lastUse(of token: ID<Token>) -> LastUse? {
        var words = UseWords()
        return shard(of: token).book.withLock { $0.lastUse(of: token) }.map { words.lastUse($0) }
    }

    /// Uses that were beyond every bound and are counted nowhere else.
    public var dropped: Int {
        shards.reduce(0) { sum, shard in sum + shard.book.withLock { $0.dropped } }
    }

    /// Uses that wait to be given out, in rows.
    public var pendingRows: Int {
        shards.reduce(0) { sum, shard in sum + shard.book.withLock { $0.rowCount } }
    }

    private func shard(of token: ID<Token>) -> Shard {
        // Neighbours share a shard, so that a batch of some shards writes few pages of the database.
        shards[Int(truncatingIfNeeded: UInt64(bitPattern: token.value) / 64 % UInt64(Self.shardCount))]
    }
}

/// How much of the ledger a flush writes.
public enum FlushExtent: Hashable, Sendable {
    /// What must not wait: last uses, refusals and repeated grants of minutes that are over, keys to move, rotations to
    /// prove.
    case lastUses
    /// The counts of the hour as well.
    case counts
    /// Those of the running minute too: nothing stays.
    case final
}

extension UsageLedger {
    /// Rows in one write, more or less: enough that a commit is worth it, few enough that others wait for no more
    /// than some milliseconds.
    private static let rowsInWrite = 2000

    /// Writes everything that is there, a few thousand rows at a time.
    ///
    /// One flush runs at a time; a second waits, so that when it returns, what was there before it is written. What
    /// `write` throws is thrown on, and the batch counts as not given out: nothing of it may have been written then.
    func flush(
        at now: Timestamp, _ extent: FlushExtent = .counts,
        _ write: (UsageBatch) async throws(Refusal) -> Void
    ) async throws(Refusal) {
        await turn.take()
        defer { turn.pass() }
        var (taken, gathered) = ([Shard](), UsageBatch())
        for (number, shard) in shards.enumerated() {
            if let flight = shard.book.withLock({ $0.take(at: now, extent) }) {
                taken.append(shard)
                gathered.add(flight)
            }
            let isLast = number == shards.count - 1
            guard !taken.isEmpty, isLast || gathered.rowCount >= Self.rowsInWrite else { continue }
            try await finish(gathered, of: taken, write)
            (taken, gathered) = ([], UsageBatch())
        }
    }

    private func finish(
        _ batch: UsageBatch, of shards: [Shard], _ write: (UsageBatch) async throws(Refusal) -> Void
    ) async throws(Refusal) {
        do throws(Refusal) {
            try await write(batch)
        } catch {
            for shard in shards { shard.book.withLock { $0.giveBack() } }
            throw error
        }
        if !batch.unlistedUses.isEmpty { noteUnlisted() }
        for shard in shards { _ = shard.book.withLock { $0.finish() } }
    }

    func noteUnlisted() { leavesUnlisted.withLock { $0 = true } }

    /// Whether there may be uses to list; from now on others, if any.
    func takeUnlisted() -> Bool {
        leavesUnlisted.withLock { leaves in
            defer { leaves = false }
            return leaves
        }
    }
}
