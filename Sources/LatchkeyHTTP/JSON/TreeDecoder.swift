import LatchkeyCore

/// Decodes a body out of a ``JSONTree``, and refuses (422) with the pointer of whatever does not fit.
///
/// A name that the body does not know is refused as well, wherever it stands: a misspelt `expires_in_days` must not
/// make a token that never expires. `null` is not the same as absent: only `Maybe` takes it.
struct TreeDecoder: Decoder {
    let tree: JSONTree
    let pointer: JSONPointer

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    static func decode<Body: Decodable>(_ type: Body.Type, from bytes: [UInt8]) throws -> Body {
        try Body(from: TreeDecoder(tree: JSONTree(reading: bytes), pointer: .whole))
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .object(let members) = tree else { throw refusal("must be an object") }
        let unknown = members.filter { Key(stringValue: $0.name) == nil }
        guard unknown.isEmpty else {
            throw Refusal.invalid(
                unknown.prefix(20).map { member in
                    Flaw(pointer: pointer.appending(member.name).text, detail: "is not a field of this request")
                })
        }
        return KeyedDecodingContainer(TreeMembers(decoder: self, members: members))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .list(let items) = tree else { throw refusal("must be a list") }
        return TreeItems(decoder: self, items: items)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer {
        TreeValue(decoder: self)
    }

    func refusal(_ detail: String) -> Refusal {
        .invalid(pointer.text, detail)
    }
}

/// One scalar.
private struct TreeValue: SingleValueDecodingContainer {
    let decoder: TreeDecoder

    var codingPath: [any CodingKey] { [] }

    func decodeNil() -> Bool { decoder.tree == .null }

    func decode(_ type: Bool.Type) throws -> Bool {
        guard case .flag(let flag) = decoder.tree else { throw decoder.refusal("must be true or false") }
        return flag
    }

    func decode(_ type: String.Type) throws -> String {
        guard case .text(let text) = decoder.tree else { throw decoder.refusal("must be a string") }
        return text
    }

    func decode(_ type: Double.Type) throws -> Double {
        switch decoder.tree {
        case .number(let number): return number
        case .integer(let number): return Double(number)
        default: throw decoder.refusal("must be a number")
        }
    }

    func decode(_ type: Float.Type) throws -> Float {
        Float(try decode(Double.self))
    }

    func decode<Number: FixedWidthInteger & Decodable>(_ type: Number.Type) throws -> Number {
        guard case .integer(let integer) = decoder.tree, let number = Number(exactly: integer) else {
            throw decoder.refusal("must be a whole number")
        }
        return number
    }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try Value(from: decoder)
    }
}

/// The members of an object.
private struct TreeMembers<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: TreeDecoder
    let members: [JSONTree.Member]

    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { members.compactMap { Key(stringValue: $0.name) } }

    func contains(_ key: Key) -> Bool {
        members.contains { $0.name == key.stringValue }
    }

    /// A field that may be null says so by being a `Maybe`, which looks for itself. Of all others the library asks
    /// here before it takes null for absent; null is no value of theirs, and is refused as such.
    func decodeNil(forKey key: Key) -> Bool { false }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try Value(from: child(key))
    }

    func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
        guard contains(key) else { return nil }
        return try decode(type, forKey: key)
    }

    private func child(_ key: Key) throws -> TreeDecoder {
        let pointer = decoder.pointer.appending(key.stringValue)
        guard let member = members.first(where: { $0.name == key.stringValue }) else {
            throw Refusal.invalid(pointer.text, "must be there")
        }
        return TreeDecoder(tree: member.value, pointer: pointer)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try child(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try child(key).unkeyedContainer()
    }

    func superDecoder() -> any Decoder { decoder }

    func superDecoder(forKey key: Key) throws -> any Decoder { try child(key) }
}

/// The items of a list.
private struct TreeItems: UnkeyedDecodingContainer {
    let decoder: TreeDecoder
    let items: [JSONTree]
    private(set) var currentIndex = 0

    init(decoder: TreeDecoder, items: [JSONTree]) {
        self.decoder = decoder
        self.items = items
    }

    var codingPath: [any CodingKey] { [] }
    var count: Int? { items.count }
    var isAtEnd: Bool { currentIndex == items.count }

    private mutating func next() throws -> TreeDecoder {
        guard currentIndex < items.count else { throw decoder.refusal("must have more items") }
        defer { currentIndex += 1 }
        return TreeDecoder(tree: items[currentIndex], pointer: decoder.pointer.appending(currentIndex))
    }

    mutating func decodeNil() -> Bool {
        guard !isAtEnd, items[currentIndex] == .null else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try Value(from: next())
    }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> {
        try next().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try next().unkeyedContainer()
    }

    mutating func superDecoder() throws -> any Decoder { try next() }
}
