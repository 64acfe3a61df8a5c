public import LatchkeyCore
import LatchkeyStore

/// Uses by day, for drawings. Up to 12 seconds behind, and without a write of its own: a page of a hundred spark lines
/// must not wait for one.
extension App {
    /// What each of these tokens did in the last 30 days, every day named. Tokens that the caller may not see are left
    /// out, as if they were not there.
    public func dailyUses(
        of tokens: [ID<Token>], as caller: Caller
    ) async throws(Refusal) -> [ID<Token>: [DailyUses]] {
        try caller.require(.manageOwnTokens)
        let now = ambient.now()
        let asked = Array(Set(tokens).sorted().prefix(PageRequest.largestSize))
        return try await store.read { db throws(Refusal) in
            let visible = try db.tokens(asked).filter { token in
                (try? token.requireReach(of: caller)) != nil
            }
            let known = try db.dailyUses(of: visible.map(\.id), since: now - .days(DailyUses.usualDays))
            return Dictionary(
                uniqueKeysWithValues: visible.map { ($0.id, DailyUses.series(known[$0.id] ?? [], until: now)) })
        }
    }

    /// What all tokens did together in the last 30 days.
    public func dailyUses(as caller: Caller) async throws(Refusal) -> [DailyUses] {
        try caller.require(.readUsers)
        let now = ambient.now()
        let known = try await store.read { db throws(Refusal) in
            try db.dailyUses(since: now - .days(DailyUses.usualDays))
        }
        return DailyUses.series(known, until: now)
    }
}
