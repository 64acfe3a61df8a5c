import LatchkeyCore

/// The statements that move last uses. `listed_at` is never beyond `at`, and what stands beside `at` is of that use,
/// in whichever order nodes write.
extension SQL {
    /// In no index and under no trigger.
    static func moveUses(_ uses: [LastUse]) -> SQL {
        """
        UPDATE token_use SET at = v.column2, address = v.column3, agent = v.column4, route = v.column5
        FROM (VALUES \(rows: rows(of: uses))) AS v
        WHERE token_use.token_id = v.column1 AND token_use.at < v.column2
        RETURNING token_use.owner_id, token_use.at
        """
    }

    /// A use that comes to be listed may stand there already, and a later one too, which is listed then.
    static func listUses(_ uses: [LastUse]) -> SQL {
        let isLater: SQL = "token_use.at < v.column2"
        return """
            UPDATE token_use SET
                at = CASE WHEN \(isLater) THEN v.column2 ELSE token_use.at END,
                listed_at = CASE WHEN \(isLater) THEN v.column2 ELSE token_use.at END,
                address = CASE WHEN \(isLater) THEN v.column3 ELSE token_use.address END,
                agent = CASE WHEN \(isLater) THEN v.column4 ELSE token_use.agent END,
                route = CASE WHEN \(isLater) THEN v.column5 ELSE token_use.route END
            FROM (VALUES \(rows: rows(of: uses))) AS v
            WHERE token_use.token_id = v.column1 AND token_use.listed_at < v.column2
            RETURNING token_use.owner_id, token_use.at
            """
    }

    static func moveOwners(_ owners: [(key: ID<User>, value: Timestamp)]) -> SQL {
        """
        UPDATE account_use SET at = v.column2 FROM (VALUES \(rows: rows(of: owners))) AS v
        WHERE account_use.user_id = v.column1 AND account_use.at < v.column2
        """
    }

    static func listOwners(_ owners: [(key: ID<User>, value: Timestamp)]) -> SQL {
        let later: SQL = "CASE WHEN account_use.at < v.column2 THEN v.column2 ELSE account_use.at END"
        return """
            UPDATE account_use SET at = \(later), listed_at = \(later)
            FROM (VALUES \(rows: rows(of: owners))) AS v
            WHERE account_use.user_id = v.column1 AND account_use.listed_at < v.column2
            """
    }

    private static func rows(of uses: [LastUse]) -> [[SQLValue]] {
        uses.map { use in
            [
                use.token.sqlValue, use.at.sqlValue, use.address?.sqlValue ?? .null,
                use.userAgent?.sqlValue ?? .null, use.route.sqlValue,
            ]
        }
    }

    private static func rows(of owners: [(key: ID<User>, value: Timestamp)]) -> [[SQLValue]] {
        owners.map { [$0.key.sqlValue, $0.value.sqlValue] }
    }
}
