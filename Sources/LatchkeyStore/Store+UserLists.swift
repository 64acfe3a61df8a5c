public import LatchkeyCore

extension Transaction {
    /// - Parameter now: at which moment tokens are counted as active.
    public func userSummary(_ id: ID<User>, at now: Timestamp) throws(Refusal) -> UserSummary? {
        try summaries("WHERE u.id = \(id)", at: now).first
    }

    public func users(
        _ filter: UserFilter, _ page: PageRequest, at now: Timestamp
    ) throws(Refusal) -> Page<UserSummary> {
        let team = try teamPart(filter)
        let total = try userCount(filter, in: team)
        let listing = UserListing(filter, in: team, matches: total)
        let ids = try ids(listing, ListSpan(page, total: total))
        let found = try summaries("WHERE u.id \(in: ids)", at: now)
        let byID = Dictionary(found.map { ($0.user.id, $0) }, uniquingKeysWith: { first, _ in first })
        return Page(items: ids.compactMap { byID[$0] }, total: total, request: page)
    }

    public func userCount(_ filter: UserFilter) throws(Refusal) -> Int {
        try userCount(filter, in: try teamPart(filter))
    }

    private func userCount(_ filter: UserFilter, in team: UserListing.TeamPart?) throws(Refusal) -> Int {
        let listing = UserListing(counting: filter, in: team)
        return Int(try number("SELECT COUNT(*) FROM \(listing.source) WHERE \(listing.conditions)"))
    }

    /// From an index; names, teams and counts are read for these, not for all that were passed over.
    private func ids(_ listing: UserListing, _ span: ListSpan) throws(Refusal) -> [ID<User>] {
        guard span.limit > 0 else { return [] }
        let ids: [ID<User>] = try all(
            """
            SELECT u.id FROM \(listing.source) WHERE \(listing.conditions)
            ORDER BY \(listing.order(isTurned: span.isFromEnd)) LIMIT \(span.limit) OFFSET \(span.offset)
            """
        ) { row in row.id(0) }
        return span.inOrder(ids)
    }

    /// `nil` when no team narrows the list; `Public` has everybody and no rows.
    private func teamPart(_ filter: UserFilter) throws(Refusal) -> UserListing.TeamPart? {
        guard let name = filter.team else { return nil }
        guard let team = try team(named: name) else { return UserListing.TeamPart(id: ID(0), members: 0) }
        guard !team.isPublic else { return nil }
        let members = try number("SELECT COUNT(*) FROM team_member WHERE team_id = \(team.id)")
        return UserListing.TeamPart(id: team.id, members: Int(members))
    }

    /// Rows first, then teams and counts for just these: a page is at most 100.
    private func summaries(_ rest: SQL, at now: Timestamp) throws(Refusal) -> [UserSummary] {
        let bare = try all(
            """
            SELECT \(User.columns), l.at, \(UserReference.columns(of: .owner)),
                \(UserReference.columns(of: .creator))
            FROM user_account u JOIN account_use l ON l.user_id = u.id
            LEFT JOIN user_account o ON o.id = u.owner_id LEFT JOIN user_account c ON c.id = u.created_by
            \(rest)
            """, UserSummary.read)
        let ids = bare.map(\.user.id)
        let teams = try teamNames(of: ids)
        let everyone = try publicTeam().name
        let counts = try activeTokenCounts(of: ids, at: now)
        return bare.map { summary in
            let own = teams[summary.user.id] ?? []
            return UserSummary(
                user: summary.user, teams: [everyone] + own, lastUsed: summary.lastUsed, owner: summary.owner,
                createdBy: summary.createdBy, activeTokens: counts[summary.user.id] ?? 0)
        }
    }

    private func teamNames(of ids: [ID<User>]) throws(Refusal) -> [ID<User>: [String]] {
        var names: [ID<User>: [String]] = [:]
        try rows(
            """
            SELECT m.user_id, t.name FROM team_member m JOIN team t ON t.id = m.team_id
            WHERE m.user_id \(in: ids) ORDER BY t.name_folded, t.id
            """
        ) { row in names[row.id(0), default: []].append(row.text(1)) }
        return names
    }

    private func activeTokenCounts(of ids: [ID<User>], at now: Timestamp) throws(Refusal) -> [ID<User>: Int] {
        var counts: [ID<User>: Int] = [:]
        try rows(
            """
            SELECT t.owner_id, COUNT(*) FROM token t
            WHERE t.owner_id \(in: ids) AND \(Token.isActive(at: now)) GROUP BY t.owner_id
            """
        ) { row in counts[row.id(0)] = Int(row.int(1)) }
        return counts
    }
}

extension UserSummary {
    /// Without teams and counts, which come from queries of their own.
    fileprivate static func read(_ row: Row) throws(Refusal) -> UserSummary {
        let start = User.columnCount
        return UserSummary(
            user: try User.read(row), teams: [], lastUsed: row.timeOrNever(start),
            owner: try UserReference.read(row, at: start + 1),
            createdBy: try UserReference.read(row, at: start + 1 + UserReference.columnCount), activeTokens: 0)
    }
}
