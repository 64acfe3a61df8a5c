public import LatchkeyCore

extension Transaction {
    /// By what the uses of these tokens are told apart.
    public enum UseSide: Sendable {
        case address, agent, route

        fileprivate var column: SQL {
            switch self {
            case .address: "c.address"
            case .agent: "c.agent"
            case .route: "c.method || ' ' || c.route"
            }
        }
    }

    /// Where, with what or for what these tokens were used most since a moment, the most frequent first.
    public func useSums(
        by side: UseSide, of tokens: [ID<Token>], since moment: Timestamp, limit: Int
    ) throws(Refusal) -> [UseSum] {
        guard !tokens.isEmpty else { return [] }
        let refusals = UseOutcome.allCases.filter(\.isRefusal)
        return try all(
            """
            SELECT \(side.column), CAST(SUM(c.uses) AS BIGINT),
                CAST(SUM(CASE WHEN c.outcome \(in: refusals) THEN c.uses ELSE 0 END) AS BIGINT), MAX(c.last_at)
            FROM usage_count c WHERE c.token_id \(in: tokens) AND c.hour >= \(moment.hour)
            GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT \(limit)
            """
        ) { row in
            UseSum(name: row.text(0), uses: Int(row.int(1)), refusals: Int(row.int(2)), last: row.time(3))
        }
    }
}
