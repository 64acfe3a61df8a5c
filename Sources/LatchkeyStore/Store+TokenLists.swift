public import LatchkeyCore

extension Transaction {
    /// A token with the people around it; deleted ones too.
    public func tokenDetail(_ id: ID<Token>) throws(Refusal) -> TokenSummary? {
        try summaries(of: [id]).first
    }

    public func tokens(_ filter: TokenFilter, _ page: PageRequest) throws(Refusal) -> Page<TokenSummary> {
        let total = try tokenCount(filter)
        let listing = TokenListing(filter, overdue: try overdueTokens(filter).map(\.id), matches: total)
        let ids = try ids(listing, ListSpan(page, total: total))
        return Page(items: try summaries(of: ids), total: total, request: page)
    }

    /// For lists without page numbers.
    public func tokens(_ filter: TokenFilter, limit: Int, offset: Int = 0) throws(Refusal) -> [TokenSummary] {
        let matches = filter.name == nil ? nil : try rowCount(filter)
        let listing = TokenListing(filter, overdue: try overdueTokens(filter).map(\.id), matches: matches)
        return try summaries(of: try ids(listing, ListSpan(limit: limit, offset: offset)))
    }

    /// Counted row by row; ``tokenCount(_:)`` knows better where it can.
    func rowCount(_ filter: TokenFilter) throws(Refusal) -> Int {
        let listing = TokenListing(counting: filter, overdue: try overdueTokens(filter).map(\.id))
        return Int(try number("SELECT COUNT(*) FROM \(listing.source) WHERE \(listing.conditions)"))
    }

    /// From an index alone; the rows around them are read for these, not for all that were passed over.
    private func ids(_ listing: TokenListing, _ span: ListSpan) throws(Refusal) -> [ID<Token>] {
        guard span.limit > 0 else { return [] }
        let ids: [ID<Token>] = try all(
            """
            SELECT \(listing.id) FROM \(listing.source) WHERE \(listing.conditions)
            ORDER BY \(listing.order(isTurned: span.isFromEnd)) LIMIT \(span.limit) OFFSET \(span.offset)
            """
        ) { row in row.id(0) }
        return span.inOrder(ids)
    }

    /// In the order of the ids.
    private func summaries(of ids: [ID<Token>]) throws(Refusal) -> [TokenSummary] {
        var found: [ID<Token>: TokenSummary] = [:]
        for part in ids.parts(of: 256) {
            let summaries = try all(
                """
                SELECT \(Token.columns), l.at, l.address, l.agent, l.route,
                    \(UserReference.columns(of: .owner)), \(UserReference.columns(of: .creator)),
                    \(UserReference.columns(of: .revoker))
                FROM token t JOIN token_use l ON l.token_id = t.id
                JOIN user_account o ON o.id = t.owner_id LEFT JOIN user_account c ON c.id = t.created_by
                LEFT JOIN user_account r ON r.id = t.revoked_by
                WHERE t.id \(in: part)
                """, TokenSummary.read)
            for summary in summaries { found[summary.token.id] = summary }
        }
        return ids.compactMap { found[$0] }
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
