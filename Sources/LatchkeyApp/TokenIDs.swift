import LatchkeyCore
import LatchkeyStore

/// Numbers for tokens to be. A token's number is signed into it before its transaction begins, so numbers are taken
/// from the database in blocks, ahead of use.
///
/// A quiet instance takes one at a time and its tokens are numbered 1, 2, 3; under load the blocks double, so that
/// the taking never sets the pace. A stop leaves the rest of a block unused: an id is never given out twice.
actor TokenIDs {
    private static let largestBlock = 1024
    private static let busy = Duration.seconds(1)

    private let store: Store
    private let now: @Sendable () -> Timestamp
    private var free: ClosedRange<Int64>?
    private var blockSize = 1
    private var takenAt: Timestamp?
    private let turn = AsyncTurn()

    init(store: Store, now: @escaping @Sendable () -> Timestamp) {
        self.store = store
        self.now = now
    }

    func next() async throws(Refusal) -> ID<Token> {
        while true {
            if let free {
                let id = free.lowerBound
                self.free = id < free.upperBound ? id + 1...free.upperBound : nil
                return ID(id)
            }
            try await take()
        }
    }

    /// Callers that come while a block is on its way wait for that one.
    private func take() async throws(Refusal) {
        await turn.take()
        defer { turn.pass() }
        guard free == nil else { return }
        let size = nextBlockSize()
        free = try await store.write { db throws(Refusal) in try db.reserveIDs(size) }
    }

    private func nextBlockSize() -> Int {
        let now = now()
        if let takenAt, now - takenAt < Self.busy {
            blockSize = min(blockSize * 2, Self.largestBlock)
        } else {
            blockSize = 1
        }
        takenAt = now
        return blockSize
    }
}
