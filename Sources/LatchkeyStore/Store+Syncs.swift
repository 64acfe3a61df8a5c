public import LatchkeyCore

/// What is told of directories' syncs.
extension Transaction {
    /// The newest runs first; of one directory where it is given.
    public func syncRuns(of directory: ID<User>? = nil, limit: Int) throws(Refusal) -> [SyncRun] {
        let condition: SQL = directory.map { "directory_id = \($0)" } ?? "TRUE"
        return try all(
            """
            SELECT directory_id, token_id, began_at, last_at, \(SyncCounts.columns) FROM directory_sync
            WHERE \(condition) ORDER BY last_at DESC, token_id DESC LIMIT \(limit)
            """
        ) { row in
            SyncRun(
                directory: row.id(0), token: row.id(1), from: row.time(2), until: row.time(3),
                counts: SyncCounts(row, at: 4))
        }
    }

    /// The latest first.
    public func syncFaults(of directory: ID<User>? = nil, limit: Int) throws(Refusal) -> [SyncFault] {
        let condition: SQL = directory.map { "directory_id = \($0)" } ?? "TRUE"
        return try all(
            """
            SELECT directory_id, token_id, operation, status, detail, subject, faults, first_at, last_at
            FROM directory_fault WHERE \(condition) ORDER BY last_at DESC, directory_id, operation, detail
            LIMIT \(limit)
            """
        ) { row in
            SyncFault(
                directory: row.id(0), token: row.id(1), operation: row.text(2), status: Int(row.int(3)),
                detail: row.text(4), subject: row.text(5), count: Int(row.int(6)), first: row.time(7),
                last: row.time(8))
        }
    }
}

extension WriteTransaction {
    /// To the run that the token is in, or to a new one after a pause.
    func add(_ work: SyncWork) throws(Refusal) {
        let counts = work.counts
        let changed = try run(
            """
            UPDATE directory_sync SET last_at = \(work.at),
                people_created = people_created + \(counts.peopleCreated),
                people_updated = people_updated + \(counts.peopleUpdated),
                people_deactivated = people_deactivated + \(counts.peopleDeactivated),
                people_reactivated = people_reactivated + \(counts.peopleReactivated),
                people_deleted = people_deleted + \(counts.peopleDeleted),
                groups_created = groups_created + \(counts.groupsCreated),
                groups_updated = groups_updated + \(counts.groupsUpdated),
                groups_deleted = groups_deleted + \(counts.groupsDeleted),
                members_added = members_added + \(counts.membersAdded),
                members_removed = members_removed + \(counts.membersRemoved)
            WHERE token_id = \(work.token) AND last_at >= \(work.at - SyncRun.longestPause) AND began_at = (
                SELECT MAX(began_at) FROM directory_sync WHERE token_id = \(work.token))
            """)
        if changed == 0 { try begin(work) }
    }

    private func begin(_ work: SyncWork) throws(Refusal) {
        let counts = work.counts
        try run(
            """
            INSERT INTO directory_sync (token_id, began_at, directory_id, last_at, \(SyncCounts.columns))
            VALUES (\(work.token), \(work.at), \(work.directory), \(work.at), \(counts.peopleCreated),
                \(counts.peopleUpdated), \(counts.peopleDeactivated), \(counts.peopleReactivated),
                \(counts.peopleDeleted), \(counts.groupsCreated), \(counts.groupsUpdated), \(counts.groupsDeleted),
                \(counts.membersAdded), \(counts.membersRemoved))
            """)
    }

    /// Alike faults are one row; of many unlike ones the oldest go.
    func add(_ fault: SyncFault) throws(Refusal) {
        try run(
            """
            INSERT INTO directory_fault (directory_id, operation, status, detail, token_id, subject, faults, first_at,
                last_at)
            VALUES (\(fault.directory), \(fault.operation), \(fault.status), \(fault.detail), \(fault.token),
                \(fault.subject), 1, \(fault.last), \(fault.last))
            ON CONFLICT (directory_id, operation, status, detail) DO UPDATE SET faults = directory_fault.faults + 1,
                token_id = excluded.token_id, subject = excluded.subject, last_at = excluded.last_at
            """)
        try run(
            """
            DELETE FROM directory_fault WHERE directory_id = \(fault.directory) AND last_at < (
                SELECT last_at FROM directory_fault WHERE directory_id = \(fault.directory)
                ORDER BY last_at DESC LIMIT 1 OFFSET \(SyncFault.mostKept - 1))
            """)
    }
}

extension SyncCounts {
    static let columns: SQL = """
        people_created, people_updated, people_deactivated, people_reactivated, people_deleted, groups_created,
        groups_updated, groups_deleted, members_added, members_removed
        """

    init(_ row: Row, at start: Int32) {
        self.init()
        func count(_ place: Int32) -> Int { Int(row.int(start + place)) }
        peopleCreated = count(0)
        peopleUpdated = count(1)
        peopleDeactivated = count(2)
        peopleReactivated = count(3)
        peopleDeleted = count(4)
        groupsCreated = count(5)
        groupsUpdated = count(6)
        groupsDeleted = count(7)
        membersAdded = count(8)
        membersRemoved = count(9)
    }
}
