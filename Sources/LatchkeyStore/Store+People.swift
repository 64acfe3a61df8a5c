public import LatchkeyCore

/// People as directories see them.
extension Transaction {
    /// `nil` too for who is out of the directory's reach: service users, break-glass Admins, others' people.
    public func person(_ id: ID<User>, in directory: ID<User>) throws(Refusal) -> Person? {
        try people([id], in: directory).first
    }

    /// Those of these that the directory sees, by id.
    public func people(_ ids: [ID<User>], in directory: ID<User>) throws(Refusal) -> [Person] {
        var people: [Person] = []
        for part in ids.parts(of: 256) {
            people += try all(
                """
                SELECT \(Person.columns) FROM directory_person p JOIN user_account u ON u.id = p.user_id
                WHERE p.user_id \(in: part) AND \(Person.isVisible(to: directory)) ORDER BY p.user_id
                """, Person.read)
        }
        return try withGroups(people, in: directory)
    }

    /// Whose user name this is, whoever they are; `nil` for who was deleted. Names are compared folded.
    public func accountID(userName: String) throws(Refusal) -> ID<User>? {
        try first(
            "SELECT user_id FROM directory_person WHERE user_name_folded = \(userName.folded) AND hidden_at IS NULL"
        ) { row in row.id(0) }
    }

    public func personID(externalID: String, in directory: ID<User>) throws(Refusal) -> ID<User>? {
        try first(
            """
            SELECT user_id FROM directory_person
            WHERE directory_id = \(directory) AND external_id = \(externalID) AND hidden_at IS NULL
            """
        ) { row in row.id(0) }
    }

    /// Those of these that the directory may make members; the others are as if they were not there.
    public func visiblePeople(
        _ ids: some Collection<ID<User>>, in directory: ID<User>
    ) throws(Refusal) -> Set<ID<User>> {
        var found: Set<ID<User>> = []
        for part in Array(ids).parts(of: 256) {
            try rows(
                """
                SELECT p.user_id FROM directory_person p
                WHERE p.user_id \(in: part) AND \(Person.isVisible(to: directory))
                """
            ) { row in found.insert(row.id(0)) }
        }
        return found
    }

    func withGroups(_ people: [Person], in directory: ID<User>) throws(Refusal) -> [Person] {
        var groups: [ID<User>: [GroupReference]] = [:]
        for part in people.map(\.user.id).parts(of: 256) {
            try rows(
                """
                SELECT m.user_id, t.id, t.name FROM team_member m JOIN team t ON t.id = m.team_id
                JOIN directory_group g ON g.team_id = t.id
                WHERE m.user_id \(in: part) AND +g.directory_id IN (0, \(directory)) ORDER BY m.user_id, t.id
                """
            ) { row in groups[row.id(0), default: []].append(GroupReference(id: row.id(1), name: row.text(2))) }
        }
        return people.map { Person(user: $0.user, entry: $0.entry, groups: groups[$0.user.id] ?? []) }
    }

    /// People who were there before directories were.
    func peopleWithoutEntry() throws(Refusal) -> [User] {
        try all(
            """
            SELECT \(User.columns) FROM user_account u
            WHERE u.user_type = 'Human' AND u.is_break_glass = 0
                AND NOT EXISTS (SELECT 1 FROM directory_person p WHERE p.user_id = u.id) ORDER BY u.id
            """, User.read)
    }
}

extension WriteTransaction {
    /// Every person but a break-glass Admin has an entry from the first moment on, in nobody's directory.
    func insertEntry(of user: User) throws(Refusal) {
        try run(
            """
            INSERT INTO directory_person (user_id, directory_id, user_name_folded, display_name_folded, attributes,
                changed_at)
            VALUES (\(user.id), 0, \(user.userName.folded), \(user.name.folded), '{}', \(user.createdAt))
            """)
        try moveInBlocks(.person, user.id.value, from: nil, to: ID(0))
        try setAddresses(of: user.id, user.addresses)
    }

