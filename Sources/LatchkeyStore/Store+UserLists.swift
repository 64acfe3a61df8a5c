public import LatchkeyCore

extension Transaction {
    /// - Parameter now: at which moment tokens are counted as active.
    public func userSummary(_ id: ID<User>, at now: Timestamp) throws(Refusal) -> UserSummary? {
        try summaries("WHERE u.id = \(id)", at: now).first
    }

    public func users(
        _ filter: UserFilter, _ page: PageRequest, at now: Timestamp
    ) throws(Refusal) -> Page<UserSummary> {
        let conditions = try conditions(filter)
        let items = try summaries(
            """
            WHERE \(conditions) ORDER BY \(Self.order(filter.sorting)) LIMIT \(page.size) OFFSET \(page.offset)
            """, at: now)
        return Page(items: items, total: try userCount(filter), request: page)
    }

    public func userCount(_ filter: UserFilter) throws(Refusal) -> Int {
        Int(try number("SELECT COUNT(*) FROM user_account u WHERE \(try conditions(filter))"))
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

    private func conditions(_ filter: UserFilter) throws(Refusal) -> SQL {
        var conditions: [SQL] = []
        if !filter.includeDeleted { conditions.append("u.deactivated_at IS NULL") }
        if let type = filter.type { conditions.append("u.user_type = \(type)") }
        if let role = filter.role { conditions.append("u.role_rank = \(role.rank)") }
        if filter.lacksOwner { conditions.append("u.owner_id IS NULL") }
        if filter.isOrphaned {
            conditions.append(
                "u.owner_id IN (SELECT d.id FROM user_account d WHERE d.deactivated_at IS NOT NULL)")
        }
        if filter.lacksPurpose { conditions.append("u.purpose IS NULL") }
        if let name = filter.name { conditions.append("u.name_folded \(SQL.contains(name))") }
        if let name = filter.team {
            // An unknown team has no members; `Public` has everybody and no rows.
            let team = try team(named: name)
            if team?.isPublic != true {
                let id = team?.id ?? ID(0)
                conditions.append("u.id IN (SELECT user_id FROM team_member WHERE team_id = \(id))")
            }
        }
        return .all(conditions)
    }

    /// Beside `Public`, which everybody is in.
    private static let teamCount: SQL = "(SELECT COUNT(*) FROM team_member m WHERE m.user_id = u.id)"

    private static func order(_ sorting: Sorting<UserFilter.Column>) -> SQL {
        switch (sorting.column, sorting.descending) {
        case (.name, false): "u.name_folded, u.id"
        case (.name, true): "u.name_folded DESC, u.id DESC"
        case (.created, false): "u.created_at, u.id"
        case (.created, true): "u.created_at DESC, u.id DESC"
        case (.role, false): "u.role_rank, u.id"
        case (.role, true): "u.role_rank DESC, u.id DESC"
        case (.teams, false): "\(teamCount), u.name_folded, u.id"
        case (.teams, true): "\(teamCount) DESC, u.name_folded, u.id"
        case (.type, false): "u.user_type, u.id"
        case (.type, true): "u.user_type DESC, u.id DESC"
        case (.lastLogin, false): "u.last_login_at, u.id"
        case (.lastLogin, true): "u.last_login_at DESC, u.id DESC"
        case (.lastUsed, false): "l.at, l.user_id"
        case (.lastUsed, true): "l.at DESC, l.user_id DESC"
        }
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

extension SQL {
    /// `LIKE` with the text anywhere, compared folded; its own `%` and `_` stand for themselves.
    static func contains(_ part: String) -> SQL {
        var pattern = "%"
        for character in part.folded {
            if character == "%" || character == "_" || character == "\\" { pattern.append("\\") }
            pattern.append(character)
        }
        pattern.append("%")
        return "LIKE \(pattern) ESCAPE '\\'"
    }
}
