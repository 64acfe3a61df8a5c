/// Who may do what behind the gateways, compiled from a file of actions, roles, team levels and routes.
///
/// Latchkey's own actions are part of every policy: rules can name them, and what grants them is ``Permission``.
public struct Policy: Sendable {
    public let name: String
    /// Latchkey's own, then those of the file in its order.
    public let actions: [PolicyAction]
    public let routes: [PolicyRoute]
    /// Written beside the rules, to be held against them by `latchkey policy test`.
    public let cases: [PolicyCase]
    private let byName: [String: PolicyAction]
    private let trie: RouteTrie

    init(name: String, actions: [PolicyAction], routes: [PolicyRoute], cases: [PolicyCase] = []) {
        self.name = name
        self.actions = Permission.allCases.compactMap { PolicyAction.own[$0] } + actions
        self.routes = routes
        self.cases = cases
        byName = Dictionary(self.actions.map { ($0.name, $0) }, uniquingKeysWith: { own, _ in own })
        trie = RouteTrie(routes)
    }

    /// Latchkey's own actions alone, and no routes: everything behind a gateway is denied.
    public static let own = Policy(name: "latchkey", actions: [], routes: [])

    public func action(named name: String) -> PolicyAction? { byName[name] }
}

extension Policy {
    /// May the asker do this? For those who name the action themselves.
    public func ruling(
        on name: String, _ resource: PolicyResource? = nil, for asker: Asker, level: TeamLevel
    ) -> Ruling {
        guard let action = byName[name] else { return Ruling(.unknownAction, on: resource, role: asker.role) }
        return action.ruling(for: asker, on: resource, level: level)
    }

    /// May the asker send this request? A request that no rule opens is denied.
    public func ruling(method: String, _ path: RequestPath, for asker: Asker, level: TeamLevel) -> Ruling {
        ruling(at: route(method: method, path), path, for: asker, level: level)
    }

    /// The rule that a request falls under: that of its method, for HEAD else that of GET, which is the same with a
    /// body (RFC 9110 §9.3.2), else that for any method.
    public func route(method: String, _ path: RequestPath) -> PolicyRoute? {
        let rules = trie.rules(for: path)
        if let rule = rules.first(where: { $0.methods.contains(method) }) { return rule }
        if method == "HEAD", let rule = rules.first(where: { $0.methods.contains("GET") }) { return rule }
        return rules.first { $0.methods.contains(PolicyRoute.anyMethod) }
    }

    /// The same where the rule is known already; `nil` for none.
    public func ruling(at route: PolicyRoute?, _ path: RequestPath, for asker: Asker, level: TeamLevel) -> Ruling {
        guard let route else { return Ruling(asker.role == nil ? .noCredential : .noRule, role: asker.role) }
        switch route.opens {
        case .everybody:
            let isSCIM = asker.role != nil && asker.isSCIMOnly
            return Ruling(isSCIM ? .scimOnly : .publicRoute, route: route, role: asker.role)
        case .anyToken:
            let reason: Ruling.Reason = asker.role == nil ? .noCredential : asker.isSCIMOnly ? .scimOnly : .anyToken
            return Ruling(reason, route: route, role: asker.role)
        case .holders(let action, let target):
            var resource: PolicyResource?
            if let target {
                resource = route.resource(in: path, target)
                if resource == nil { return Ruling(.path, action, route: route, role: asker.role) }
            }
            var ruling = action.ruling(for: asker, on: resource, level: level)
            ruling.route = route
            return ruling
        }
    }
}
