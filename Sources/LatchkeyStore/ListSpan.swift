import LatchkeyCore

/// Where a page lies in its list, told from the nearer end: an engine passes over every row before the ones it gives,
/// so the last page of a million costs what the first does, and the worst is the middle.
struct ListSpan {
    let limit: Int
    let offset: Int
    /// Then the order is turned round in the question, and the answer turned back.
    let isFromEnd: Bool

    init(_ page: PageRequest, total: Int) {
        let before = min(page.offset, max(0, total))
        limit = min(page.size, max(0, total) - before)
        let behind = max(0, total) - before - limit
        isFromEnd = behind < before
        offset = isFromEnd ? behind : before
    }

    /// From the start, of a list whose length nobody asked for.
    init(limit: Int, offset: Int) {
        self.limit = limit
        self.offset = offset
        isFromEnd = false
    }

    func inOrder<Item>(_ items: [Item]) -> [Item] { isFromEnd ? items.reversed() : items }
}

extension SQL {
    /// `ORDER BY` for a column and the id that breaks ties.
    static func order(_ column: SQL, _ id: SQL, descending: Bool) -> SQL {
        let direction: SQL = descending ? " DESC" : ""
        return "\(column)\(direction), \(id)\(direction)"
    }

    /// `LIKE` with the text anywhere, compared folded; its own `%` and `_` stand for themselves.
    static func contains(_ part: String) -> SQL {
        var pattern = "%"
        for character in part.folded {
            if character == "%" || character == "_" || character == "\\" { pattern.append("\\") }
            pattern.append(character)
        }
        pattern.append("%")
        return "LIKE \(pattern) ESCAPE '\\'"
    }

    /// A column that begins with a text, as a range that an index answers: both engines compare texts byte by byte,
    /// and no scalar's bytes are above those of U+10FFFF.
    static func begins(_ column: SQL, with start: String) -> SQL {
        let start = start.folded
        return "\(column) >= \(start) AND \(column) < \(start + "\u{10FFFF}")"
    }
}
