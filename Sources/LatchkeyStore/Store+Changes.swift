public import LatchkeyCore

extension Transaction {
    /// The change feed behind a number, in commit order and without gaps.
    public func changes(after seq: Int64, limit: Int) throws(Refusal) -> [FeedEntry] {
        try all("SELECT seq, kind, id FROM changes WHERE seq > \(seq) ORDER BY seq LIMIT \(limit)") {
            row throws(Refusal) in FeedEntry(seq: row.int(0), kind: try row.word(1), id: row.int(2))
        }
    }

    /// The last number of the change feed; `0` before the first.
    public func lastSequence() throws(Refusal) -> Int64 {
        try number("SELECT MAX(seq) FROM changes")
    }
}

extension WriteTransaction {
    func appendToFeed(_ kind: FeedEntry.Kind, _ id: Int64) throws(Refusal) {
        try run("INSERT INTO changes (seq, kind, id) SELECT COALESCE(MAX(seq), 0) + 1, \(kind), \(id) FROM changes")
    }
}
