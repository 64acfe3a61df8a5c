/// Encodes a body straight into bytes, in the order in which it names its fields; no tree in between.
///
/// An optional that is `nil` is written as `null` by `encodeIfPresent` too, so that replies always have all their
/// fields; a field that shall be missing is not encoded at all. A value may ask for its keyed container twice and
/// goes on in the same object, so that one body can begin with another's fields.
struct StreamEncoder: Encoder {
    fileprivate let writer: JSONWriter
    /// How many containers were open when this value began.
    fileprivate let base: Int

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    static func encode(_ body: some Encodable) throws -> [UInt8] {
        let writer = JSONWriter()
        try body.encode(to: StreamEncoder(writer: writer, base: 0))
        writer.close(to: 0)
        return writer.bytes
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        if writer.depth > base { writer.close(to: base + 1) } else { writer.beginObject() }
        return KeyedEncodingContainer(StreamMembers(writer: writer, depth: base + 1))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        writer.beginList()
        return StreamItems(writer: writer, depth: base + 1)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        StreamValue(writer: writer, base: base)
    }
}

private struct StreamMembers<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let writer: JSONWriter
    let depth: Int

    var codingPath: [any CodingKey] { [] }

    @inline(__always)
    private func begin(_ key: Key) {
        writer.beginEntry(at: depth)
        writer.write(name: key.stringValue)
    }

    func encodeNil(forKey key: Key) {
        begin(key)
        writer.writeNull()
    }

    func encode(_ value: Bool, forKey key: Key) {
        begin(key)
        writer.write(value)
    }

    func encode(_ value: String, forKey key: Key) {
        begin(key)
        writer.write(value)
    }

    func encode(_ value: Int, forKey key: Key) {
        begin(key)
        writer.write(value)
    }

    func encode(_ value: Int64, forKey key: Key) {
        begin(key)
        writer.write(value)
    }

    func encode(_ value: Double, forKey key: Key) {
        begin(key)
        writer.write(value)
    }

    func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
        begin(key)
        try value.encode(to: StreamEncoder(writer: writer, base: depth))
        writer.close(to: depth)
    }

    func encodeIfPresent(_ value: Bool?, forKey key: Key) {
        if let value { encode(value, forKey: key) } else { encodeNil(forKey: key) }
    }

    func encodeIfPresent(_ value: String?, forKey key: Key) {
        if let value { encode(value, forKey: key) } else { encodeNil(forKey: key) }
    }

    func encodeIfPresent(_ value: Int?, forKey key: Key) {
        if let value { encode(value, forKey: key) } else { encodeNil(forKey: key) }
    }

    func encodeIfPresent(_ value: Int64?, forKey key: Key) {
        if let value { encode(value, forKey: key) } else { encodeNil(forKey: key) }
    }

    func encodeIfPresent(_ value: Double?, forKey key: Key) {
        if let value { encode(value, forKey: key) } else { encodeNil(forKey: key) }
    }

    func encodeIfPresent<Value: Encodable>(_ value: Value?, forKey key: Key) throws {
        if let value { try encode(value, forKey: key) } else { encodeNil(forKey: key) }
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        begin(key)
        return StreamEncoder(writer: writer, base: depth).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        begin(key)
        return StreamEncoder(writer: writer, base: depth).unkeyedContainer()
    }

    func superEncoder() -> any Encoder { StreamEncoder(writer: writer, base: depth - 1) }

    func superEncoder(forKey key: Key) -> any Encoder {
        begin(key)
        return StreamEncoder(writer: writer, base: depth)
    }
}

private struct StreamItems: UnkeyedEncodingContainer {
    let writer: JSONWriter
    let depth: Int
    private(set) var count = 0

    init(writer: JSONWriter, depth: Int) {
        self.writer = writer
        self.depth = depth
    }

    var codingPath: [any CodingKey] { [] }

    private mutating func begin() -> StreamEncoder {
        writer.beginEntry(at: depth)
        count += 1
        return StreamEncoder(writer: writer, base: depth)
    }

    mutating func encodeNil() {
        _ = begin()
        writer.writeNull()
    }

    mutating func encode<Value: Encodable>(_ value: Value) throws {
        try value.encode(to: begin())
        writer.close(to: depth)
    }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        begin().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        begin().unkeyedContainer()
    }

    mutating func superEncoder() -> any Encoder { begin() }
}

private struct StreamValue: SingleValueEncodingContainer {
    let writer: JSONWriter
    let base: Int

    var codingPath: [any CodingKey] { [] }

    func encodeNil() { writer.writeNull() }

    func encode(_ value: Bool) { writer.write(value) }

    func encode(_ value: String) { writer.write(value) }

    func encode(_ value: Double) { writer.write(value) }

    func encode(_ value: Float) { writer.write(Double(value)) }

    func encode<Number: FixedWidthInteger & Encodable>(_ value: Number) { writer.write(value) }

    func encode<Value: Encodable>(_ value: Value) throws {
        try value.encode(to: StreamEncoder(writer: writer, base: base))
    }
}
