import LatchkeyCore
import Synchronization

/// Wakes those who wait for news, all at once, and lets nobody in beyond its bounds.
final class FeedBell: Sendable {
    /// Each waits on a connection of its own, and costs some kilobytes.
    static let mostWaiting = 512
    static let mostOfOne = 16

    private struct Waiter {
        let seq: Int64
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var reached: Int64 = 0
        var isClosed = false
        var lastNumber = 0
        var waiting: [Int: Waiter] = [:]
        /// Places that are taken, in all and by one account, whether or not their waiters stand there yet.
        var taken = 0
        var takenBy: [ID<User>?: Int] = [:]
    }

    private let state = Mutex(State())

    var waiting: Int { state.withLock { $0.waiting.count } }
    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// The feed has come to this number.
    func ring(_ reached: Int64) {
        wake { state in
            let furthest = max(state.reached, reached)
            state.reached = furthest
            return { $0.seq < furthest }
        }
    }

    /// Lets everybody go, for good: the server is stopping.
    func close() {
        wake { state in
            state.isClosed = true
            return { _ in true }
        }
    }

    private func wake(_ change: (inout State) -> (Waiter) -> Bool) {
        let woken = state.withLock { state -> [Waiter] in
            let isMeant = change(&state)
            let woken = state.waiting.filter { isMeant($0.value) }
            for number in woken.keys { state.waiting[number] = nil }
            return Array(woken.values)
        }
        for waiter in woken { waiter.continuation.resume() }
    }

    /// Returns when the feed has gone beyond `seq`, when the time is over, when the task is cancelled or when the
    /// server stops, whichever is first; at once when there is no place left, which others have taken.
    ///
    /// Places are counted by account: anybody can have many tokens.
    ///
    /// - Returns: whether there was a place.
    /// - Throws: `limited` when too many of this account wait already.
    @discardableResult
    func wait(beyond seq: Int64, atMost span: Duration, as account: ID<User>?) async throws(Refusal) -> Bool {
        guard let number = try takePlace(for: account) else { return false }
        defer { leavePlace(of: account) }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.stand(number, beyond: seq) }
            group.addTask { try? await Task.sleep(for: span) }
            _ = await group.next()
            group.cancelAll()
        }
        return true
    }

    private func takePlace(for account: ID<User>?) throws(Refusal) -> Int? {
        try state.withLock { state throws(Refusal) -> Int? in
            let own = state.takenBy[account, default: 0]
            guard own < Self.mostOfOne else { throw .limited(retryAfter: .seconds(5)) }
            guard state.taken < Self.mostWaiting else { return nil }
            state.taken += 1
            state.takenBy[account] = own + 1
            state.lastNumber += 1
            return state.lastNumber
        }
    }

    private func leavePlace(of account: ID<User>?) {
        state.withLock { state in
            state.taken -= 1
            let own = state.takenBy[account, default: 1] - 1
            state.takenBy[account] = own == 0 ? nil : own
        }
    }

    private func stand(_ number: Int, beyond seq: Int64) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state -> Bool in
                    if state.isClosed || state.reached > seq || Task.isCancelled { return true }
                    state.waiting[number] = Waiter(seq: seq, continuation: continuation)
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { $0.waiting.removeValue(forKey: number) }
            waiter?.continuation.resume()
        }
    }
}
