/// Which resources, or which values of an attribute, are meant (RFC 7644 §3.4.2.2). Doors parse it; the store narrows
/// by it where an index serves; what is left is decided here.
public indirect enum AttributeFilter: Hashable, Sendable {
    case compare(AttributePath, Comparison, Operand)
    case present(AttributePath)
    /// One value of the attribute fits the inner filter, whose paths begin at that value: `emails[type eq "work"]`.
    case within(AttributePath, AttributeFilter)
    case all(AttributeFilter, AttributeFilter)
    case any(AttributeFilter, AttributeFilter)
    case not(AttributeFilter)

    public enum Comparison: String, Hashable, Sendable, CaseIterable {
        case equal = "eq"
        case notEqual = "ne"
        case contains = "co"
        case startsWith = "sw"
        case endsWith = "ew"
        case greater = "gt"
        case greaterOrEqual = "ge"
        case less = "lt"
        case lessOrEqual = "le"
    }

    /// What an attribute is compared with. Moments are texts: our own RFC 3339 in UTC sorts as time does.
    public enum Operand: Hashable, Sendable {
        /// `isExact` where case matters to the attribute's schema.
        case text(String, isExact: Bool)
        case flag(Bool)
        case integer(Int64)
        case decimal(Double)
        case null
    }
}

extension AttributeFilter {
    public func matches(_ record: AttributeRecord) -> Bool {
        switch self {
        case .compare(let path, let comparison, let operand):
            Self.matches(record.values(at: path), comparison, operand)
        case .present(let path): record.values(at: path).contains { !$0.isEmpty && $0 != .text("") }
        case .within(let path, let inner):
            record.values(at: path).contains { inner.matches($0.object ?? ["value": $0]) }
        case .all(let first, let second): first.matches(record) && second.matches(record)
        case .any(let first, let second): first.matches(record) || second.matches(record)
        case .not(let inner): !inner.matches(record)
        }
    }

    /// One fitting value is enough. An attribute that is not there equals null alone, and differs from all else.
    private static func matches(
        _ values: [AttributeValue], _ comparison: Comparison, _ operand: Operand
    ) -> Bool {
        guard !values.isEmpty else {
            switch comparison {
            case .equal: return operand == .null
            case .notEqual: return operand != .null
            default: return false
            }
        }
        return values.contains { value in value.compared.map { operand.fits($0, comparison) } ?? false }
    }

    /// Every path that it looks at, those of inner filters as seen from the resource.
    public var paths: [AttributePath] {
        switch self {
        case .compare(let path, _, _), .present(let path): [path]
        case .within(let path, let inner):
            inner.paths.map { AttributePath(schema: path.schema, path.attribute, $0.attribute) }
        case .all(let first, let second), .any(let first, let second): first.paths + second.paths
        case .not(let inner): inner.paths
        }
    }

    /// The equalities that every match fulfils, where it asks for nothing else: `type eq "work" and primary eq true`.
    var equalities: [(path: AttributePath, value: AttributeValue)]? {
        switch self {
        case .compare(let path, .equal, let operand): operand.value.map { [(path, $0)] }
        case .all(let first, let second):
            if let ours = first.equalities, let theirs = second.equalities { ours + theirs } else { nil }
        default: nil
        }
    }
}

extension AttributeFilter.Operand {
    /// As an attribute would hold it; `nil` for null.
    var value: AttributeValue? {
        switch self {
        case .text(let text, _): .text(text)
        case .flag(let flag): .flag(flag)
        case .integer(let number): .integer(number)
        case .decimal(let number): .decimal(number)
        case .null: nil
        }
    }

    func fits(_ value: AttributeValue, _ comparison: AttributeFilter.Comparison) -> Bool {
        switch (self, value) {
        case (.text(let text, true), .text(let held)): Self.compare(held, comparison, text)
        case (.text(let text, false), .text(let held)): Self.compare(held.lowercased(), comparison, text.lowercased())
        case (.flag(let flag), .flag(let held)): comparison == .notEqual ? held != flag : held == flag
        case (.integer(let number), .integer(let held)): Self.order(held, comparison, number)
        default: compareNumbers(value, comparison)
        }
    }

    private func compareNumbers(_ value: AttributeValue, _ comparison: AttributeFilter.Comparison) -> Bool {
        guard let own = self.value?.number, let held = value.number else { return comparison == .notEqual }
        return Self.order(held, comparison, own)
    }

    private static func compare(
        _ held: String, _ comparison: AttributeFilter.Comparison, _ text: String
    ) -> Bool {
        switch comparison {
        case .contains: text.isEmpty || held.contains(text)
        case .startsWith: held.hasPrefix(text)
        case .endsWith: held.hasSuffix(text)
        default: order(held, comparison, text)
        }
    }

    private static func order<Value: Comparable>(
        _ held: Value, _ comparison: AttributeFilter.Comparison, _ asked: Value
    ) -> Bool {
        switch comparison {
        case .equal: held == asked
        case .notEqual: held != asked
        case .greater: held > asked
        case .greaterOrEqual: held >= asked
        case .less: held < asked
        case .lessOrEqual: held <= asked
        case .contains, .startsWith, .endsWith: false
        }
    }
}

extension AttributeValue {
    fileprivate var number: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .decimal(let number): number
        default: nil
        }
    }
}
