/// Reads what a server answered, as RFC 8259 has it, by recursive descent: anything malformed, or nested deeper than
/// 64, is refused.
///
/// It is not the doors' reader of requests: it keeps the spelling of numbers, so that a command prints what the server
/// said, and refuses nothing that JSON allows.
struct JSONParser {
    private let bytes: [UInt8]
    private var place = 0
    private var depth = 0

    struct Malformed: Error {
        let place: Int
    }

    static func value(of bytes: [UInt8]) throws -> JSONValue {
        var parser = JSONParser(bytes: bytes)
        let value = try parser.value()
        parser.skipSpace()
        guard parser.place == bytes.count else { throw Malformed(place: parser.place) }
        return value
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private mutating func value() throws -> JSONValue {
        skipSpace()
        switch peek {
        case UInt8(ascii: "{"): return .object(try list(until: "}") { parser in try parser.member() })
        case UInt8(ascii: "["): return .array(try list(until: "]") { parser in try parser.value() })
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private var peek: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { place += 1 }
    }

    private mutating func take(_ byte: Unicode.Scalar) -> Bool {
        skipSpace()
        guard peek == UInt8(ascii: byte) else { return false }
        place += 1
        return true
    }

    private mutating func list<Item>(
        until end: Unicode.Scalar, _ item: (inout JSONParser) throws -> Item
    ) throws -> [Item] {
        place += 1
        depth += 1
        defer { depth -= 1 }
        guard depth <= 64 else { throw Malformed(place: place) }
        var items: [Item] = []
        if take(end) { return items }
        repeat { items.append(try item(&self)) } while take(",")
        guard take(end) else { throw Malformed(place: place) }
        return items
    }

    private mutating func member() throws -> JSONMember {
        skipSpace()
        guard peek == UInt8(ascii: "\"") else { throw Malformed(place: place) }
        let name = try string()
        guard take(":") else { throw Malformed(place: place) }
        return JSONMember(name, try value())
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws -> JSONValue {
        guard bytes[place...].starts(with: word.utf8) else { throw Malformed(place: place) }
        place += word.utf8.count
        return value
    }

    private mutating func number() throws -> JSONValue {
        let start = place
        while let byte = peek, "+-.eE0123456789".utf8.contains(byte) { place += 1 }
        let text = String(decoding: bytes[start..<place], as: UTF8.self)
        guard text.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/) != nil else {
            throw Malformed(place: start)
        }
        return .number(text)
    }

    private mutating func string() throws -> String {
        let start = place
        place += 1
        var content: [UInt8] = []
        while let byte = peek, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw Malformed(place: place) }
            place += 1
            guard byte == UInt8(ascii: "\\") else {
                content.append(byte)
                continue
            }
            content.append(contentsOf: try escaped().utf8)
        }
        guard take("\""), let text = String(validating: content, as: UTF8.self) else {
            throw Malformed(place: start)
        }
        return text
    }

    private mutating func escaped() throws -> String {
        guard let byte = peek else { throw Malformed(place: place) }
        place += 1
        switch byte {
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "u"): return try unicode()
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return String(UnicodeScalar(byte))
        default: throw Malformed(place: place)
        }
    }

    /// One escape of four digits, or two that make a surrogate pair (RFC 8259 §7); half of a pair is refused.
    private mutating func unicode() throws -> String {
        let start = place
        var units = [try unit()]
        if UTF16.isLeadSurrogate(units[0]), bytes[place...].starts(with: "\\u".utf8) {
            place += 2
            units.append(try unit())
        }
        guard let text = String(validating: units, as: UTF16.self) else { throw Malformed(place: start) }
        return text
    }

    private mutating func unit() throws -> UInt16 {
        let digits = bytes[place...].prefix(4)
        // A sign would be a number to Swift, too.
        guard digits.count == 4, digits.allSatisfy({ UnicodeScalar($0).properties.isASCIIHexDigit }),
            let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw Malformed(place: place) }
        place += 4
        return unit
    }
}
