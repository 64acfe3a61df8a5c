import LatchkeyCore

/// A filter as SQL, as far as columns know of it. What is made here lets everything through that the filter fits, and
/// maybe more: whoever asks with it holds the filter itself against each row. Values are bound like all others.
struct DirectoryCondition {
    let sql: SQL
    let lead: Lead

    /// What leads to those that can fit.
    enum Lead: Int, Comparable {
        /// Nothing; the condition spares reading the others in full.
        case column
        /// An index within each directory.
        case indexOfDirectory
        case index

        static func < (first: Lead, second: Lead) -> Bool { first.rawValue < second.rawValue }
    }

    /// What one comparison asks for; `nil` for what has to be read to be known.
    typealias Column = (AttributePath, AttributeFilter.Comparison, AttributeFilter.Operand) -> DirectoryCondition?

    init(_ sql: SQL, by lead: Lead = .index) {
        self.sql = sql
        self.lead = lead
    }

    /// `nil` when the filter asks for nothing that a column knows.
    init?(_ filter: AttributeFilter, _ column: Column) {
        let found: DirectoryCondition? =
            switch filter {
            case .compare(let path, let comparison, let operand): column(path, comparison, operand)
            case .all(let first, let second):
                Self.all(DirectoryCondition(first, column), DirectoryCondition(second, column))
            case .any(let first, let second):
                Self.any(DirectoryCondition(first, column), DirectoryCondition(second, column))
            case .within(let path, let inner):
                DirectoryCondition(inner) { part, comparison, operand in
                    column(AttributePath(schema: path.schema, path.attribute, part.attribute), comparison, operand)
                }
            case .present, .not: nil
            }
        guard let found else { return nil }
        self = found
    }

    private static func all(_ first: DirectoryCondition?, _ second: DirectoryCondition?) -> DirectoryCondition? {
        guard let first, let second else { return first ?? second }
        return DirectoryCondition("(\(first.sql) AND \(second.sql))", by: max(first.lead, second.lead))
    }

    private static func any(_ first: DirectoryCondition?, _ second: DirectoryCondition?) -> DirectoryCondition? {
        guard let first, let second else { return nil }
        return DirectoryCondition("(\(first.sql) OR \(second.sql))", by: min(first.lead, second.lead))
    }
}

extension DirectoryCondition {
    /// People: `p` is their entry, `u` their account.
    static func people(
        _ path: AttributePath, _ comparison: AttributeFilter.Comparison, _ operand: AttributeFilter.Operand
    ) -> DirectoryCondition? {
        guard path.schema == nil else { return nil }
        switch (path.attribute, path.part) {
        case (DirectoryAttribute.active, nil): return activity(comparison, operand)
        case ("meta", "created"): return moment("u.created_at", comparison, operand, by: .column)
        case ("meta", "lastModified"): return moment("p.changed_at", comparison, operand, by: .indexOfDirectory)
        case (DirectoryAttribute.userName, nil): return folded("p.user_name_folded", comparison, operand)
        case (DirectoryAttribute.displayName, nil): return folded("p.display_name_folded", comparison, operand)
        case (DirectoryAttribute.emails, nil), (DirectoryAttribute.emails, "value"):
            guard case .text(let text, _) = operand else { return nil }
            return kept("e.address_folded", comparison, text.addressKey).map { found in
                DirectoryCondition("p.user_id IN (SELECT e.user_id FROM directory_email e WHERE \(found.sql))")
            }
        default: break
        }
        guard comparison == .equal, case .text(let text, _) = operand else { return nil }
        switch (path.attribute, path.part) {
        case ("id", nil): return DirectoryCondition("p.user_id = \(number(text))")
        case (DirectoryAttribute.externalID, nil):
            return DirectoryCondition("p.external_id = \(text)", by: .indexOfDirectory)
        case (DirectoryAttribute.groups, nil), (DirectoryAttribute.groups, "value"):
            return DirectoryCondition("p.user_id IN (SELECT user_id FROM team_member WHERE team_id = \(number(text)))")
        default: return nil
        }
    }

    /// Groups: `g` is the entry and `t` the team.
    static func groups(
        _ path: AttributePath, _ comparison: AttributeFilter.Comparison, _ operand: AttributeFilter.Operand
    ) -> DirectoryCondition? {
        guard path.schema == nil else { return nil }
        switch (path.attribute, path.part) {
        case ("meta", "created"): return moment("t.created_at", comparison, operand, by: .column)
        case ("meta", "lastModified"): return moment("g.changed_at", comparison, operand, by: .column)
        case (DirectoryAttribute.displayName, nil): return folded("t.name_folded", comparison, operand)
        default: break
        }
        guard comparison == .equal, case .text(let text, _) = operand else { return nil }
        switch (path.attribute, path.part) {
        case ("id", nil): return DirectoryCondition("g.team_id = \(number(text))")
        case (DirectoryAttribute.externalID, nil): return DirectoryCondition("g.external_id = \(text)")
        case (DirectoryAttribute.members, nil), (DirectoryAttribute.members, "value"):
            return DirectoryCondition("g.team_id IN (SELECT team_id FROM team_member WHERE user_id = \(number(text)))")
        default: return nil
        }
    }
}

extension DirectoryCondition {
    /// A text that is kept folded: what is equal, or begins alike, whatever its case, does so folded too.
    private static func folded(
        _ column: SQL, _ comparison: AttributeFilter.Comparison, _ operand: AttributeFilter.Operand
    ) -> DirectoryCondition? {
        guard case .text(let text, _) = operand else { return nil }
        return kept(column, comparison, text.folded)
    }

    private static func kept(_ column: SQL, _ comparison: AttributeFilter.Comparison, _ key: String)
        -> DirectoryCondition?
    {
        switch comparison {
        case .equal: return DirectoryCondition("\(column) = \(key)")
        case .startsWith where !key.isEmpty:
            // Up to the last of all characters, which no name holds.
            let end = key + "\u{10FFFF}"
            return DirectoryCondition("(\(column) >= \(key) AND \(column) < \(end))")
        default: return nil
        }
    }

    /// Moments are told to the second, whatever the column holds.
    private static func moment(
        _ column: SQL, _ comparison: AttributeFilter.Comparison, _ operand: AttributeFilter.Operand, by lead: Lead
    ) -> DirectoryCondition? {
        guard case .text(let text, _) = operand, let from = Timestamp(text: text) else { return nil }
        let until = from + .seconds(1)
        let condition: SQL
        switch comparison {
        case .equal: condition = "(\(column) >= \(from) AND \(column) < \(until))"
        case .greater: condition = "\(column) >= \(until)"
        case .greaterOrEqual: condition = "\(column) >= \(from)"
        case .less: condition = "\(column) < \(from)"
        case .lessOrEqual: condition = "\(column) < \(until)"
        case .notEqual, .contains, .startsWith, .endsWith: return nil
        }
        return DirectoryCondition(condition, by: lead)
    }

    private static func activity(
        _ comparison: AttributeFilter.Comparison, _ operand: AttributeFilter.Operand
    ) -> DirectoryCondition? {
        guard case .flag(let flag) = operand, comparison == .equal || comparison == .notEqual else { return nil }
        let isActive = flag == (comparison == .equal)
        return DirectoryCondition(
            isActive ? "u.deactivated_at IS NULL" : "u.deactivated_at IS NOT NULL", by: .column)
    }

    /// Ids are texts on the wire; one that is no number of ours names nothing.
    private static func number(_ text: String) -> Int64 {
        guard let number = Int64(text), String(number) == text else { return 0 }
        return number
    }
}
