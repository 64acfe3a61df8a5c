import LatchkeyCore

/// An attribute as somebody wrote it, found in the schemas of a resource: `emails.value`,
/// `urn:ietf:params:scim:schemas:core:2.0:User:userName`, an extension's URN alone.
struct AttributeName: Sendable {
    let path: AttributePath
    /// `nil` for the extension as a whole, and for what no schema knows.
    let attribute: SCIMAttribute?
    let part: SCIMAttribute?

    var isKnown: Bool { attribute != nil || path.attribute == nil }

    /// What a value at this path is made of.
    var target: SCIMAttribute? { part ?? attribute }

    init(path: AttributePath, attribute: SCIMAttribute?, part: SCIMAttribute?) {
        self.path = path
        self.attribute = attribute
        self.part = part
    }

    /// Longer ones are refused unread.
    static let longest = 512
}

extension AttributeName {
    /// `nil` for what cannot be a name. What can, and is in no schema, is found nowhere: its attribute is `nil`.
    init?(_ text: some StringProtocol, of type: ResourceType) {
        guard (1...Self.longest).contains(text.utf8.count) else { return nil }
        for schema in [type.schema] + type.extensions {
            guard let rest = Self.rest(of: text, behind: schema.urn) else { continue }
            let urn = schema.urn == type.schema.urn ? nil : schema.urn
            guard !rest.isEmpty else {
                self.init(path: AttributePath(schema: urn, nil), attribute: nil, part: nil)
                return
            }
            self.init(local: rest, in: urn) { urn == nil ? type.attribute($0) : schema.attribute($0) }
            return
        }
        if text.contains(":") {
            guard Self.isURN(text) else { return nil }
            self.init(path: AttributePath(schema: String(text), ""), attribute: nil, part: nil)
            return
        }
        self.init(local: String(text), in: nil) { type.attribute($0) }
    }

    /// A name within the values of an attribute: `type` in `emails[type eq "work"]`.
    init?(_ text: some StringProtocol, within attribute: SCIMAttribute) {
        guard Self.isName(text) else { return nil }
        let part = attribute.part(String(text))
        self.init(path: AttributePath(part?.name ?? String(text)), attribute: part, part: nil)
    }

    private init?(local: String, in schema: String?, _ find: (Substring) -> SCIMAttribute?) {
        let names = local.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(names.count), names.allSatisfy({ Self.isName($0) }) else { return nil }
        let found = find(names[0])
        let written = names.count == 2 ? names[1] : nil
        let part = written.flatMap { name in found?.part(String(name)) }
        let path = AttributePath(
            schema: schema, found?.name ?? String(names[0]), part?.name ?? written.map(String.init))
        // A part that the attribute does not have makes the whole unknown.
        self.init(path: path, attribute: written != nil && part == nil ? nil : found, part: part)
    }

    private static func rest(of text: some StringProtocol, behind urn: String) -> String? {
        if text.isSameWord(as: urn) { return "" }
        guard text.utf8.count > urn.utf8.count + 1 else { return nil }
        let head = text.prefix(urn.count)
        guard head.isSameWord(as: urn), text.dropFirst(urn.count).first == ":" else { return nil }
        return String(text.dropFirst(urn.count + 1))
    }

    /// RFC 7643 §2.1; `$ref` begins with a sign of its own.
    private static func isName(_ text: some StringProtocol) -> Bool {
        let rest = text.first == "$" ? text.dropFirst() : text[...]
        guard let first = rest.first, first.isASCII, first.isLetter else { return false }
        return rest.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
    }

    private static func isURN(_ text: some StringProtocol) -> Bool {
        text.lowercased().hasPrefix("urn:") && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}
