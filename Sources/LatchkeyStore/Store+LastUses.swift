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

    /// Never backwards: several nodes may report in any order. An owner moves once, however many its tokens.
    ///
    /// In the order of their ids, because neighbours lie on one page, and many in one statement, because each costs
    /// PostgreSQL a round trip.
    ///
    /// - Parameter isListed: whether lists and counts follow at once, which moves entries of indexes.
    func move(_ uses: [LastUse], isListed: Bool) throws(Refusal) {
        var owners: [ID<User>: Timestamp] = [:]
        for part in uses.latestByToken.parts(ofSizes: Self.rowsInStatement) {
            try rows(isListed ? .listUses(part) : .moveUses(part)) { row in
                let (owner, at): (ID<User>, Timestamp) = (row.id(0), row.time(1))
                owners[owner] = max(owners[owner] ?? at, at)
            }
        }
        for part in owners.sorted(by: { $0.key < $1.key }).parts(ofSizes: Self.rowsInStatement) {
            try run(isListed ? .listOwners(part) : .moveOwners(part))
        }
    }

    /// So many sizes of statement there are, and no more, that all of them stay prepared.
    private static let rowsInStatement = [512, 64, 8, 1]

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

extension [LastUse] {
    /// One for each token, in the order of their ids.
    fileprivate var latestByToken: [LastUse] {
        let sorted = sorted { ($0.token, $0.at) < ($1.token, $1.at) }
        return sorted.indices.filter { place in
            place + 1 == sorted.count || sorted[place + 1].token != sorted[place].token
        }.map { sorted[$0] }
    }
}

extension Array {
    /// As few parts as can be made of these sizes, which go down to 1.
    fileprivate func parts(ofSizes sizes: [Int]) -> [[Element]] {
        var (parts, rest): ([[Element]], ArraySlice<Element>) = ([], self[...])
        for size in sizes {
            while rest.count >= size {
                parts.append(Array(rest.prefix(size)))
                rest = rest.dropFirst(size)
            }
        }
        return parts
    }
}