    func updateEntry(of user: User, at now: Timestamp) throws(Refusal) {
        try run(
            """
            UPDATE directory_person SET user_name_folded = \(user.userName.folded), changed_at = \(now.wholeSecond),
                display_name_folded = CASE WHEN directory_id = 0 AND attributes = '{}' THEN \(user.name.folded)
                    ELSE display_name_folded END
            WHERE user_id = \(user.id)
            """)
        try updateAddresses(ofUntouched: user)
    }

    func set(_ entry: PersonEntry) throws(Refusal) {
        let old: (directory: ID<User>, isHidden: Bool)? = try first(
            "SELECT directory_id, hidden_at FROM directory_person WHERE user_id = \(entry.user)"
        ) { row in (row.id(0), !row.isNull(1)) }
        guard let old else { throw .notFound("user") }
        let shown = entry.attributes[DirectoryAttribute.displayName]?.text ?? ""
        try run(
            """
            UPDATE directory_person SET directory_id = \(entry.directory ?? ID(0)),
                external_id = \(entry.externalID), display_name_folded = \(shown.folded),
                attributes = \(AttributeValue.object(entry.attributes).storedText),
                changed_at = \(entry.changedAt), hidden_at = \(entry.hiddenAt)
            WHERE user_id = \(entry.user)
            """)
        try moveInBlocks(
            .person, entry.user.value, from: old.isHidden ? nil : old.directory,
            to: entry.hiddenAt == nil ? entry.directory ?? ID(0) : nil)
        try setAddresses(of: entry.user, entry.hiddenAt == nil ? entry.attributes.addresses : [])
    }
}

extension Person {
    /// The account's columns first, then the entry's.
    static let columns: SQL = """
        \(User.columns), p.directory_id, p.external_id, p.attributes, p.changed_at, p.hidden_at
        """

    /// The sign keeps the engines from finding people by their directory: that is all of them, and then they sort.
    static func isVisible(to directory: ID<User>) -> SQL {
        "p.hidden_at IS NULL AND +p.directory_id IN (0, \(directory))"
    }

    /// The same for what an index knows within a directory.
    static func isWithin(_ directory: ID<User>) -> SQL {
        "p.hidden_at IS NULL AND p.directory_id IN (0, \(directory))"
    }

    static func read(_ row: Row) throws(Refusal) -> Person {
        let start = User.columnCount
        let user = try User.read(row)
        let directory: ID<User> = row.id(start)
        return Person(
            user: user,
            entry: PersonEntry(
                user: user.id, directory: directory == ID(0) ? nil : directory,
                externalID: row.optionalText(start + 1), attributes: try attributes(row),
                changedAt: row.time(start + 3),
                hiddenAt: row.optionalTime(start + 4)))
    }

    /// - Parameter names: those that are wanted; `nil` for all.
    fileprivate static func attributes(_ row: Row, only names: Set<String>? = nil) throws(Refusal) -> AttributeRecord {
        let text = row.text(User.columnCount + 2)
        guard case .object(let attributes)? = AttributeValue(storedText: text, only: names) else {
            throw Failure(storage: "The database holds attributes of a person that cannot be read.").refusal
        }
        return attributes
    }
}

extension Person {
    /// What a search looks at, as ``Person/searchable(for:)`` tells it, and nothing else: there may be a hundred
    /// thousand to look at. Whom no directory keeps may show what the account knows, and is made in full.
    static func searchable(
        _ row: Row, for names: Set<String>, readingAttributes: Bool
    ) throws(Refusal) -> AttributeRecord {
        let start = User.columnCount
        guard row.int(start) != 0 else { return try read(row).searchable(for: names) }
        var record = readingAttributes ? try attributes(row, only: names) : [:]
        if names.contains("id") { record["id"] = .text(String(row.int(0))) }
        if names.contains(DirectoryAttribute.userName) { record[DirectoryAttribute.userName] = .text(row.text(3)) }
        if names.contains(DirectoryAttribute.externalID) {
            record[DirectoryAttribute.externalID] = row.optionalText(start + 1).map { .text($0) }
        }
        if names.contains(DirectoryAttribute.active) { record[DirectoryAttribute.active] = .flag(row.isNull(11)) }
        if names.contains("meta") { record["meta"] = meta(created: row.time(9), changed: row.time(start + 3)) }
        return record
    }
}
