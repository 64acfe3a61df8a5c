import LatchkeyCore

/// What a search that reads one after the other has found so far.
///
/// It holds ids, and keys where an order was asked for: of those alone that can still be in the wanted part, however
/// many there are.
struct DirectorySearch {
    /// Keys beyond the wanted part before they are thrown away.
    private static let spare = 2000

    private let query: DirectoryQuery
    /// The attributes that filter and order look at, those of an extension by its URN.
    let attributes: Set<String>
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
            "id", "meta", DirectoryAttribute.userName, DirectoryAttribute.externalID, DirectoryAttribute.active,
            DirectoryAttribute.groups,
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
            if keys.count >= wanted + Self.spare { keys = inOrder }
        } else if count >= query.start, window.count < query.count {
            window.append(id)
        }
    }

    /// How many of the first can be in the wanted part.
    private var wanted: Int {
        let (sum, isTooMuch) = (query.start - 1).addingReportingOverflow(query.count)
        return isTooMuch ? Int.max - Self.spare : min(sum, Int.max - Self.spare)
    }

    private var inOrder: [(key: SortKey, id: Int64)] {
        guard let order = query.order else { return keys }
        let sorted = keys.sorted { first, second in
            if first.key != second.key { return (first.key < second.key) != order.descending }
            return first.id < second.id
        }
        return Array(sorted.prefix(wanted))
    }

    /// The ids of the wanted part, in order.
    var page: [Int64] {
        query.order == nil ? window : inOrder.dropFirst(query.start - 1).map(\.id)
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
