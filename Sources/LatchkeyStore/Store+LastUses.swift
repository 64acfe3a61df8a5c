public import LatchkeyCore

extension WriteTransaction {
    /// The row that each token has from the start: lists walk the index of last uses, and find it there.
    func insertUse(of token: Token) throws(Refusal) {
        try run(
            """
            INSERT INTO token_use
                (token_id, owner_id, token_type, is_deleted, at, listed_at, expires_at, revoked_at)
            VALUES (\(token.id), \(token.owner), \(token.type), \(token.deletedAt != nil), \(Timestamp.never),
                \(Timestamp.never), \(token.expiresAt ?? .endOfTime), \(token.revocation?.at))
            """)
    }

    func insertUse(of user: User) throws(Refusal) {
        try run(
            """
            INSERT INTO account_use (user_id, at, listed_at)
            VALUES (\(user.id), \(Timestamp.never), \(Timestamp.never))
            """)
    }

    /// What lists and counts ask beside the last use; that stays, even when the token is deleted.
    func updateUse(of token: Token) throws(Refusal) {
        try run(
            """
            UPDATE token_use SET is_deleted = \(token.deletedAt != nil), revoked_at = \(token.revocation?.at)
            WHERE token_id = \(token.id)
            """)
    }

    /// Never backwards: several nodes may report in any order. An owner moves once, however many its tokens; whoever
    /// names it with a use vouches for it.
    ///
    /// In the order of their ids, because neighbours lie on one page.
    ///
    /// - Parameter isListed: whether lists and counts follow at once, which moves entries of indexes.
    func move(_ uses: [LastUse], isListed: Bool) throws(Refusal) {
        let uses = uses.latestByToken
        let rows = uses.map { use in
            [
                use.at.sqlValue, use.address?.sqlValue ?? .null, use.userAgent?.sqlValue ?? .null,
                use.route.sqlValue, use.token.sqlValue,
            ]
        }
        try run(.moveUse, each: rows)
        let owners = try latestByOwner(uses).sorted { $0.key < $1.key }
        try run(.moveAccount, each: owners.map { [$0.value.sqlValue, $0.key.sqlValue] })
        if isListed { try listUses(of: uses.map(\.token), owners.map(\.key)) }
    }

    private func latestByOwner(_ uses: [LastUse]) throws(Refusal) -> [ID<User>: Timestamp] {
        var owners: [ID<Token>: ID<User>] = [:]
        for part in uses.filter({ $0.owner == nil }).map(\.token).parts(of: 256) {
            try rows("SELECT token_id, owner_id FROM token_use WHERE token_id \(in: part)") { row in
                owners[row.id(0)] = row.id(1)
            }
        }
        var latest: [ID<User>: Timestamp] = [:]
        for use in uses {
            guard let owner = use.owner ?? owners[use.token] else { continue }
            latest[owner] = max(latest[owner] ?? use.at, use.at)
        }
        return latest
    }

    /// As they stand: `listed_at` is never beyond `at`, in whichever order nodes write and list.
    ///
    /// Many in one statement, because triggers hear of it and SQLite then keeps a journal for each statement.
    func listUses(of tokens: [ID<Token>], _ accounts: [ID<User>]) throws(Refusal) {
        for part in tokens.sorted().parts(of: 256) {
            try run("UPDATE token_use SET listed_at = at WHERE token_id \(in: part) AND listed_at < at")
        }
        for part in accounts.sorted().parts(of: 256) {
            try run("UPDATE account_use SET listed_at = at WHERE user_id \(in: part) AND listed_at < at")
        }
    }
}

extension Transaction {
    /// Tokens behind this one, in the order of their ids, whose last use is further than lists know it.
    ///
    /// Looks at every row: an index of them would cost what leaving `listed_at` alone saves.
    public func unlistedTokens(behind last: ID<Token>, limit: Int) throws(Refusal) -> [ID<Token>] {
        try all(
            """
            SELECT token_id FROM token_use WHERE token_id > \(last) AND listed_at < at
            ORDER BY token_id LIMIT \(limit)
            """
        ) { row in row.id(0) }
    }

    public func unlistedAccounts(behind last: ID<User>, limit: Int) throws(Refusal) -> [ID<User>] {
        try all(
            """
            SELECT user_id FROM account_use WHERE user_id > \(last) AND listed_at < at
            ORDER BY user_id LIMIT \(limit)
            """
        ) { row in row.id(0) }
    }
}

extension StaticString {
    /// In no index and under no trigger.
    static let moveUse: StaticString = """
        UPDATE token_use SET at = $1, address = $2, agent = $3, route = $4 WHERE token_id = $5 AND at < $1
        """

    static let moveAccount: StaticString = "UPDATE account_use SET at = $1 WHERE user_id = $2 AND at < $1"
}

extension [LastUse] {
    /// One for each token, in the order of their ids.
    fileprivate var latestByToken: [LastUse] {
        var latest: [Int] = []
        for place in places(by: \.token) {
            if let last = latest.last, self[last].token == self[place].token {
                if self[last].at <= self[place].at { latest[latest.count - 1] = place }
            } else {
                latest.append(place)
            }
        }
        return latest.map { self[$0] }
    }
}

extension Array {
    /// Where the elements stand that come first, second, … in the order of their keys; of equal ones as they came.
    ///
    /// Numbers are sorted, because big elements cost several times as much to move.
    func places(by key: (Element) -> some Comparable) -> [Int] {
        indices.map { (key(self[$0]), $0) }.sorted { $0 < $1 }.map(\.1)
    }
}
