/// JSON's texts as bytes. They belong to the array and not to ``JSONWriter``, so that each costs one access to it.
extension [UInt8] {
    mutating func append(json text: String) {
        append(UInt8(ascii: "\""))
        // Not `withUTF8`: that would count a reference to a text that many threads share.
        if text.utf8.withContiguousStorageIfAvailable({ append(escaping: $0) }) == nil {
            Array(text.utf8).withUnsafeBufferPointer { append(escaping: $0) }
        }
        append(UInt8(ascii: "\""))
    }

    /// A name that needs no escaping, with its colon.
    mutating func append(plainName name: StaticString) {
        append(UInt8(ascii: "\""))
        append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        append(UInt8(ascii: "\""))
        append(UInt8(ascii: ":"))
    }

    /// Runs of plain bytes are copied at once; slashes and everything beyond ASCII are plain.
    private mutating func append(escaping text: UnsafeBufferPointer<UInt8>) {
        var start = 0
        for place in 0..<text.count {
            let byte = text[place]
            guard byte < 0x20 || byte == 0x22 || byte == 0x5C else { continue }
            append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<place]))
            append(escape: byte)
            start = place + 1
        }
        append(contentsOf: UnsafeBufferPointer(rebasing: text[start...]))
    }

    private mutating func append(escape byte: UInt8) {
        append(UInt8(ascii: "\\"))
        switch byte {
        case 0x22, 0x5C: append(byte)
        case 0x08: append(UInt8(ascii: "b"))
        case 0x09: append(UInt8(ascii: "t"))
        case 0x0A: append(UInt8(ascii: "n"))
        case 0x0C: append(UInt8(ascii: "f"))
        case 0x0D: append(UInt8(ascii: "r"))
        default:
            let digits = Array("0123456789abcdef".utf8)
            append(contentsOf: [0x75, 0x30, 0x30, digits[Int(byte >> 4)], digits[Int(byte & 15)]])
        }
    }
}
