import LatchkeyCore

extension WriteTransaction {
    /// The row that each token has from the start: lists walk the index of last uses, and find it there.
    func insertUse(of token: Token) throws(Refusal) {
        try run(
            """
            INSERT INTO token_use (token_id, owner_id, token_type, is_deleted, at, expires_at, revoked_at)
            VALUES (\(token.id), \(token.owner), \(token.type), \(token.deletedAt != nil), \(Timestamp.never),
                \(token.expiresAt ?? .endOfTime), \(token.revocation?.at))
            """)
    }

    func insertUse(of user: User) throws(Refusal) {
        try run("INSERT INTO account_use (user_id, at) VALUES (\(user.id), \(Timestamp.never))")
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
    func move(_ uses: [LastUse]) throws(Refusal) {
        var owners: [ID<User>: Timestamp] = [:]
        for part in uses.latestByToken.parts(ofSizes: Self.rowsInStatement) {
            let values = part.map { use in
                [
                    use.token.sqlValue, use.at.sqlValue, use.address?.sqlValue ?? .null,
                    use.userAgent?.sqlValue ?? .null, use.route.sqlValue,
                ]
            }
            try rows(
                """
                UPDATE token_use SET at = v.column2, address = v.column3, agent = v.column4, route = v.column5
                FROM (VALUES \(rows: values)) AS v
                WHERE token_use.token_id = v.column1 AND token_use.at < v.column2
                RETURNING token_use.owner_id, token_use.at
                """
            ) { row in
                let (owner, at): (ID<User>, Timestamp) = (row.id(0), row.time(1))
                owners[owner] = max(owners[owner] ?? at, at)
            }
        }
        try move(owners)
    }

    /// So many sizes of statement there are, and no more, that all of them stay prepared.
    private static let rowsInStatement = [512, 64, 8, 1]

    private func move(_ owners: [ID<User>: Timestamp]) throws(Refusal) {
        let inOrder = owners.sorted { $0.key < $1.key }.map { [$0.sqlValue, $1.sqlValue] }
        for part in inOrder.parts(ofSizes: Self.rowsInStatement) {
            try run(
                """
                UPDATE account_use SET at = v.column2 FROM (VALUES \(rows: Array(part))) AS v
                WHERE account_use.user_id = v.column1 AND account_use.at < v.column2
                """)
        }
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
    fileprivate func parts(ofSizes sizes: [Int]) -> [ArraySlice<Element>] {
        var (parts, rest): ([ArraySlice<Element>], ArraySlice<Element>) = ([], self[...])
        for size in sizes {
            while rest.count >= size {
                parts.append(rest.prefix(size))
                rest = rest.dropFirst(size)
            }
        }
        return parts
    }
}
