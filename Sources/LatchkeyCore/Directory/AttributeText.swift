/// How attributes are kept in their column: JSON (RFC 8259), names in order.
///
/// Written and read by hand: a search without an index reads this of every person there is, and Foundation's decoder
/// takes ten times as long. The reader takes what the writer wrote, escapes and spaces of other writers too, and
/// answers `nil` for anything that is not whole.
extension AttributeValue {
    public var storedText: String {
        var text = ""
        write(to: &text)
        return text
    }

    private func write(to text: inout String) {
        switch self {
        case .text(let value): Self.write(value, to: &text)
        case .flag(let flag): text += flag ? "true" : "false"
        case .integer(let number): text += String(number)
        case .decimal(let number): text += number.isFinite ? String(number) : "0.0"
        case .list(let items):
            text += "["
            for (place, item) in items.enumerated() {
                if place > 0 { text += "," }
                item.write(to: &text)
            }
            text += "]"
        case .object(let object):
            text += "{"
            for (place, member) in object.sorted(by: { $0.key < $1.key }).enumerated() {
                if place > 0 { text += "," }
                Self.write(member.key, to: &text)
                text += ":"
                member.value.write(to: &text)
            }
            text += "}"
        }
    }

    private static func write(_ value: String, to text: inout String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\u{0}"..<" ":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }

    /// `nil` for what is no JSON.
    ///
    /// - Parameter names: of an object only these members; the others are passed over without being made.
    public init?(storedText text: String, only names: Set<String>? = nil) {
        var text = text
        let value = text.withUTF8 { bytes -> AttributeValue? in
            var reader = StoredTextReader(bytes: bytes, names: names)
            guard let value = reader.value(depth: 0), reader.isAtEnd else { return nil }
            return value
        }
        guard let value else { return nil }
        self = value
    }
}
