/// One column of a table: a title and the dotted path of what stands in it.
struct Column: Sendable {
    let title: String
    let path: String

    init(_ title: String, _ path: String) {
        self.title = title
        self.path = path
    }
}

/// Lays out values for people: lists as columns, a single object as one line a field.
enum Table {
    /// Columns two spaces apart, the last not padded.
    static func rows(_ items: [JSONValue], _ columns: [Column]) -> String {
        let titles = columns.map { $0.title.uppercased() }
        let cells = items.map { item in columns.map { cell(item.at($0.path)) } }
        let widths = columns.indices.map { column in
            ([titles] + cells).map { $0[column].count }.max() ?? 0
        }
        let lines = cells.map { line($0, widths) }
        return ([heading(line(titles, widths))] + lines).joined(separator: "\n")
    }

    /// `field  value`, members of inner objects one level down spelled `token.name`; of a person, the handle is enough.
    static func fields(_ value: JSONValue) -> String {
        let pairs = flatten(value, under: "")
        let width = pairs.map(\.0.count).max() ?? 0
        return pairs.map { line([$0.0, $0.1], [width, 0]) }.joined(separator: "\n")
    }

    private static func flatten(_ value: JSONValue, under prefix: String) -> [(String, String)] {
        guard case .object(let members) = value else { return [(prefix, cell(value))] }
        return members.flatMap { member -> [(String, String)] in
            let name = prefix.isEmpty ? member.name : "\(prefix).\(member.name)"
            if prefix.isEmpty, case .object = member.value, member.value["user_id"] == nil {
                return flatten(member.value, under: name)
            }
            return [(name, cell(member.value))]
        }
    }

    private static func line(_ cells: [String], _ widths: [Int]) -> String {
        var text = ""
        for (place, cell) in cells.enumerated() {
            text += cell
            guard place < cells.count - 1 else { break }
            text += String(repeating: " ", count: max(0, widths[place] - cell.count) + 2)
        }
        while text.last == " " { text.removeLast() }
        return text
    }

    private static func heading(_ text: String) -> String {
        Terminal.showsOutput && Terminal.hasColours ? "\u{1b}[1m\(text)\u{1b}[0m" : text
    }

    static func cell(_ value: JSONValue?) -> String {
        switch value {
        case nil, .null: "-"
        case .bool(let flag): flag ? "yes" : "no"
        case .number(let digits): digits
        case .string(let text): text.isEmpty ? "-" : text.visible()
        case .array(let items): items.isEmpty ? "-" : items.map { cell($0["name"] ?? $0) }.joined(separator: ", ")
        case .object(let members): brief(members)
        }
    }

    /// A person is their handle; a change is `role: Member → Admin`; counts are `people_created 3`; anything else is
    /// shown as JSON.
    private static func brief(_ members: [JSONMember]) -> String {
        let value = JSONValue.object(members)
        if let handle = value["user_id"]?.text { return handle.visible() }
        guard let field = value["field"]?.text else { return counts(members) ?? value.compact.visible() }
        return "\(field.visible()): \(cell(value["before"])) → \(cell(value["after"]))"
    }

    private static func counts(_ members: [JSONMember]) -> String? {
        guard members.allSatisfy({ $0.value.integer != nil }) else { return nil }
        return members.isEmpty ? "-" : members.map { "\($0.name.visible()) \(cell($0.value))" }.joined(separator: ", ")
    }
}
