import LatchkeyCore

/// Parts a filter or a path into its signs: names, values in JSON's form, brackets (RFC 7644 §3.4.2.2).
struct FilterLexer {
    /// Of a filter, in bytes.
    static let longest = 8000

    enum Sign: Hashable, Sendable {
        /// A name, an operator or a word such as `true`.
        case word(String)
        case text(String)
        case integer(Int64)
        case decimal(Double)
        case open, close, openBracket, closeBracket
        /// What follows a bracket: `.value`.
        case part(String)
        case end
    }

    private let bytes: [UInt8]
    private(set) var place = 0

    init(_ text: String) throws(SCIMFault) {
        bytes = Array(text.utf8)
        guard bytes.count <= Self.longest else {
            throw .filter("The filter must have at most \(Self.longest) bytes.")
        }
    }

    private var current: UInt8? { place < bytes.count ? bytes[place] : nil }

    mutating func next() throws(SCIMFault) -> Sign {
        while current == UInt8(ascii: " ") { place += 1 }
        guard let byte = current else { return .end }
        switch byte {
        case UInt8(ascii: "("): return single(.open)
        case UInt8(ascii: ")"): return single(.close)
        case UInt8(ascii: "["): return single(.openBracket)
        case UInt8(ascii: "]"): return single(.closeBracket)
        case UInt8(ascii: "\""): return .text(try text())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        case UInt8(ascii: "."):
            place += 1
            return .part(word())
        default:
            let word = word()
            guard !word.isEmpty else { throw fault("a name was expected") }
            return .word(word)
        }
    }

    private mutating func single(_ sign: Sign) -> Sign {
        place += 1
        return sign
    }

    private mutating func word() -> String {
        let start = place
        while let byte = current, Self.isOfWord(byte) { place += 1 }
        return String(decoding: bytes[start..<place], as: UTF8.self)
    }

    private static func isOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: ":"),
            UInt8(ascii: "."), UInt8(ascii: "$"):
            true
        default: false
        }
    }

    /// Up to the closing quote; JSON's own reader undoes the escapes.
    private mutating func text() throws(SCIMFault) -> String {
        let start = place
        place += 1
        while let byte = current, byte != UInt8(ascii: "\"") { place += byte == UInt8(ascii: "\\") ? 2 : 1 }
        guard current == UInt8(ascii: "\"") else { throw fault("a text does not end") }
        place += 1
        guard case .text(let text)? = try? JSONTree(reading: Array(bytes[start..<place])) else {
            throw fault("a text is no JSON string")
        }
        return text
    }

    private mutating func number() throws(SCIMFault) -> Sign {
        let start = place
        while let byte = current, "+-.0123456789eE".utf8.contains(byte) { place += 1 }
        switch try? JSONTree(reading: Array(bytes[start..<place])) {
        case .integer(let number): return .integer(number)
        case .number(let number): return .decimal(number)
        default: throw fault("a number is no JSON number")
        }
    }

    func fault(_ what: String) -> SCIMFault {
        .filter("The filter cannot be read: \(what) at place \(min(place, bytes.count) + 1).")
    }
}
