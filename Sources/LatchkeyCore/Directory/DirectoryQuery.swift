/// Which people or groups a directory wants to see (RFC 7644 §3.4.2).
public struct DirectoryQuery: Hashable, Sendable {
    public static let mostItems = 200

    public var filter: AttributeFilter?
    public var order: Order?
    /// The place of the first one wanted, from 1.
    public var start: Int
    public var count: Int

    /// By the primary or first value at a path. Those without one are last, and first in descending order (RFC 7644
    /// §3.4.2.3).
    public struct Order: Hashable, Sendable {
        public let path: AttributePath
        public let descending: Bool
        /// Whether case counts.
        public let isExact: Bool

        public init(_ path: AttributePath, descending: Bool, isExact: Bool) {
            self.path = path
            self.descending = descending
            self.isExact = isExact
        }
    }

    /// Wilder numbers are brought into range, as RFC 7644 §3.4.2.4 asks.
    public init(filter: AttributeFilter? = nil, order: Order? = nil, start: Int = 1, count: Int = mostItems) {
        self.filter = filter
        self.order = order
        self.start = max(1, start)
        self.count = min(max(0, count), Self.mostItems)
    }
}

/// A part of a list, and how long the whole is.
public struct DirectoryPage<Item: Sendable>: Sendable {
    public let items: [Item]
    public let total: Int
    public let start: Int

    public init(items: [Item], total: Int, start: Int) {
        self.items = items
        self.total = total
        self.start = start
    }
}

extension AttributeRecord {
    /// By what a resource is sorted: the primary value of several, else the first.
    public func sortKey(_ order: DirectoryQuery.Order) -> SortKey {
        let values = self.values(at: order.path)
        guard let value = (values.first { $0.isPrimary } ?? values.first)?.compared else { return .none }
        switch value {
        case .text(let text): return .text(order.isExact ? text : text.folded)
        case .flag(let flag): return .number(flag ? 1 : 0)
        case .integer(let number): return .number(Double(number))
        case .decimal(let number): return .number(number)
        case .list, .object: return .none
        }
    }
}

/// Numbers before texts, and what has no value last.
public enum SortKey: Hashable, Sendable, Comparable {
    case number(Double)
    case text(String)
    case none
}
