public import LatchkeyCore

/// Lists of people and groups, as directories ask for them.
///
/// A plain list is found by its place (see `directory_block`), one in the order of a column by that column. A filter
/// that an index serves reads the few rows that can fit, one that a column serves leaves out the others. Any other
/// filter or order reads everybody in the order of ids, a stretch at a time and no more of each than is looked at.
extension Transaction {
    private static let stretch = 1000

    public func people(_ query: DirectoryQuery, in directory: ID<User>) throws(Refusal) -> DirectoryPage<Person> {
        guard let search = DirectorySearch(query) else {
            let ids = try directoryIDs(.person, directory, start: query.start, count: query.count)
            return DirectoryPage(
                items: try people(ids.map { ID($0) }, in: directory),
                total: try directoryTotal(.person, directory), start: query.start)
        }
        if query.filter == nil, let order = query.order.flatMap(SQL.order) {
            return try people(query, by: order, in: directory)
        }
        var found = search
        try eachToSearch(query, search, in: directory) { record, id in found.look(at: record, id) }
        let items = try people(found.page.map { ID($0) }, in: directory)
        return DirectoryPage(
            items: found.ordered(items) { $0.user.id.value }, total: found.count, start: query.start)
    }

    /// In the order of columns.
    private func people(
        _ query: DirectoryQuery, by order: SQL, in directory: ID<User>
    ) throws(Refusal) -> DirectoryPage<Person> {
        let ids: [ID<User>] = try all(
            """
            SELECT p.user_id FROM directory_person p JOIN user_account u ON u.id = p.user_id
            WHERE \(Person.isVisible(to: directory)) ORDER BY \(order)
            LIMIT \(query.count) OFFSET \(query.start - 1)
            """
        ) { row in row.id(0) }
        let found = Dictionary(
            try people(ids, in: directory).map { ($0.user.id, $0) }, uniquingKeysWith: { first, _ in first })
        return DirectoryPage(
            items: ids.compactMap { found[$0] }, total: try directoryTotal(.person, directory), start: query.start)
    }

    /// Everybody who can fit, in the order of ids. Whom an index finds are read by their ids, which are few or at least
    /// small; all others in stretches of everybody.
    private func eachToSearch(
        _ query: DirectoryQuery, _ search: DirectorySearch, in directory: ID<User>,
        _ body: (AttributeRecord, Int64) -> Void
    ) throws(Refusal) {
        let known = query.filter.flatMap { DirectoryCondition($0, DirectoryCondition.people) }
        if let known, known.lead > .column {
            for part in try ids(known, in: directory).parts(of: 256) {
                for found in try peopleToSearch("p.user_id \(in: part)", search, in: directory) {
                    body(found.record, found.id)
                }
            }
            return
        }
        let condition = known?.sql ?? "TRUE"
        var last: ID<User> = ID(0)
        while true {
            let stretch = try peopleToSearch("p.user_id > \(last) AND \(condition)", search, in: directory)
            for found in stretch { body(found.record, found.id) }
            guard stretch.count == Self.stretch, let end = stretch.last else { return }
            last = ID(end.id)
        }
    }

    private func ids(_ known: DirectoryCondition, in directory: ID<User>) throws(Refusal) -> [ID<User>] {
        let reach = known.lead == .index ? Person.isVisible(to: directory) : Person.isWithin(directory)
        let ids: [ID<User>] = try all(
            """
            SELECT p.user_id FROM directory_person p JOIN user_account u ON u.id = p.user_id
            WHERE \(reach) AND \(known.sql)
            """
        ) { row in row.id(0) }
        return ids.sorted()
    }

    /// What nobody looks at is not read: attributes are a text of their own, groups a query of their own.
    private func peopleToSearch(
        _ condition: SQL, _ search: DirectorySearch, in directory: ID<User>
    ) throws(Refusal) -> [(record: AttributeRecord, id: Int64)] {
        let query: SQL = """
            SELECT \(Person.columns) FROM directory_person p JOIN user_account u ON u.id = p.user_id
            WHERE \(condition) AND \(Person.isVisible(to: directory)) ORDER BY p.user_id LIMIT \(Self.stretch)
            """
        guard search.looks(at: DirectoryAttribute.groups) else {
            return try all(query) { row throws(Refusal) in
                let record = try Person.searchable(
                    row, for: search.attributes, readingAttributes: search.readsAttributes)
                return (record, row.int(0))
            }
        }
        return try withGroups(try all(query, Person.read), in: directory).map { person in
            (person.searchable(for: search.attributes), person.user.id.value)
        }
    }

    /// Groups, with their members where these are asked for.
    public func groups(
        _ query: DirectoryQuery, withMembers: Bool, in directory: ID<User>
    ) throws(Refusal) -> DirectoryPage<Group> {
        guard let search = DirectorySearch(query) else {
            let ids = try directoryIDs(.group, directory, start: query.start, count: query.count)
            return try page(
                try groups(ids.map { ID($0) }, in: directory), withMembers: withMembers, in: directory,
                total: try directoryTotal(.group, directory), start: query.start)
        }
        let condition = query.filter.flatMap { DirectoryCondition($0, DirectoryCondition.groups) }?.sql ?? "TRUE"
        var found = search
        var last: ID<Team> = ID(0)
        while true {
            let stretch = try groupsToSearch(after: last, condition, search, in: directory)
            for group in stretch { found.look(at: group.searchable, group.team.id.value) }
            guard stretch.count == Self.stretch, let end = stretch.last else { break }
            last = end.team.id
        }
        let items = try groups(found.page.map { ID($0) }, in: directory)
        return try page(
            found.ordered(items) { $0.team.id.value }, withMembers: withMembers, in: directory, total: found.count,
            start: query.start)
    }

    private func groupsToSearch(
        after last: ID<Team>, _ condition: SQL, _ search: DirectorySearch, in directory: ID<User>
    ) throws(Refusal) -> [Group] {
        var groups = try all(
            """
            SELECT \(Group.columns) FROM directory_group g JOIN team t ON t.id = g.team_id
            WHERE g.team_id > \(last) AND g.directory_id IN (0, \(directory)) AND \(condition)
            ORDER BY g.team_id LIMIT \(Self.stretch)
            """, Group.read)
        guard search.looks(at: DirectoryAttribute.members) else { return groups }
        for place in groups.indices {
            groups[place].members = try visibleMembers(
                of: groups[place].team.id, in: directory, among: search.namedMembers)
        }
        return groups
    }

    private func page(
        _ groups: [Group], withMembers: Bool, in directory: ID<User>, total: Int, start: Int
    ) throws(Refusal) -> DirectoryPage<Group> {
        var groups = groups
        if withMembers {
            for place in groups.indices {
                groups[place].members = try visibleMembers(of: groups[place].team.id, in: directory)
            }
        }
        return DirectoryPage(items: groups, total: total, start: start)
    }
}
