/// Which part of a list is wanted: page numbers from 1, at most 100 items each.
public struct PageRequest: Hashable, Sendable {
    public static let largestSize = 100
    public static let usualSize = 50

    public let number: Int
    public let size: Int

    /// Takes numbers that a door has checked; wilder ones are brought into range.
    public init(number: Int = 1, size: Int = usualSize) {
        self.number = max(1, number)
        self.size = min(max(1, size), Self.largestSize)
    }

    /// How many items stand before this page; large page numbers do not overflow.
    public var offset: Int {
        let (product, overflow) = (number - 1).multipliedReportingOverflow(by: size)
        return overflow ? Int.max : product
    }
}

/// One page of a list with a stable total order.
public struct Page<Item: Sendable>: Sendable {
    public let items: [Item]
    public let total: Int
    public let request: PageRequest

    public init(items: [Item], total: Int, request: PageRequest) {
        self.items = items
        self.total = total
        self.request = request
    }

    public var count: Int { (total + request.size - 1) / request.size }

    public func map<Other: Sendable>(_ change: (Item) -> Other) -> Page<Other> {
        Page<Other>(items: items.map(change), total: total, request: request)
    }
}

/// The order of a list: by one column, ties broken by id.
public struct Sorting<Column: Hashable & Sendable>: Hashable, Sendable {
    public let column: Column
    public let descending: Bool

    public init(_ column: Column, descending: Bool = false) {
        self.column = column
        self.descending = descending
    }
}
