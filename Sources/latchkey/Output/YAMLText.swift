import Yams

extension JSONValue {
    /// YAML 1.2 block style, members in their order. Every text that YAML could take for something else is quoted.
    func yaml() throws -> String {
        try Yams.serialize(node: node, width: -1, allowUnicode: true, sortKeys: false)
    }

    private var node: Node {
        switch self {
        case .null: Node("null", Tag(.null))
        case .bool(let flag): Node(flag ? "true" : "false", Tag(.bool))
        case .number(let digits): Node(digits, Tag(digits.contains { ".eE".contains($0) } ? .float : .int))
        case .string(let text): Node(text, Tag(.str), Self.looksPlain(text) ? .any : .doubleQuoted)
        case .array(let items): Node(items.map(\.node), Tag(.seq), items.isEmpty ? .flow : .block)
        case .object(let members):
            Node(members.map { (Node($0.name, Tag(.str)), $0.value.node) }, Tag(.map), members.isEmpty ? .flow : .block)
        }
    }

    /// Whether a reader of YAML would take the bare text for a text: it must resolve to `str` by itself.
    private static func looksPlain(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, first.properties.isAlphabetic else { return false }
        let words = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
        return !words.contains(text.lowercased())
    }
}
