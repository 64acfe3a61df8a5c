/// What an attribute of a directory holds: a JSON value. There is no null: to a directory that is the same as an
/// attribute that is not there (RFC 7643 §2.5).
public indirect enum AttributeValue: Hashable, Sendable {
    case text(String)
    case flag(Bool)
    case integer(Int64)
    case decimal(Double)
    case list([AttributeValue])
    case object(AttributeRecord)
}

/// Attributes by their names as the schema spells them. Those of an extension are an object under its URN.
public typealias AttributeRecord = [String: AttributeValue]

extension AttributeValue {
    public var text: String? {
        if case .text(let text) = self { text } else { nil }
    }

    public var flag: Bool? {
        if case .flag(let flag) = self { flag } else { nil }
    }

    public var object: AttributeRecord? {
        if case .object(let object) = self { object } else { nil }
    }

    /// The values of an attribute that may have several; a single value counts as a list of one.
    public var items: [AttributeValue] {
        if case .list(let items) = self { items } else { [self] }
    }

    /// Nothing to keep: an empty list or object is the same as no attribute (RFC 7643 §2.5).
    public var isEmpty: Bool {
        switch self {
        case .list(let items): items.isEmpty
        case .object(let object): object.isEmpty
        case .text, .flag, .integer, .decimal: false
        }
    }

    /// What a comparison without a sub-attribute looks at: of a complex value its `value` (RFC 7643 §2.4).
    var compared: AttributeValue? {
        if case .object(let object) = self { object["value"] } else { self }
    }

    var isPrimary: Bool { object?["primary"] == .flag(true) }
}

/// Where an attribute stands: `emails.value`, or in an extension.
public struct AttributePath: Hashable, Sendable {
    /// The URN of the extension; `nil` for the schema of the resource itself.
    public let schema: String?
    /// `nil` for the extension as a whole.
    public let attribute: String?
    /// A sub-attribute.
    public let part: String?

    public init(schema: String? = nil, _ attribute: String?, _ part: String? = nil) {
        self.schema = schema
        self.attribute = attribute
        self.part = part
    }
}

extension AttributePath: CustomStringConvertible {
    public var description: String {
        let local = [attribute, part].compactMap { $0 }.joined(separator: ".")
        guard let schema else { return local }
        return local.isEmpty ? schema : "\(schema):\(local)"
    }
}

extension AttributeRecord {
    /// The values at a path, those of several emails or phone numbers one by one.
    public func values(at path: AttributePath) -> [AttributeValue] {
        guard let schema = path.schema else { return ownValues(at: path) }
        guard let extent = self[schema]?.object else { return [] }
        return extent.ownValues(at: path)
    }

    private func ownValues(at path: AttributePath) -> [AttributeValue] {
        guard let attribute = path.attribute else { return isEmpty ? [] : [.object(self)] }
        guard let value = self[attribute] else { return [] }
        guard let part = path.part else { return value.items }
        return value.items.compactMap { $0.object?[part] }
    }
}
