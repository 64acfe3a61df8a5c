public import LatchkeyCore

extension Transaction {
    /// How long until all of these have room for one more try; `nil` when they have now.
    public func wait(for counters: [TryCounter], at now: Timestamp) throws(Refusal) -> Duration? {
        var longest: Duration?
        for counter in counters {
            let (tries, oldest) = try tries(counter, at: now)
            guard let wait = counter.wait(tries: tries, oldest: oldest, at: now) else { continue }
            longest = max(longest ?? .zero, wait)
        }
        return longest
    }

    /// Tries from the future are of a node whose clock was wrong; they must not count until then.
    private func tries(
        _ counter: TryCounter, at now: Timestamp
    ) throws(Refusal) -> (tries: Int, oldest: Timestamp?) {
        let found = try first(
            """
            SELECT COUNT(*), MIN(at) FROM sign_in_try
            WHERE counter = \(counter.digest.bytes) AND at > \(now - TryCounter.window)
                AND at < \(now + TryCounter.window)
            """
        ) { row in (Int(row.int(0)), row.optionalTime(1)) }
        return found ?? (0, nil)
    }
}

extension WriteTransaction {
    /// Also forgets what counts no more, so that there are never more rows than tries within the window.
    func add(_ attempt: SignInTry) throws(Refusal) {
        try forgetTries(at: attempt.at)
        for counter in attempt.counters {
            try run(
                """
                INSERT INTO sign_in_try (counter, at, mark)
                VALUES (\(counter.digest.bytes), \(attempt.at), \(attempt.mark))
                """)
        }
    }

    func drop(_ attempt: SignInTry) throws(Refusal) {
        for counter in attempt.counters {
            try run(
                """
                DELETE FROM sign_in_try
                WHERE counter = \(counter.digest.bytes) AND at = \(attempt.at) AND mark = \(attempt.mark)
                """)
        }
    }

    func forgetTries(at now: Timestamp) throws(Refusal) {
        try run("DELETE FROM sign_in_try WHERE at <= \(now - TryCounter.window)")
        try run("DELETE FROM sign_in_try WHERE at >= \(now + TryCounter.window)")
    }
}
