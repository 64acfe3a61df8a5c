/// The name of a header field, as a text or as the bytes that came over the wire.
protocol FieldName {
    /// In bytes.
    var length: Int { get }

    /// Whether this is the field's name, whose spelling here is in small letters.
    func isField(_ name: StaticString) -> Bool
}

extension String: FieldName {
    var length: Int { utf8.count }

    func isField(_ name: StaticString) -> Bool { utf8.spells(name) }
}

extension UnsafeRawBufferPointer: FieldName {
    var length: Int { count }

    func isField(_ name: StaticString) -> Bool { spells(name) }
}

extension Collection where Element == UInt8 {
    /// Whatever the case of these bytes.
    fileprivate func spells(_ name: StaticString) -> Bool {
        guard count == name.utf8CodeUnitCount else { return false }
        var small = name.utf8Start
        for own in self {
            let isSame = own == small.pointee || (own | 0x20 == small.pointee && own &- UInt8(ascii: "A") < 26)
            guard isSame else { return false }
            small += 1
        }
        return true
    }
}
