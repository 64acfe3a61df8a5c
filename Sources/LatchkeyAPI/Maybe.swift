/// A field of a request of which "left out" and "null" say different things: left out, it stays; null takes it away.
public enum Maybe<Value: Codable & Hashable & Sendable>: Hashable, Sendable {
    case absent
    case null
    case value(Value)

    /// The value, if one was given.
    public var given: Value? {
        guard case .value(let value) = self else { return nil }
        return value
    }

    /// `nil` when left out, `.some(nil)` for null.
    public var change: Value?? {
        switch self {
        case .absent: nil
        case .null: .some(nil)
        case .value(let value): .some(value)
        }
    }
}

extension Maybe: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        self = container.decodeNil() ? .null : .value(try container.decode(Value.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let given { try container.encode(given) } else { try container.encodeNil() }
    }
}

// Synthesized `Codable` code of this module finds these two before the general ones.
extension KeyedDecodingContainer {
    func decode<Value>(_ type: Maybe<Value>.Type, forKey key: Key) throws -> Maybe<Value> {
        guard contains(key) else { return .absent }
        return try Maybe(from: superDecoder(forKey: key))
    }
}

extension KeyedEncodingContainer {
    mutating func encode<Value>(_ value: Maybe<Value>, forKey key: Key) throws {
        if value == .absent { return }
        try value.encode(to: superEncoder(forKey: key))
    }
}
