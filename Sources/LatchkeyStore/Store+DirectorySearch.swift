public import LatchkeyCore

/// Lists of people and groups, as directories ask for them.
///
/// A plain list is found by its place (see `directory_block`). A filter that an index serves reads the few rows that
/// can fit. Any other filter or order reads everybody in the order of ids, a stretch at a time: slow for many, but it
/// holds no more than the ids and keys of those that fit.
extension Transaction {
    private static let stretch = 500

    public func people(_ query: DirectoryQuery, in directory: ID<User>) throws(Refusal) -> DirectoryPage<Person> {
        guard let search = DirectorySearch(query) else {
            let ids = try directoryIDs(.person, directory, start: query.start, count: query.count)
            return DirectoryPage(
                items: try people(ids.map { ID($0) }, in: directory),
                total: try directoryTotal(.person, directory), start: query.start)
        }
        let condition = query.filter.flatMap { SQL.narrowing($0, SQL.people) } ?? "TRUE"
        var found = search
        var last: ID<User> = ID(0)
        while true {
            let stretch = try peopleToSearch(after: last, condition, search, in: directory)
            for person in stretch { found.look(at: person.searchable, person.user.id.value) }
            guard stretch.count == Self.stretch, let end = stretch.last else { break }
            last = end.user.id
        }
        let items = try people(found.page.map { ID($0) }, in: directory)
        return DirectoryPage(
            items: found.ordered(items) { $0.user.id.value }, total: found.count, start: query.start)
    }

    /// What nobody looks at is not read: attributes are a text of their own, groups a query of their own.
    private func peopleToSearch(
        after last: ID<User>, _ condition: SQL, _ search: DirectorySearch, in directory: ID<User>
    ) throws(Refusal) -> [Person] {
        let people = try all(
            """
            SELECT \(Person.columns) FROM directory_person p JOIN user_account u ON u.id = p.user_id
            WHERE p.user_id > \(last) AND \(Person.isVisible(to: directory)) AND \(condition)
            ORDER BY p.user_id LIMIT \(Self.stretch)
            """
        ) { row throws(Refusal) in
            search.readsAttributes ? try Person.read(row) : try Person.read(row, [:])
        }
        return search.looks(at: DirectoryAttribute.groups) ? try withGroups(people, in: directory) : people
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
        let condition = query.filter.flatMap { SQL.narrowing($0, SQL.groups) } ?? "TRUE"
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

/// What a search has found so far.
struct DirectorySearch {
    private let query: DirectoryQuery
    private let attributes: Set<String>
    private(set) var count = 0
    private var window: [Int64] = []
    private var keys: [(key: SortKey, id: Int64)] = []

    /// `nil` where there is nothing to search for: all of them, in the order of ids.
    init?(_ query: DirectoryQuery) {
        let order = query.order.map { [$0.path] } ?? []
        let isByID = order.allSatisfy { $0 == AttributePath("id") } && query.order?.descending != true
        if query.filter == nil, isByID { return nil }
        self.query = query
        attributes = Set(((query.filter?.paths ?? []) + order).map { $0.schema ?? $0.attribute ?? "" })
    }

    func looks(at attribute: String) -> Bool { attributes.contains(attribute) }

    /// Whether it looks at more than the columns of their own.
    var readsAttributes: Bool {
        !attributes.isSubset(of: [
            "id", "meta", DirectoryAttribute.userName, DirectoryAttribute.externalID, DirectoryAttribute.groups,
        ])
    }

    /// The members that the filter names, so that a group of a hundred thousand need not be read to look for one.
    /// `nil` when it asks about members in other ways.
    var namedMembers: Set<ID<User>>? {
        guard query.order?.path.attribute != DirectoryAttribute.members else { return nil }
        return query.filter?.namedMembers.map { Set($0) }
    }

    mutating func look(at record: AttributeRecord, _ id: Int64) {
        if let filter = query.filter, !filter.matches(record) { return }
        count += 1
        if let order = query.order {
            keys.append((record.sortKey(order), id))
        } else if count >= query.start, window.count < query.count {
            window.append(id)
        }
    }

    /// The ids of the wanted part, in order.
    var page: [Int64] {
        guard let order = query.order else { return window }
        let sorted = keys.sorted { first, second in
            if first.key != second.key { return (first.key < second.key) != order.descending }
            return first.id < second.id
        }
        return sorted.dropFirst(query.start - 1).prefix(query.count).map(\.id)
    }

    func ordered<Item>(_ items: [Item], by id: (Item) -> Int64) -> [Item] {
        let found = Dictionary(items.map { (id($0), $0) }, uniquingKeysWith: { first, _ in first })
        return page.compactMap { found[$0] }
    }
}

extension AttributeFilter {
    /// The ids that all its questions about members ask for by equality; `nil` when one asks otherwise.
    fileprivate var namedMembers: [ID<User>]? {
        switch self {
        case .compare(let path, let comparison, let operand):
            guard path.attribute == DirectoryAttribute.members else { return [] }
            guard comparison == .equal, path.part == nil || path.part == "value", case .text(let text, _) = operand
            else { return nil }
            return Int64(text).map { [ID($0)] } ?? []
        case .within(let path, let inner):
            guard path.attribute == DirectoryAttribute.members else { return [] }
            guard case .compare(let part, .equal, .text(let text, _)) = inner, part.attribute == "value" else {
                return nil
            }
            return Int64(text).map { [ID($0)] } ?? []
        case .present(let path): return path.attribute == DirectoryAttribute.members ? nil : []
        case .all(let first, let second), .any(let first, let second):
            guard let ours = first.namedMembers, let theirs = second.namedMembers else { return nil }
            return ours + theirs
        case .not(let inner): return inner.namedMembers
        }
    }
}
