public import LatchkeyCore

extension Transaction {
    /// A token with the people around it; deleted ones too.
    public func tokenDetail(_ id: ID<Token>) throws(Refusal) -> TokenSummary? {
        try summaries("WHERE t.id = \(id)").first
    }

    public func tokens(_ filter: TokenFilter, _ page: PageRequest) throws(Refusal) -> Page<TokenSummary> {
        let items = try tokens(filter, limit: page.size, offset: page.offset)
        return Page(items: items, total: try tokenCount(filter), request: page)
    }

    /// For lists without page numbers.
    public func tokens(_ filter: TokenFilter, limit: Int, offset: Int = 0) throws(Refusal) -> [TokenSummary] {
        try summaries(
            """
            WHERE \(Self.conditions(filter)) ORDER BY \(Self.order(filter.sorting)) LIMIT \(limit) OFFSET \(offset)
            """)
    }

    /// Counted row by row; ``tokenCount(_:)`` knows better where it can.
    func rowCount(_ filter: TokenFilter) throws(Refusal) -> Int {
        var unordered = filter
        unordered.sorting = Sorting(.created)
        let asksForUses = filter.unusedSince != nil || filter.isUsedAfterRevocation
        let uses: SQL = asksForUses ? "JOIN token_use l ON l.token_id = t.id" : ""
        return Int(try number("SELECT COUNT(*) FROM token t \(uses) WHERE \(Self.conditions(unordered))"))
    }

    private func summaries(_ rest: SQL) throws(Refusal) -> [TokenSummary] {
        try all(
            """
            SELECT \(Token.columns), l.at, l.address, l.agent, l.route,
                \(UserReference.columns(of: .owner)), \(UserReference.columns(of: .creator)),
                \(UserReference.columns(of: .revoker))
            FROM token t JOIN token_use l ON l.token_id = t.id
            JOIN user_account o ON o.id = t.owner_id LEFT JOIN user_account c ON c.id = t.created_by
            LEFT JOIN user_account r ON r.id = t.revoked_by
            \(rest)
            """, TokenSummary.read)
    }

    private static func conditions(_ filter: TokenFilter) -> SQL {
        var conditions = Self.which(filter)
        if let owner = filter.owner { conditions.append("t.owner_id = \(owner)") }
        if let name = filter.name { conditions.append("t.name_folded \(SQL.contains(name))") }
        if let scimOnly = filter.isSCIMOnly { conditions.append("t.is_scim_only = \(scimOnly)") }
        if let moment = filter.expiresFrom { conditions.append("t.expires_at >= \(moment)") }
        if filter.neverExpires { conditions.append("t.expires_at = \(Timestamp.endOfTime)") }
        if let isRevoked = filter.isRevoked {
            conditions.append(isRevoked ? "t.revoked_at IS NOT NULL" : "t.revoked_at IS NULL")
        }
        if filter.isUsedAfterRevocation { conditions.append("l.at > l.revoked_at") }
        if let moment = filter.expiresBefore { conditions.append("t.expires_at < \(moment)") }
        if let moment = filter.unusedSince { conditions.append("l.at < \(moment)") }
        if let standing = filter.standing { conditions.append(Self.condition(standing, at: filter.now)) }
        return .all(conditions)
    }

    /// Said of the table whose index gives the list's order, so that no engine is tempted by the other's: last uses
    /// have theirs, and one owner's tokens are few.
    private static func which(_ filter: TokenFilter) -> [SQL] {
        let isByUse = filter.sorting.column == .lastUsed && filter.owner == nil
        guard isByUse || filter.isUsedAfterRevocation else {
            return ["t.deleted_at IS NULL"] + (filter.type.map { ["t.token_type = \($0)"] } ?? [])
        }
        return ["l.is_deleted = 0"] + (filter.type.map { ["l.token_type = \($0)"] } ?? [])
    }

    /// ``Token/standing(at:)``, in SQL.
    private static func condition(_ standing: Standing, at now: Timestamp) -> SQL {
        switch standing {
        case .active: Token.isActive(at: now)
        case .revoked: "(t.revoked_at IS NOT NULL OR t.retires_at <= \(now))"
        case .expired:
            """
            t.revoked_at IS NULL AND (t.retires_at IS NULL OR t.retires_at > \(now)) AND t.expires_at <= \(now)
            """
        case .deleted: "t.deleted_at IS NOT NULL"
        }
    }

    private static func order(_ sorting: Sorting<TokenFilter.Column>) -> SQL {
        switch (sorting.column, sorting.descending) {
        case (.created, false): "t.created_at, t.id"
        case (.created, true): "t.created_at DESC, t.id DESC"
        case (.name, false): "t.name_folded, t.id"
        case (.name, true): "t.name_folded DESC, t.id DESC"
        case (.expiration, false): "t.expires_at, t.id"
        case (.expiration, true): "t.expires_at DESC, t.id DESC"
        case (.lastUsed, false): "l.at, l.token_id"
        case (.lastUsed, true): "l.at DESC, l.token_id DESC"
        }
    }
}

extension TokenSummary {
    fileprivate static func read(_ row: Row) throws(Refusal) -> TokenSummary {
        let token = try Token.read(row)
        let start = Token.columnCount
        let people = start + 4
        let lastUse = row.timeOrNever(start).map { moment in
            LastUse(
                token: token.id, at: moment, address: row.optionalText(start + 1),
                userAgent: row.optionalText(start + 2), route: row.text(start + 3))
        }
        return TokenSummary(
            token: token, owner: try UserReference(row, at: people),
            createdBy: try UserReference.read(row, at: people + UserReference.columnCount),
            revokedBy: try UserReference.read(row, at: people + 2 * UserReference.columnCount), lastUse: lastUse)
    }
}
