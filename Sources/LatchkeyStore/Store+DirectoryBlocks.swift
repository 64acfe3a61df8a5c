public import LatchkeyCore

/// What a directory lists.
enum DirectoryKind: String, Hashable, Sendable {
    case person, group
}

/// Finding the n-th of a hundred thousand without counting to n.
///
/// Ids are cut into blocks of a thousand and a bit, and how many each block holds of a directory's people or groups is
/// kept beside them, in the same transaction as the rows themselves. A list that begins at any place adds up the
/// blocks before it, a hundred for a hundred thousand people, and walks within one. The total is the sum of all. What
/// nobody keeps in step yet is directory 0, and everybody sees it.
extension Transaction {
    static let blockSize: Int64 = 1024

    /// How many there are that a directory sees.
    func directoryTotal(_ kind: DirectoryKind, _ directory: ID<User>) throws(Refusal) -> Int {
        Int(
            try number(
                """
                SELECT CAST(SUM(held) AS BIGINT) FROM directory_block
                WHERE kind = \(kind) AND directory_id IN (0, \(directory))
                """))
    }

    /// What each directory keeps in step, by its account; 0 stands for what none does.
    public func directoryHoldings() throws(Refusal) -> [(directory: ID<User>, people: Int, groups: Int)] {
        try all(
            """
            SELECT directory_id, CAST(SUM(CASE WHEN kind = 'person' THEN held ELSE 0 END) AS BIGINT),
                CAST(SUM(CASE WHEN kind = 'group' THEN held ELSE 0 END) AS BIGINT)
            FROM directory_block GROUP BY directory_id ORDER BY directory_id
            """
        ) { row in (row.id(0), Int(row.int(1)), Int(row.int(2))) }
    }

    /// The ids, in order, of those from the `start`-th on, the first being 1.
    func directoryIDs(
        _ kind: DirectoryKind, _ directory: ID<User>, start: Int, count: Int
    ) throws(Refusal) -> [Int64] {
        guard count > 0 else { return [] }
        var (before, first) = (start - 1, Int64(0))
        var isFound = false
        try rows(
            """
            SELECT block, CAST(SUM(held) AS BIGINT) FROM directory_block
            WHERE kind = \(kind) AND directory_id IN (0, \(directory)) GROUP BY block ORDER BY block
            """
        ) { row in
            guard !isFound else { return }
            first = row.int(0) * Self.blockSize
            isFound = before < Int(row.int(1))
            if !isFound { before -= Int(row.int(1)) }
        }
        guard isFound else { return [] }
        let wanted = before + count
        // Each directory's own index is in order; two ordered lists are merged here.
        let nobodys = try ids(kind, ID(0), from: first, limit: wanted)
        let own = try ids(kind, directory, from: first, limit: wanted)
        return Array((nobodys + own).sorted().dropFirst(before).prefix(count))
    }

    private func ids(
        _ kind: DirectoryKind, _ directory: ID<User>, from first: Int64, limit: Int
    ) throws(Refusal) -> [Int64] {
        let query: SQL =
            switch kind {
            case .person:
                """
                SELECT user_id FROM directory_person
                WHERE directory_id = \(directory) AND hidden_at IS NULL AND user_id >= \(first)
                ORDER BY user_id LIMIT \(limit)
                """
            case .group:
                """
                SELECT team_id FROM directory_group WHERE directory_id = \(directory) AND team_id >= \(first)
                ORDER BY team_id LIMIT \(limit)
                """
            }
        return try all(query) { row in row.int(0) }
    }
}

extension WriteTransaction {
    /// All people and groups of a directory become nobody's, for another directory to take over.
    func releaseDirectory(_ directory: ID<User>) throws(Refusal) {
        let bare = try peopleWithoutAttributes(in: directory)
        try run(
            """
            UPDATE directory_person SET directory_id = 0, external_id = NULL
            WHERE directory_id = \(directory) AND hidden_at IS NULL
            """)
        try run("UPDATE directory_group SET directory_id = 0, external_id = NULL WHERE directory_id = \(directory)")
        try run(
            """
            INSERT INTO directory_block (kind, directory_id, block, held)
            SELECT kind, 0, block, held FROM directory_block WHERE directory_id = \(directory)
            ON CONFLICT (kind, directory_id, block) DO UPDATE SET held = directory_block.held + excluded.held
            """)
        try run("DELETE FROM directory_block WHERE directory_id = \(directory)")
        for user in bare { try updateFound(byAccount: user) }
    }

    /// Of whom the directory keeps nothing: they show what the account knows once it has let them go.
    private func peopleWithoutAttributes(in directory: ID<User>) throws(Refusal) -> [User] {
        try all(
            """
            SELECT \(User.columns) FROM directory_person p JOIN user_account u ON u.id = p.user_id
            WHERE p.directory_id = \(directory) AND p.attributes = '{}' AND p.hidden_at IS NULL ORDER BY p.user_id
            """, User.read)
    }

    private func updateFound(byAccount user: User) throws(Refusal) {
        try run(
            "UPDATE directory_person SET display_name_folded = \(user.name.folded) WHERE user_id = \(user.id)")
        try updateAddresses(ofUntouched: user)
    }

    /// Moves one from a directory's block to another's; `nil` for nowhere.
    func moveInBlocks(
        _ kind: DirectoryKind, _ id: Int64, from old: ID<User>?, to new: ID<User>?
    ) throws(Refusal) {
        guard old != new else { return }
        if let old { try count(kind, id, in: old, -1) }
        if let new { try count(kind, id, in: new, 1) }
    }

    private func count(_ kind: DirectoryKind, _ id: Int64, in directory: ID<User>, _ step: Int) throws(Refusal) {
        let block = id / Self.blockSize
        let changed = try run(
            """
            UPDATE directory_block SET held = held + \(step)
            WHERE kind = \(kind) AND directory_id = \(directory) AND block = \(block)
            """)
        guard changed == 0 else { return }
        try run(
            """
            INSERT INTO directory_block (kind, directory_id, block, held)
            VALUES (\(kind), \(directory), \(block), \(step))
            """)
    }
}
