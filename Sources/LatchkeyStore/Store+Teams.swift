public import LatchkeyCore

extension Transaction {
    public func team(_ id: ID<Team>) throws(Refusal) -> Team? {
        try first("SELECT \(Team.columns) FROM team t WHERE t.id = \(id)", Team.read)
    }

    /// Names are unique when folded, and are found so too.
    public func team(named name: String) throws(Refusal) -> Team? {
        try first("SELECT \(Team.columns) FROM team t WHERE t.name_folded = \(name.folded)", Team.read)
    }

    /// The team that holds everyone. The first migration makes it and nothing removes it.
    public func publicTeam() throws(Refusal) -> Team {
        let team = try first("SELECT \(Team.columns) FROM team t WHERE t.is_public = 1", Team.read)
        guard let team else { throw Failure(storage: "The database has lost its team Public.").refusal }
        return team
    }

    /// Without `Public`, whose members are not kept.
    public func members(of team: ID<Team>) throws(Refusal) -> [ID<User>] {
        try all("SELECT user_id FROM team_member WHERE team_id = \(team) ORDER BY user_id") { row in row.id(0) }
    }

    /// `Public` first, then by name.
    public func teams(of user: ID<User>) throws(Refusal) -> [Team] {
        try all(
            """
            SELECT \(Team.columns) FROM team t
            WHERE t.is_public = 1 OR t.id IN (SELECT team_id FROM team_member WHERE user_id = \(user))
            ORDER BY t.is_public DESC, t.name_folded, t.id
            """, Team.read)
    }

    public func teamSummary(_ id: ID<Team>) throws(Refusal) -> TeamSummary? {
        try summaries("WHERE t.id = \(id)").first
    }

    public func teams(_ filter: TeamFilter, _ page: PageRequest) throws(Refusal) -> Page<TeamSummary> {
        let condition: SQL = filter.name.map { "t.name_folded \(SQL.contains($0))" } ?? "TRUE"
        let total = try number("SELECT COUNT(*) FROM team t WHERE \(condition)")
        let items = try summaries(
            """
            WHERE \(condition) ORDER BY \(Self.order(filter.sorting)) LIMIT \(page.size) OFFSET \(page.offset)
            """)
        return Page(items: items, total: Int(total), request: page)
    }

    /// All teams in short, `Public` first, then by name.
    ///
    /// - Parameters:
    ///   - users: only teams that hold one of these users; `Public` holds them all. `nil` for every team.
    ///   - permission: only teams of this permission.
    public func teamListing(
        users: [ID<User>]? = nil, permission: TeamPermission? = nil
    ) throws(Refusal) -> [Team] {
        var conditions: [SQL] = []
        if let users {
            conditions.append(
                "(t.is_public = 1 OR t.id IN (SELECT team_id FROM team_member WHERE user_id \(in: users)))")
        }
        if let permission { conditions.append("t.permission = \(permission)") }
        return try all(
            """
            SELECT \(Team.columns) FROM team t WHERE \(SQL.all(conditions))
            ORDER BY t.is_public DESC, t.name_folded, t.id
            """, Team.read)
    }

    private func summaries(_ rest: SQL) throws(Refusal) -> [TeamSummary] {
        let bare = try all(
            """
            SELECT \(Team.columns), \(UserReference.columns(of: .creator))
            FROM team t LEFT JOIN user_account c ON c.id = t.created_by \(rest)
            """
        ) { row throws(Refusal) in (try Team.read(row), try UserReference.read(row, at: Team.columnCount)) }
        var summaries: [TeamSummary] = []
        for (team, creator) in bare {
            summaries.append(
                TeamSummary(
                    team: team, users: try members(of: team.id), resources: try resources(of: team.id),
                    createdBy: creator))
        }
        return summaries
    }

    private static func order(_ sorting: Sorting<TeamFilter.Column>) -> SQL {
        switch (sorting.column, sorting.descending) {
        case (.name, false): "t.name_folded, t.id"
        case (.name, true): "t.name_folded DESC, t.id DESC"
        case (.created, false): "t.created_at, t.id"
        case (.created, true): "t.created_at DESC, t.id DESC"
        }
    }
}

extension WriteTransaction {
    func insert(_ team: Team) throws(Refusal) {
        try run(
            """
            INSERT INTO team (id, name, name_folded, description, permission, is_public, created_at, created_by,
                version)
            VALUES (\(team.id), \(team.name), \(team.name.folded), \(team.description), \(team.permission),
                \(team.isPublic), \(team.createdAt), \(team.createdBy), \(team.version))
            """)
        if !team.isPublic { try insertEntry(of: team) }
    }

    func update(_ team: Team) throws(Refusal) {
        let changed = try run(
            """
            UPDATE team SET name = \(team.name), name_folded = \(team.name.folded),
                description = \(team.description), permission = \(team.permission), version = \(team.version)
            WHERE id = \(team.id) AND version = \(team.version - 1)
            """)
        try requireOne(changed, "team")
    }

    func deleteTeam(_ id: ID<Team>) throws(Refusal) {
        try run(
            """
            UPDATE user_account SET teams = teams - 1
            WHERE id IN (SELECT user_id FROM team_member WHERE team_id = \(id))
            """)
        try run("DELETE FROM team_member WHERE team_id = \(id)")
        try run("DELETE FROM team_resource WHERE team_id = \(id)")
        try deleteEntry(of: id)
        try requireOne(try run("DELETE FROM team WHERE id = \(id) AND is_public = 0"), "team")
    }

    func addMember(_ user: ID<User>, to team: ID<Team>) throws(Refusal) {
        let added = try run(
            "INSERT INTO team_member (team_id, user_id) VALUES (\(team), \(user)) ON CONFLICT DO NOTHING")
        if added > 0 { try run("UPDATE user_account SET teams = teams + 1 WHERE id = \(user)") }
    }

    func removeMember(_ user: ID<User>, from team: ID<Team>) throws(Refusal) {
        let removed = try run("DELETE FROM team_member WHERE team_id = \(team) AND user_id = \(user)")
        if removed > 0 { try run("UPDATE user_account SET teams = teams - 1 WHERE id = \(user)") }
    }
}

extension Team {
    static let columns: SQL = """
        t.id, t.name, t.description, t.permission, t.is_public, t.created_at, t.created_by, t.version
        """
    static let columnCount: Int32 = 8

    static func read(_ row: Row) throws(Refusal) -> Team {
        Team(
            id: row.id(0), name: row.text(1), description: row.text(2), permission: try row.word(3),
            isPublic: row.flag(4), createdAt: row.time(5), createdBy: row.optionalID(6), version: row.int(7))
    }
}

/// Teams to choose from.
extension Transaction {
    /// By name, without `Public`, which nobody chooses.
    ///
    /// - Parameter text: a part of the name; all teams without it.
    /// - Returns: the first of them, and how many there are.
    public func teams(holding text: String?, limit: Int) throws(Refusal) -> (first: [Team], total: Int) {
        let held: SQL = text.map { "AND t.name_folded \(SQL.contains($0))" } ?? ""
        let first = try all(
            """
            SELECT \(Team.columns) FROM team t WHERE t.is_public = 0 \(held)
            ORDER BY t.name_folded, t.id LIMIT \(limit)
            """, Team.read)
        let total = try number("SELECT COUNT(*) FROM team t WHERE t.is_public = 0 \(held)")
        return (first, Int(total))
    }
}
