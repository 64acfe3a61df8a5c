import LatchkeyCore
import Synchronization

/// Wakes those who wait for news, all at once, and lets nobody in beyond its bounds.
final class FeedBell: Sendable {
    /// Each waits on a connection of its own, and costs some kilobytes.
    static let mostWaiting = 512
    static let mostOfOne = 16

    private struct Waiter {
        let token: ID<Token>?
        let seq: Int64
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var reached: Int64 = 0
        var isClosed = false
        var lastNumber = 0
        var waiting: [Int: Waiter] = [:]
        /// Places that are taken, in all and with one token, whether or not their waiters stand there yet.
        var taken = 0
        var takenBy: [ID<Token>?: Int] = [:]
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
    /// server stops, whichever is first.
    ///
    /// - Throws: `limited` when too many wait already, in all or with this token.
    func wait(beyond seq: Int64, atMost span: Duration, as token: ID<Token>?) async throws(Refusal) {
        guard let number = takePlace(for: token) else { throw .limited(retryAfter: .seconds(5)) }
        defer { leavePlace(of: token) }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.stand(number, beyond: seq, as: token) }
            group.addTask { try? await Task.sleep(for: span) }
            _ = await group.next()
            group.cancelAll()
        }
    }

    private func takePlace(for token: ID<Token>?) -> Int? {
        state.withLock { state -> Int? in
            let own = state.takenBy[token, default: 0]
            guard state.taken < Self.mostWaiting, own < Self.mostOfOne else { return nil }
            state.taken += 1
            state.takenBy[token] = own + 1
            state.lastNumber += 1
            return state.lastNumber
        }
    }

    private func leavePlace(of token: ID<Token>?) {
        state.withLock { state in
            state.taken -= 1
            let own = state.takenBy[token, default: 1] - 1
            state.takenBy[token] = own == 0 ? nil : own
        }
    }

    private func stand(_ number: Int, beyond seq: Int64, as token: ID<Token>?) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state -> Bool in
                    if state.isClosed || state.reached > seq || Task.isCancelled { return true }
                    state.waiting[number] = Waiter(token: token, seq: seq, continuation: continuation)
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
