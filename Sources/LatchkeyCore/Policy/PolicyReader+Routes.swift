/// The section that leads from requests to actions:
///
///     GET|PUT /api/datastores/{id}: datastores:view on datastore {id}
///     POST /api/quality-checks: checks:create on any datastore
///     GET /api/health: public
extension PolicyReader {
    private static let everybody = "public"
    private static let anyToken = "any-token"

    mutating func readRoutes(_ node: PolicyNode?, _ policy: Policy) {
        var known: [String: PolicyMark] = [:]
        for entry in entries(node, "routes maps METHOD /path to an action") {
            guard let (methods, template) = head(entry.key), let opens = opening(entry.value, template, policy) else {
                continue
            }
            for method in methods {
                if let earlier = known["\(method) \(template.shape)"] {
                    complain(entry.key.mark, "line \(earlier.line) rules \(method) \(template.text) already")
                }
                known["\(method) \(template.shape)"] = entry.key.mark
            }
            routes.append(
                PolicyRoute(methods: methods, template: template, opens: opens, mark: entry.key.mark))
        }
    }

    private mutating func head(_ node: PolicyNode) -> (methods: [String], template: RouteTemplate)? {
        guard let text = text(node) else { return nil }
        let words = text.split(separator: " ")
        guard words.count == 2, words[0].wholeMatch(of: /[A-Z]+(\|[A-Z]+)*/) != nil else {
            complain(node.mark, "a route reads METHOD /path, such as GET /api/reports/{id} or GET|PUT /api/reports")
            return nil
        }
        do throws(RouteTemplate.Flaw) {
            return (words[0].split(separator: "|").map(String.init), try RouteTemplate(String(words[1])))
        } catch {
            complain(node.mark, error.sentence)
            return nil
        }
    }

    private mutating func opening(
        _ node: PolicyNode, _ template: RouteTemplate, _ policy: Policy
    ) -> PolicyRoute.Opening? {
        guard let text = text(node) else { return nil }
        if text == Self.everybody { return .everybody }
        if text == Self.anyToken { return .anyToken }
        let words = text.split(separator: " ").map(String.init)
        guard words.count == 1 || (words.count == 4 && words[1] == "on") else {
            complain(
                node.mark,
                "a rule reads ACTION, ACTION on KIND {part}, ACTION on any KIND, any-token or public; not \"\(text)\"")
            return nil
        }
        guard let action = policy.action(named: words[0]) else {
            let hint = Self.hint(words[0], policy.actions.map(\.name) + [Self.everybody, Self.anyToken])
            complain(node.mark, "there is no action \(words[0])\(hint)")
            return nil
        }
        guard words.count == 4 else { return checked(action, nil, node.mark) }
        guard let target = target(words[2], words[3], template, node.mark) else { return nil }
        return checked(action, target, node.mark)
    }

    /// `datastore {id}`, or `any datastore`.
    private mutating func target(
        _ first: String, _ second: String, _ template: RouteTemplate, _ mark: PolicyMark
    ) -> PolicyRoute.Target? {
        let kind = first == "any" ? second : first
        guard kinds.contains(kind) else {
            complain(mark, "there is no kind \(kind) under teams" + Self.hint(kind, kinds.sorted()))
            return nil
        }
        if first == "any" { return PolicyRoute.Target(kind: kind, segment: nil) }
        guard second.hasPrefix("{"), second.hasSuffix("}"),
            let segment = template.segment(of: String(second.dropFirst().dropLast()))
        else {
            complain(mark, "\(template.text) has no part \(second); without one, say: on any \(kind)")
            return nil
        }
        return PolicyRoute.Target(kind: kind, segment: segment)
    }

    /// Whether a rule names a resource must fit what the action's grants need.
    private mutating func checked(
        _ action: PolicyAction, _ target: PolicyRoute.Target?, _ mark: PolicyMark
    ) -> PolicyRoute.Opening? {
        let levels = action.grant.levels
        if let target, levels[target.kind] == nil {
            complain(mark, "no level of teams grants \(action.name) on a \(target.kind): leave out \"on …\"")
            return nil
        }
        if target == nil, let kind = levels.keys.min() {
            complain(mark, "\(action.name) is granted through teams: say on which, on \(kind) {part} or on any \(kind)")
            return nil
        }
        return .holders(of: action, on: target)
    }
}
