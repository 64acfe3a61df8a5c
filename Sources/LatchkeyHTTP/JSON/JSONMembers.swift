/// One member of an object, behind the mark that opens the object or parts it from the member before.
extension [UInt8] {
    /// The name alone: the value follows.
    mutating func append(_ mark: Unicode.Scalar, _ name: StaticString) {
        append(UInt8(ascii: mark))
        append(plainName: name)
    }

    mutating func append(_ mark: Unicode.Scalar, _ name: StaticString, _ number: Int64) {
        append(mark, name)
        append(contentsOf: String(number).utf8)
    }

    mutating func append(_ mark: Unicode.Scalar, _ name: StaticString, _ flag: Bool) {
        append(mark, name)
        append(contentsOf: (flag ? "true" : "false").utf8)
    }

    mutating func append(_ mark: Unicode.Scalar, _ name: StaticString, _ text: String?) {
        append(mark, name)
        if let text { append(json: text) } else { append(contentsOf: "null".utf8) }
    }

    mutating func append(_ mark: Unicode.Scalar, _ name: StaticString, _ texts: [String]) {
        append(mark, name)
        append(UInt8(ascii: "["))
        for (place, text) in texts.enumerated() {
            if place > 0 { append(UInt8(ascii: ",")) }
            append(json: text)
        }
        append(UInt8(ascii: "]"))
    }
}
