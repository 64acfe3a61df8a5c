import LatchkeyCore
import LatchkeyStore
import Logging

/// Counting tries, and recording those that came to nothing. The counts are in the database, so that they hold over
/// all nodes and restarts; where the database does not answer, nobody gets in.
extension App {
    /// Counts a try at somebody's codes.
    func beginTry(at counter: TryCounter, from origin: Origin) async throws(Refusal) -> SignInTry {
        try await beginTry([counter, .everything(from: origin.address, keys.current)], from: origin)
    }

    /// Checks a password, and counts the try. Who is held back is so before they take a place in the line, where they
    /// would keep others out.
    func tryPassword(
        _ password: Password, against hash: PasswordHash?, at counter: TryCounter, from origin: Origin
    ) async throws(Refusal) -> (answer: PasswordAnswer, attempt: SignInTry) {
        let counters = [counter, .everything(from: origin.address, keys.current)]
        try await requireTurn(counters, from: origin)
        let (answer, attempt) = try await passwords.check(password, against: hash) { () throws(Refusal) in
            try await countTry(counters)
        }
        return (answer, attempt)
    }

    func beginTry(_ counters: [TryCounter], from origin: Origin) async throws(Refusal) -> SignInTry {
        try await requireTurn(counters, from: origin)
        return try await countTry(counters)
    }

    /// Those who are held back cost a look, and no write.
    private func requireTurn(_ counters: [TryCounter], from origin: Origin) async throws(Refusal) {
        let now = ambient.now()
        let wait = try await store.read { db throws(Refusal) in try db.wait(for: counters, at: now) }
        guard let wait else { return }
        logger.notice("a try was held back", metadata: ["request_id": "\(origin.requestID ?? "")"])
        throw .limited(retryAfter: wait)
    }

    /// Counts a try before it is known whether it succeeds, so that many at once are not more than one after the other.
    /// What succeeds is noted as `dropTry`, with what came of it.
    private func countTry(_ counters: [TryCounter]) async throws(Refusal) -> SignInTry {
        let now = ambient.now()
        let attempt = SignInTry(
            mark: ambient.randomBytes(SignInTry.markByteCount), at: now, counters: counters)
        try await store.write { db throws(Refusal) in
            if let wait = try db.wait(for: counters, at: now) { throw .limited(retryAfter: wait) }
            try db.note(.signIn(.addTry(attempt)))
        }
        return attempt
    }

    /// - Parameter user: `nil` for an account that is not there. Then as much is written, for equal work; but the log
    ///   takes only so many of these, because names can be made up without end.
    func record(refused user: ID<User>?, _ reason: String, from origin: Origin) async throws(Refusal) {
        let now = ambient.now()
        let stranger = SignInTry(
            mark: ambient.randomBytes(SignInTry.markByteCount), at: now, counters: [.strangers(keys.current)])
        try await store.write { db throws(Refusal) in
            if user == nil {
                let isLogFull = try db.wait(for: stranger.counters, at: now) != nil
                try db.note(.signIn(.addTry(stranger)))
                guard !isLogFull else { return }
            }
            try db.apply(User.refusedSignIn(user, reason: reason, from: origin, at: now))
        }
    }
}
