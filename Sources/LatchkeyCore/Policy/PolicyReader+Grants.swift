/// The sections that say which role and which team level grants what.
extension PolicyReader {
    private static let all = "all"

    mutating func readRoles(_ node: PolicyNode?) {
        for entry in entries(node, "roles maps each role to what it grants") {
            let names = Role.allCases.map(\.rawValue)
            guard let name = word(entry.key, among: names, "role"), let role = Role(rawValue: name) else { continue }
            for part in entries(entry.value, "\(name) maps everywhere and through_teams to lists of actions") {
                switch word(part.key, among: ["everywhere", "through_teams"], "part of a role") {
                case "everywhere":
                    grant(part.value) { draft, mark in draft.allow(role, everywhere: mark) }
                case "through_teams":
                    grant(part.value) { draft, mark in draft.allow(role, throughTeams: mark) }
                default: continue
                }
            }
        }
    }

    mutating func readTeams(_ node: PolicyNode?) {
        for entry in entries(node, "teams maps each kind of resource to its levels") {
            guard let kind = text(entry.key) else { continue }
            guard kind.wholeMatch(of: /[a-z][a-z0-9_-]{0,62}/) != nil else {
                complain(entry.key.mark, "\"\(kind)\" is no kind of resource: a-z, 0-9, _ and -, a letter first")
                continue
            }
            kinds.insert(kind)
            for part in entries(entry.value, "\(kind) maps each level to a list of actions") {
                let levels = TeamPermission.allCases.map(\.rawValue)
                guard let name = word(part.key, among: levels, "level"), let level = TeamPermission(rawValue: name)
                else { continue }
                grant(part.value) { draft, mark in draft.allow(level, on: kind, mark) }
            }
        }
    }

    /// Each action of the list, or every one there is for the word `all`.
    private mutating func grant(_ node: PolicyNode, _ allow: (inout ActionDraft, PolicyMark) -> String?) {
        if case .text(Self.all, let mark) = node {
            // What a lower role grants already is left as it is.
            for place in drafts.indices { _ = allow(&drafts[place], mark) }
            return
        }
        guard case .list(let items, _) = node else {
            return complain(node.mark, "a list of actions belongs here, or the word all; this is \(node.form)")
        }
        for item in items {
            guard let place = declared(item) else { continue }
            if let complaint = allow(&drafts[place], item.mark) { complain(item.mark, complaint) }
        }
    }

    private mutating func declared(_ node: PolicyNode) -> Int? {
        guard let name = text(node) else { return nil }
        if let place = drafts.firstIndex(where: { $0.name == name }) { return place }
        if Permission(rawValue: name) != nil {
            complain(
                node.mark, "\(name) is Latchkey's own action: docs/permissions.txt says who may")
        } else {
            let names = drafts.map(\.name)
            complain(node.mark, "there is no action \(name)" + Self.hint(name, names))
        }
        return nil
    }

    /// A grant that can never be used is a mistake worth telling.
    mutating func checkGrants() {
        for draft in drafts {
            let grant = draft.grant
            if !grant.levels.isEmpty, grant.roleThroughTeams == nil {
                complain(
                    draft.marks.levels.values.min() ?? draft.mark,
                    "a team's level grants \(draft.name), but no role has it under through_teams")
            } else if grant.levels.isEmpty, let mark = draft.marks.roleThroughTeams {
                complain(mark, "\(draft.name) is granted through teams, but no level of teams grants it")
            } else if !grant.isReachable {
                complain(draft.mark, "\(draft.name) is granted to nobody")
            }
        }
    }
}

extension PolicyReader.ActionDraft {
    /// - Returns: what is wrong with it, if a lower role grants the same.
    fileprivate mutating func allow(_ role: Role, everywhere mark: PolicyMark) -> String? {
        if let known = grant.role, known <= role { return Self.twice(name, known.rawValue, marks.role) }
        (grant.role, marks.role) = (role, mark)
        return nil
    }

    fileprivate mutating func allow(_ role: Role, throughTeams mark: PolicyMark) -> String? {
        if let known = grant.roleThroughTeams, known <= role {
            return Self.twice(name, known.rawValue, marks.roleThroughTeams)
        }
        (grant.roleThroughTeams, marks.roleThroughTeams) = (role, mark)
        return nil
    }

    fileprivate mutating func allow(_ level: TeamPermission, on kind: String, _ mark: PolicyMark) -> String? {
        if let known = grant.levels[kind], known <= level {
            return Self.twice(name, known.rawValue, marks.levels[kind])
        }
        (grant.levels[kind], marks.levels[kind]) = (level, mark)
        return nil
    }

    private static func twice(_ name: String, _ granter: String, _ mark: PolicyMark?) -> String {
        "\(granter) grants \(name) already" + (mark.map { " (line \($0.line))" } ?? "") + ", and so do all above it"
    }
}
