public import LatchkeyCore

/// Teams as directories see them.
extension Transaction {
    /// Without its members. `nil` too for what is out of the directory's reach: `Public`, other directories' teams.
    public func group(_ id: ID<Team>, in directory: ID<User>) throws(Refusal) -> Group? {
        try groups([id], in: directory).first
    }

    public func groups(_ ids: [ID<Team>], in directory: ID<User>) throws(Refusal) -> [Group] {
        var groups: [Group] = []
        for part in ids.parts(of: 256) {
            groups += try all(
                """
                SELECT \(Group.columns) FROM directory_group g JOIN team t ON t.id = g.team_id
                WHERE g.team_id \(in: part) AND g.directory_id IN (0, \(directory)) ORDER BY g.team_id
                """, Group.read)
        }
        return groups
    }

    public func groupID(externalID: String, in directory: ID<User>) throws(Refusal) -> ID<Team>? {
        try first(
            "SELECT team_id FROM directory_group WHERE directory_id = \(directory) AND external_id = \(externalID)"
        ) { row in row.id(0) }
    }

    /// The members that the directory sees, by id; of `among` alone, where that is given.
    public func visibleMembers(
        of team: ID<Team>, in directory: ID<User>, among ids: Set<ID<User>>? = nil
    ) throws(Refusal) -> [ID<User>] {
        guard let ids else { return try visibleMembers(of: team, in: directory, "TRUE") }
        var members: [ID<User>] = []
        for part in ids.sorted().parts(of: 256) {
            members += try visibleMembers(of: team, in: directory, "m.user_id \(in: part)")
        }
        return members
    }

    private func visibleMembers(
        of team: ID<Team>, in directory: ID<User>, _ condition: SQL
    ) throws(Refusal) -> [ID<User>] {
        try all(
            """
            SELECT m.user_id FROM team_member m JOIN directory_person p ON p.user_id = m.user_id
            WHERE m.team_id = \(team) AND \(condition) AND \(Person.isVisible(to: directory)) ORDER BY m.user_id
            """
        ) { row in row.id(0) }
    }

    /// How many members a directory does not see: service users, break-glass Admins, other directories' people.
    public func otherMemberCount(of team: ID<Team>, in directory: ID<User>) throws(Refusal) -> Int {
        Int(
            try number(
                """
                SELECT COUNT(*) FROM team_member m WHERE m.team_id = \(team) AND NOT EXISTS (
                    SELECT 1 FROM directory_person p
                    WHERE p.user_id = m.user_id AND \(Person.isVisible(to: directory)))
                """))
    }
}

extension WriteTransaction {
    func insertEntry(of team: Team) throws(Refusal) {
        try run(
            """
            INSERT INTO directory_group (team_id, directory_id, revision, changed_at)
            VALUES (\(team.id), 0, 1, \(team.createdAt))
            """)
        try moveInBlocks(.group, team.id.value, from: nil, to: ID(0))
    }

    func set(_ entry: GroupEntry) throws(Refusal) {
        guard let old = try directory(of: entry.team) else { throw .notFound("team") }
        try run(
            """
            UPDATE directory_group SET directory_id = \(entry.directory ?? ID(0)), external_id = \(entry.externalID)
            WHERE team_id = \(entry.team)
            """)
        try moveInBlocks(.group, entry.team.value, from: old, to: entry.directory ?? ID(0))
    }

    func deleteEntry(of team: ID<Team>) throws(Refusal) {
        guard let old = try directory(of: team) else { return }
        try run("DELETE FROM directory_group WHERE team_id = \(team)")
        try moveInBlocks(.group, team.value, from: old, to: nil)
    }

    private func directory(of team: ID<Team>) throws(Refusal) -> ID<User>? {
        try first("SELECT directory_id FROM directory_group WHERE team_id = \(team)") { row in row.id(0) }
    }

    /// Each team that a decision changes, in itself or in who is in it, is a new version to a directory: once a
    /// decision, however many join.
    func touchGroups(of changes: [Change], at now: Timestamp) throws(Refusal) {
        for team in Set(changes.compactMap(\.touchedTeam)).sorted() {
            try run(
                """
                UPDATE directory_group SET revision = revision + 1, changed_at = \(now.wholeSecond)
                WHERE team_id = \(team)
                """)
        }
    }
}

extension Change {
    fileprivate var touchedTeam: ID<Team>? {
        switch self {
        case .addMember(_, let team), .removeMember(_, let team): team
        case .updateTeam(let team): team.id
        case .setGroupEntry(let entry): entry.team
        default: nil
        }
    }
}

extension Group {
    static let columns: SQL = "\(Team.columns), g.directory_id, g.external_id, g.revision, g.changed_at"

    static func read(_ row: Row) throws(Refusal) -> Group {
        let start = Team.columnCount
        let team = try Team.read(row)
        let directory: ID<User> = row.id(start)
        return Group(
            team: team,
            entry: GroupEntry(
                team: team.id, directory: directory == ID(0) ? nil : directory,
                externalID: row.optionalText(start + 1), revision: row.int(start + 2), changedAt: row.time(start + 3)))
    }
}
