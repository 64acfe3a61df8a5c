/// One member of an object. Its name comes as it stands in the text, with all that lies between the value before and
/// its own, `,"id":`, so that it costs one copy.
extension [UInt8] {
    /// Pieces that are known when this is compiled, and need no escaping.
    mutating func append(_ piece: StaticString) {
        append(contentsOf: UnsafeBufferPointer(start: piece.utf8Start, count: piece.utf8CodeUnitCount))
    }

    mutating func append(_ name: StaticString, _ number: Int64) {
        append(name)
        append(decimal: number)
    }

    mutating func append(_ name: StaticString, _ flag: Bool) {
        append(name)
        append(flag ? "true" : "false")
    }

    mutating func append(_ name: StaticString, _ text: String?) {
        append(name)
        if let text { append(json: text) } else { append("null") }
    }

    mutating func append(_ name: StaticString, _ texts: [String]) {
        append(name)
        append(UInt8(ascii: "["))
        for (place, text) in texts.enumerated() {
            if place > 0 { append(UInt8(ascii: ",")) }
            append(json: text)
        }
        append(UInt8(ascii: "]"))
    }

    /// Without the text that `String(number)` makes first.
    mutating func append(decimal number: Int64) {
        if number < 0 { append(UInt8(ascii: "-")) }
        var rest = number.magnitude
        let start = count
        repeat {
            append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        } while rest > 0
        var (first, last) = (start, count - 1)
        while first < last {
            swapAt(first, last)
            (first, last) = (first + 1, last - 1)
        }
    }
}
