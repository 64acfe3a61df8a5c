public import LatchkeyCore

/// The change feed is not kept for ever. Entries bear no time; marks say how far the feed was when.
extension Transaction {
    /// The first and the last number that are kept; `(1, 0)` of an empty feed.
    public func feedBounds() throws(Refusal) -> (first: Int64, last: Int64) {
        // One query each: both at once would read the whole table on SQLite.
        (max(1, try number("SELECT MIN(seq) FROM changes")), try lastSequence())
    }

    /// The last entry that was there at this moment, as far as marks tell; `0` when none does.
    public func feedMark(at moment: Timestamp) throws(Refusal) -> Int64 {
        try number("SELECT MAX(seq) FROM feed_mark WHERE at <= \(moment)")
    }
}

extension WriteTransaction {
    /// Writes down how far the feed is now.
    func markFeed(at now: Timestamp) throws(Refusal) {
        try run(
            """
            INSERT INTO feed_mark (seq, at) SELECT seq, \(now) FROM changes
            WHERE seq = (SELECT MAX(seq) FROM changes) ON CONFLICT (seq) DO NOTHING
            """)
    }

    /// The last entry stays whatever is asked for: the next one is numbered by it.
    func forgetFeed(upTo seq: Int64) throws(Refusal) {
        try run("DELETE FROM changes WHERE seq <= \(seq) AND seq < (SELECT MAX(seq) FROM changes)")
        try run("DELETE FROM feed_mark WHERE seq < \(seq)")
    }
}
