/// Reads what ``AttributeValue/storedText`` wrote, in place and without a tree in between.
struct StoredTextReader {
    private static let greatestDepth = 40

    let bytes: UnsafeBufferPointer<UInt8>
    /// The members of the outermost object that are wanted; `nil` for all.
    private let names: Set<String>?
    private var place = 0

    init(bytes: UnsafeBufferPointer<UInt8>, names: Set<String>? = nil) {
        self.bytes = bytes
        self.names = names
    }

    private var current: UInt8 { place < bytes.count ? bytes[place] : 0 }

    var isAtEnd: Bool {
        mutating get {
            skipSpace()
            return place == bytes.count
        }
    }

    mutating func value(depth: Int) -> AttributeValue? {
        guard depth < Self.greatestDepth else { return nil }
        skipSpace()
        switch current {
        case UInt8(ascii: "{"): return object(depth: depth)
        case UInt8(ascii: "["): return list(depth: depth)
        case UInt8(ascii: "\""): return string().map { .text($0) }
        case UInt8(ascii: "t"): return word("true") ? .flag(true) : nil
        case UInt8(ascii: "f"): return word("false") ? .flag(false) : nil
        default: return number()
        }
    }

    private mutating func object(depth: Int) -> AttributeValue? {
        place += 1
        var object: AttributeRecord = [:]
        if take("}") { return .object(object) }
        repeat {
            skipSpace()
            guard current == UInt8(ascii: "\""), let name = string(), take(":") else { return nil }
            if depth == 0, let names, !names.contains(name) {
                guard skipValue() else { return nil }
                continue
            }
            guard let value = value(depth: depth + 1) else { return nil }
            object[name] = value
        } while take(",")
        return take("}") ? .object(object) : nil
    }

    /// Passes over a value: to the comma or bracket behind it, strings apart.
    private mutating func skipValue() -> Bool {
        var open = 0
        while place < bytes.count {
            switch current {
            case UInt8(ascii: "\""): guard skipString() else { return false }
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                open += 1
                place += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                guard open > 0 else { return true }
                open -= 1
                place += 1
            case UInt8(ascii: ",") where open == 0: return true
            default: place += 1
            }
        }
        return false
    }

    private mutating func skipString() -> Bool {
        place += 1
        while current != UInt8(ascii: "\"") {
            place += current == UInt8(ascii: "\\") ? 2 : 1
            guard place < bytes.count else { return false }
        }
        place += 1
        return true
    }

    private mutating func list(depth: Int) -> AttributeValue? {
        place += 1
        var items: [AttributeValue] = []
        if take("]") { return .list(items) }
        repeat {
            guard let value = value(depth: depth + 1) else { return nil }
            items.append(value)
        } while take(",")
        return take("]") ? .list(items) : nil
    }

    /// Runs between escapes are taken over at once.
    private mutating func string() -> String? {
        place += 1
        var start = place
        var text = ""
        while current != UInt8(ascii: "\"") {
            guard place < bytes.count else { return nil }
            guard current == UInt8(ascii: "\\") else {
                place += 1
                continue
            }
            text += String(decoding: bytes[start..<place], as: UTF8.self)
            place += 1
            guard let scalar = escape() else { return nil }
            text.unicodeScalars.append(scalar)
            start = place
        }
        text += String(decoding: bytes[start..<place], as: UTF8.self)
        place += 1
        return text
    }

    private mutating func escape() -> Unicode.Scalar? {
        let mark = current
        place += 1
        switch mark {
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(mark)
        case UInt8(ascii: "u"):
            guard place + 4 <= bytes.count else { return nil }
            let digits = String(decoding: bytes[place..<place + 4], as: UTF8.self)
            place += 4
            return UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init)
        default: return nil
        }
    }

    private mutating func number() -> AttributeValue? {
        let start = place
        while place < bytes.count, "+-.0123456789eE".utf8.contains(bytes[place]) { place += 1 }
        let text = String(decoding: bytes[start..<place], as: UTF8.self)
        if let integer = Int64(text) { return .integer(integer) }
        return Double(text).map { .decimal($0) }
    }

    private mutating func word(_ word: StaticString) -> Bool {
        for byte in word.description.utf8 {
            guard current == byte else { return false }
            place += 1
        }
        return true
    }

    private mutating func take(_ mark: Unicode.Scalar) -> Bool {
        skipSpace()
        guard current == UInt8(ascii: mark) else { return false }
        place += 1
        return true
    }

    private mutating func skipSpace() {
        while [0x20, 0x0A, 0x0D, 0x09].contains(current) { place += 1 }
    }
}
