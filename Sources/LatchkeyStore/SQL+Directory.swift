import LatchkeyCore

/// Filters as SQL, where an index serves. A condition made here lets everything through that the filter fits, and maybe
/// more: whoever asks with it holds the filter itself against each row. Values are bound like all others.
extension SQL {
    /// `nil` when the filter asks for nothing that an index knows.
    static func narrowing(_ filter: AttributeFilter, _ condition: (AttributePath, String) -> SQL?) -> SQL? {
        switch filter {
        case .compare(let path, .equal, .text(let text, _)): condition(path, text)
        case .all(let first, let second):
            switch (narrowing(first, condition), narrowing(second, condition)) {
            case (let ours?, let theirs?): "(\(ours) AND \(theirs))"
            case (let ours?, nil): ours
            case (nil, let theirs?): theirs
            case (nil, nil): nil
            }
        case .any(let first, let second):
            if let ours = narrowing(first, condition), let theirs = narrowing(second, condition) {
                "(\(ours) OR \(theirs))"
            } else {
                nil
            }
        case .within(let path, let inner):
            narrowing(inner) { part, text in
                condition(AttributePath(schema: path.schema, path.attribute, part.attribute), text)
            }
        case .compare, .present, .not: nil
        }
    }

    /// People: `p` is their entry.
    static func people(_ path: AttributePath, _ text: String) -> SQL? {
        guard path.schema == nil else { return nil }
        switch (path.attribute, path.part) {
        case ("id", nil): return "p.user_id = \(number(text))"
        case (DirectoryAttribute.userName, nil): return "p.user_name_folded = \(text.folded)"
        case (DirectoryAttribute.externalID, nil): return "p.external_id = \(text)"
        case (DirectoryAttribute.displayName, nil): return "p.display_name_folded = \(text.folded)"
        case (DirectoryAttribute.groups, nil), (DirectoryAttribute.groups, "value"):
            return "p.user_id IN (SELECT user_id FROM team_member WHERE team_id = \(number(text)))"
        default: return nil
        }
    }

    /// Groups: `g` is the entry and `t` the team.
    static func groups(_ path: AttributePath, _ text: String) -> SQL? {
        guard path.schema == nil else { return nil }
        switch (path.attribute, path.part) {
        case ("id", nil): return "g.team_id = \(number(text))"
        case (DirectoryAttribute.displayName, nil): return "t.name_folded = \(text.folded)"
        case (DirectoryAttribute.externalID, nil): return "g.external_id = \(text)"
        case (DirectoryAttribute.members, nil), (DirectoryAttribute.members, "value"):
            return "g.team_id IN (SELECT team_id FROM team_member WHERE user_id = \(number(text)))"
        default: return nil
        }
    }

    /// Ids are texts on the wire; one that is no number of ours names nothing.
    private static func number(_ text: String) -> Int64 {
        guard let number = Int64(text), String(number) == text else { return 0 }
        return number
    }
}
