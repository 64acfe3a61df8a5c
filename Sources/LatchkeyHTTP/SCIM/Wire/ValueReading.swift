import LatchkeyCore

/// JSON values as a schema means them. Directories take liberties, and where only one thing can be meant it is taken:
/// Entra's `"False"`, a single value where a list belongs, a text where a value with parts belongs.
extension SCIMAttribute {
    /// `nil` for null and for what is empty, which are the same as nothing (RFC 7643 §2.5).
    func read(_ tree: JSONTree, at path: String) throws(SCIMFault) -> AttributeValue? {
        guard isMultiValued else { return try readOne(tree, at: path) }
        guard tree != .null else { return nil }
        var items: [JSONTree] = [tree]
        if case .list(let list) = tree { items = list }
        var (values, known): ([AttributeValue], Set<AttributeValue>) = ([], [])
        for item in items {
            if let value = try readOne(item, at: path), known.insert(value).inserted { values.append(value) }
        }
        guard values.count(where: { $0.object?["primary"] == .flag(true) }) <= 1 else {
            throw .value("\(path): only one value can be the primary one.")
        }
        return values.isEmpty ? nil : .list(values)
    }

    private func readOne(_ tree: JSONTree, at path: String) throws(SCIMFault) -> AttributeValue? {
        switch (kind, tree) {
        case (_, .null): return nil
        case (.complex, _): return try readParts(tree, at: path)
        case (.boolean, .flag(let flag)): return .flag(flag)
        case (.boolean, .text(let text)) where ["true", "false"].contains(text.lowercased()):
            return .flag(text.lowercased() == "true")
        case (.integer, .integer(let number)): return .integer(number)
        case (.binary, .text(let text)):
            guard Self.isBase64(text) else { throw .value("\(path) must be base64.") }
            return .text(text)
        case (.string, .text(let text)), (.reference, .text(let text)), (.dateTime, .text(let text)):
            return .text(text)
        default: throw .value("\(path) must be \(expectation).")
        }
    }

    private func readParts(_ tree: JSONTree, at path: String) throws(SCIMFault) -> AttributeValue? {
        if case .text(let text) = tree, part("value") != nil {
            return text.isEmpty ? nil : .object(["value": .text(text)])
        }
        guard case .object(let members) = tree else { throw .value("\(path) must be \(expectation).") }
        var object: AttributeRecord = [:]
        for member in members {
            guard let part = part(member.name) else { continue }
            guard object[part.name] == nil else { throw .syntax("\(path).\(part.name) is there twice.") }
            object[part.name] = try part.read(member.value, at: "\(path).\(part.name)")
        }
        return object.isEmpty ? nil : .object(object)
    }

    private var expectation: String {
        switch kind {
        case .string, .reference: "a string"
        case .boolean: "true or false"
        case .integer: "a whole number"
        case .dateTime: "a time such as 2027-11-21T12:34:56Z"
        case .binary: "base64"
        case .complex: "an object"
        }
    }

    private static func isBase64(_ text: String) -> Bool {
        text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="),
                UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                true
            default: false
            }
        }
    }
}
