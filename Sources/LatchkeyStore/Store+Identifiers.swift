public import LatchkeyCore

extension WriteTransaction {
    /// A number that no user, team or resource has had before. Given back when the transaction is undone.
    public func nextID<Kind>() throws(Refusal) -> ID<Kind> {
        ID(try draw("object", count: 1))
    }

    /// Numbers for tokens, the first to the last, whether or not a token comes of each: the number is signed into a
    /// token before there is a transaction that could draw one.
    public func reserveIDs(_ count: Int) throws(Refusal) -> ClosedRange<Int64> {
        let count = Int64(max(1, count))
        let first = try draw("token", count: count)
        return first...(first + count - 1)
    }

    private func draw(_ name: String, count: Int64) throws(Refusal) -> Int64 {
        let next = try first(
            "UPDATE sequence SET next = next + \(count) WHERE name = \(name) RETURNING next"
        ) { row in row.int(0) }
        guard let next else { throw Failure(storage: "The database has lost its sequence of numbers.").refusal }
        return next - count
    }
}
