public import LatchkeyCore
import LatchkeyStore

/// From where, with what and for what a service user's tokens were used most in the last 30 days.
public struct UseSums: Hashable, Sendable {
    public let addresses: [UseSum]
    public let agents: [UseSum]
    public let routes: [UseSum]
}

extension App {
    private static let mostSums = 10

    /// Of tokens that the caller may not see, nothing. Up to 12 seconds behind, as drawings are.
    public func useSums(of tokens: [ID<Token>], as caller: Caller) async throws(Refusal) -> UseSums {
        try caller.require(.manageOwnTokens)
        let since = ambient.now() - .days(DailyUses.usualDays)
        let asked = Array(Set(tokens).sorted().prefix(PageRequest.largestSize))
        return try await store.read { db throws(Refusal) in
            let visible = try db.tokens(asked).filter { (try? $0.requireReach(of: caller)) != nil }.map(\.id)
            func most(_ side: Transaction.UseSide) throws(Refusal) -> [UseSum] {
                try db.useSums(by: side, of: visible, since: since, limit: Self.mostSums)
            }
            return UseSums(addresses: try most(.address), agents: try most(.agent), routes: try most(.route))
        }
    }
}
