import LatchkeyCore

/// Reads JSON as RFC 8259 has it and nothing more: no comments, no trailing commas, no byte order mark, no lone
/// surrogates, no bytes that are not UTF-8. What readers are free to differ on is refused: names that occur twice,
/// deep nesting, long lists. So no two readers of one request can see two different things.
///
/// Recursive descent over the bytes; the depth limit bounds the stack, and nothing is kept of a text that is refused.
struct JSONParser {
    static let greatestDepth = 32
    static let mostItems = 1000

    private let bytes: [UInt8]
    private var place = 0
    /// The way to the value that is being read. It becomes a pointer only when something is wrong there: a text that
    /// is made for every item costs seconds on a hostile body.
    private var path: [JSONStep] = []

    private let mostItems: Int

    init(_ bytes: [UInt8], mostItems: Int = Self.mostItems) {
        self.bytes = bytes
        self.mostItems = mostItems
    }

    mutating func document() throws(Refusal) -> JSONTree {
        skipSpace()
        guard place < bytes.count else { throw .badRequest("The body is empty; it must be a JSON value.") }
        let tree = try value()
        skipSpace()
        guard place == bytes.count else { throw malformed("something follows the JSON value") }
        return tree
    }

    private mutating func value() throws(Refusal) -> JSONTree {
        switch current {
        case UInt8(ascii: "{"): return .object(try nested { parser throws(Refusal) in try parser.members() })
        case UInt8(ascii: "["): return .list(try nested { parser throws(Refusal) in try parser.items() })
        case UInt8(ascii: "\""): return .text(try string())
        case UInt8(ascii: "t"): return try word("true", .flag(true))
        case UInt8(ascii: "f"): return try word("false", .flag(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw malformed("a value was expected")
        }
    }

    private mutating func nested<Content>(
        _ read: (inout JSONParser) throws(Refusal) -> Content
    ) throws(Refusal) -> Content {
        guard path.count < Self.greatestDepth else {
            throw .invalid(pointer.text, "must not be nested deeper than \(Self.greatestDepth) levels")
        }
        place += 1
        skipSpace()
        return try read(&self)
    }

    private mutating func members() throws(Refusal) -> [JSONTree.Member] {
        var members: [JSONTree.Member] = []
        var names: Set<String> = []
        if take("}") { return members }
        repeat {
            skipSpace()
            guard current == UInt8(ascii: "\"") else { throw malformed("a name in quotes was expected") }
            let name = try string()
            path.append(.name(name))
            // Swift compares strings by canonical equivalence; names that look alike are no better than equal ones.
            guard Self.isNew(name, members, &names) else { throw .invalid(pointer.text, "must not be there twice") }
            try requireRoom(members.count + 1)
            skipSpace()
            guard take(":") else { throw malformed("a colon was expected") }
            skipSpace()
            members.append(JSONTree.Member(name: name, value: try value()))
            path.removeLast()
            skipSpace()
        } while take(",")
        guard take("}") else { throw malformed("a comma or } was expected") }
        return members
    }

    /// Few names are compared one by one, which costs less than a set of them.
    private static func isNew(_ name: String, _ members: [JSONTree.Member], _ names: inout Set<String>) -> Bool {
        guard members.count >= 16 else { return !members.contains { $0.name == name } }
        if names.isEmpty { names = Set(members.map(\.name)) }
        return names.insert(name).inserted
    }

    private mutating func items() throws(Refusal) -> [JSONTree] {
        var items: [JSONTree] = []
        if take("]") { return items }
        repeat {
            skipSpace()
            path.append(.place(items.count))
            try requireRoom(items.count + 1)
            items.append(try value())
            path.removeLast()
            skipSpace()
        } while take(",")
        guard take("]") else { throw malformed("a comma or ] was expected") }
        return items
    }

    private func requireRoom(_ count: Int) throws(Refusal) {
        guard count > mostItems else { return }
        throw .invalid(JSONPointer(path.dropLast()).text, "must have at most \(mostItems) entries")
    }

    private mutating func word(_ word: StaticString, _ tree: JSONTree) throws(Refusal) -> JSONTree {
        let end = place + word.utf8CodeUnitCount
        let isThere = word.withUTF8Buffer { end <= bytes.count && bytes[place..<end].elementsEqual($0) }
        guard isThere else { throw malformed("a value was expected") }
        place = end
        return tree
    }
}

// Numbers (RFC 8259 §6).
extension JSONParser {
    private mutating func number() throws(Refusal) -> JSONTree {
        let start = place
        var isWhole = true
        _ = take("-")
        if !take("0") { try digits() }
        if take(".") {
            isWhole = false
            try digits()
        }
        if take("e") || take("E") {
            isWhole = false
            if !take("+") { _ = take("-") }
            try digits()
        }
        let text = String(decoding: bytes[start..<place], as: UTF8.self)
        if isWhole, let integer = Int64(text) { return .integer(integer) }
        guard let number = Double(text), number.isFinite else {
            throw .invalid(pointer.text, "must be a number of ordinary size")
        }
        return .number(number)
    }

    private mutating func digits() throws(Refusal) {
        let start = place
        while (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(current) { place += 1 }
        guard place > start else { throw malformed("a digit was expected") }
    }
}

// Strings (RFC 8259 §7 and §8.1).
extension JSONParser {
    private mutating func string() throws(Refusal) -> String {
        place += 1
        let start = place
        while current != UInt8(ascii: "\""), current != UInt8(ascii: "\\"), current >= 0x20 { place += 1 }
        if current == UInt8(ascii: "\"") {
            place += 1
            return try text(bytes[start..<place - 1])
        }
        var content = bytes[start..<place]
        while !take("\"") {
            guard current >= 0x20 else {
                throw malformed(place < bytes.count ? "a control character must be escaped" : "a string does not end")
            }
            if take("\\") {
                content.append(contentsOf: Array(String(try escaped()).utf8))
            } else {
                content.append(current)
                place += 1
            }
        }
        return try text(content)
    }

    private func text(_ content: ArraySlice<UInt8>) throws(Refusal) -> String {
        guard let text = String(validating: content, as: UTF8.self) else { throw malformed("a string is not UTF-8") }
        guard !content.contains(0) else { throw .invalid(pointer.text, "must not hold the character U+0000") }
        return text
    }

    private mutating func escaped() throws(Refusal) -> Unicode.Scalar {
        let mark = current
        place += 1
        switch mark {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(mark)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicode()
        default: throw malformed("an unknown escape")
        }
    }

    private mutating func unicode() throws(Refusal) -> Unicode.Scalar {
        let unit = try hexadecimal()
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard UTF16.isLeadSurrogate(UInt16(unit)), take("\\"), take("u") else { throw malformed("a lone surrogate") }
        let second = try hexadecimal()
        guard UTF16.isTrailSurrogate(UInt16(second)),
            let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (second - 0xDC00))
        else { throw malformed("a lone surrogate") }
        return scalar
    }

    private mutating func hexadecimal() throws(Refusal) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(current)).hexDigitValue, current < 0x80 else {
                throw malformed("four hexadecimal digits were expected")
            }
            unit = unit << 4 | UInt32(digit)
            place += 1
        }
        return unit
    }
}

extension JSONParser {
    /// The byte to be read; 0, which no JSON text holds unescaped, beyond the end.
    private var current: UInt8 { place < bytes.count ? bytes[place] : 0 }

    private var pointer: JSONPointer { JSONPointer(path[...]) }

    private mutating func take(_ mark: Unicode.Scalar) -> Bool {
        guard current == UInt8(ascii: mark) else { return false }
        place += 1
        return true
    }

    private mutating func skipSpace() {
        while [0x20, 0x0A, 0x0D, 0x09].contains(current) { place += 1 }
    }

    private func malformed(_ what: String) -> Refusal {
        let before = bytes.prefix(place)
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let column = before.count - (before.lastIndex(of: UInt8(ascii: "\n")) ?? -1)
        return .badRequest("The body is not valid JSON: \(what) at line \(line), column \(column).")
    }
}
