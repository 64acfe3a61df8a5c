/// Who asks, as far as a policy cares.
public struct Asker: Sendable {
    /// `nil` for somebody without a credential.
    public let role: Role?
    public let isSCIMOnly: Bool
    public let narrowing: Narrowing

    public init(role: Role?, isSCIMOnly: Bool = false, narrowing: Narrowing = .none) {
        self.role = role
        self.isSCIMOnly = isSCIMOnly
        self.narrowing = narrowing
    }

    /// The holder of a token. A SCIM token of a service user carries the right that an Admin gave with it, whatever the
    /// account's role. One of a person lives on that person's being an Admin.
    public init(of type: UserType, role: Role, isSCIMOnly: Bool, narrowing: Narrowing) {
        let role = isSCIMOnly && type == .service ? Role.admin : role
        self.init(role: role, isSCIMOnly: isSCIMOnly, narrowing: narrowing)
    }

    public static let anonymous = Asker(role: nil)
}

/// The thing that is asked about: one of a kind by its name, or any of that kind where the request does not say which.
public struct PolicyResource: Hashable, Sendable {
    public let kind: String
    /// `nil` for "some of this kind".
    public let name: String?

    public init(kind: String, name: String?) {
        self.kind = kind
        self.name = name
    }
}

/// The highest level at which the asker's teams open a resource; `nil` for none. For "some of a kind", the highest
/// over all of that kind.
public typealias TeamLevel = (PolicyResource) -> TeamPermission?

/// What a policy says of one question: yes or no, why, and by which rule.
public struct Ruling: Sendable {
    /// The words are part of the API and never change their meaning.
    public enum Reason: String, Hashable, Sendable, CaseIterable {
        case publicRoute = "public"
        /// The rule asks for a token and for no right.
        case anyToken = "any_token"
        case role, team
        /// No rule matches the path, or none of those that do is for this method.
        case noRule = "no_rule"
        /// The path is not one that two readers would be sure to understand alike.
        case path = "bad_path"
        case unknownAction = "unknown_action"
        case noCredential = "no_credential"
        case scimOnly = "scim_only"
        case narrowed
        case roleTooLow = "role_too_low"
        case noTeam = "no_team"

        public var isAllowed: Bool {
            switch self {
            case .publicRoute, .anyToken, .role, .team: true
            case .noRule, .path, .unknownAction, .noCredential, .scimOnly, .narrowed, .roleTooLow, .noTeam: false
            }
        }
    }

    public let reason: Reason
    public let action: PolicyAction?
    public let resource: PolicyResource?
    /// The rule that led from method and path to the action.
    public var route: PolicyRoute?
    /// The role that was asked about.
    let role: Role?

    init(
        _ reason: Reason, _ action: PolicyAction? = nil, on resource: PolicyResource? = nil,
        route: PolicyRoute? = nil, role: Role? = nil
    ) {
        self.reason = reason
        self.action = action
        self.resource = resource
        self.route = route
        self.role = role
    }

    public var isAllowed: Bool { reason.isAllowed }
}

extension PolicyAction {
    /// The one question of right, at this authority and behind every gateway: first what the token itself is limited
    /// to, then its role, then its teams.
    public func ruling(for asker: Asker, on resource: PolicyResource? = nil, level: TeamLevel = { _ in nil }) -> Ruling
    {
        func ruling(_ reason: Ruling.Reason) -> Ruling { Ruling(reason, self, on: resource, role: asker.role) }
        guard let role = asker.role else { return ruling(.noCredential) }
        if asker.isSCIMOnly, name != Permission.provision.rawValue { return ruling(.scimOnly) }
        /// `nil` where teams have no say in this.
        func teamsOpenIt() -> Bool? {
            guard let resource, let needed = grant.levels[resource.kind] else { return nil }
            return level(resource).map { $0 >= needed } ?? false
        }
        if let lowest = grant.role, role >= lowest {
            guard asker.narrowing.allows(action: name) else { return ruling(.narrowed) }
            // A token that is limited to some teams reaches what these open, whatever its role.
            guard asker.narrowing.teams != nil else { return ruling(.role) }
            return ruling(rulesOverTeams || teamsOpenIt() == false ? .noTeam : .role)
        }
        guard let lowest = grant.roleThroughTeams, role >= lowest else { return ruling(.roleTooLow) }
        guard asker.narrowing.allows(action: name) else { return ruling(.narrowed) }
        return ruling(teamsOpenIt() == true ? .team : .noTeam)
    }
}

extension PolicyAction {
    fileprivate var rulesOverTeams: Bool { Permission(rawValue: name)?.rulesOverTeams ?? false }
}

extension Ruling {
    /// The line that decided: of the grant that let it pass or was missing, else of the route.
    public var mark: PolicyMark? {
        switch reason {
        case .role: action?.marks.role ?? route?.mark
        case .team, .noTeam: resource.flatMap { action?.marks.levels[$0.kind] } ?? route?.mark
        case .roleTooLow: action?.marks.role ?? action?.marks.roleThroughTeams ?? route?.mark
        case .publicRoute, .anyToken, .noRule, .path, .unknownAction, .noCredential, .scimOnly, .narrowed: route?.mark
        }
    }

    /// Why, as its asker may read it: what is missing, never what others have.
    public var sentence: String { sentence(whose: "this token acts as") }

    /// - Parameter subject: what goes before the asker's role.
    func sentence(whose subject: String) -> String {
        let name = action?.name ?? "this"
        switch reason {
        case .publicRoute: return "This is open to everybody."
        case .anyToken: return "This is open to every token."
        case .role: return "The role \(role?.rawValue ?? "") grants \(name)."
        case .team: return "A team of this token's grants \(name) on \(resource?.words ?? "it")."
        case .noRule: return "No rule of the policy opens this path to this method."
        case .path: return "The path could be understood in more than one way."
        case .unknownAction: return "The policy knows no such action."
        case .noCredential: return "Send a token: Authorization: Bearer <token>."
        case .scimOnly: return "This token opens the SCIM endpoints and nothing else; use another token here."
        case .narrowed: return "This token is limited to certain actions, and \(name) is not among them."
        case .roleTooLow: return roleSentence(subject)
        case .noTeam where action?.rulesOverTeams == true:
            return "This token is limited to some teams, and \(name) reaches all of them."
        case .noTeam: return "None of this token's teams grants \(name) on \(resource?.words ?? "it")."
        }
    }

    private func roleSentence(_ subject: String) -> String {
        let needed = action.flatMap { $0.grant.roleThroughTeams ?? $0.grant.role }
        guard let needed else { return "No role has this right." }
        return "This needs the role \(needed.rawValue); \(subject) \(role?.rawValue ?? "nobody")."
    }
}

extension PolicyResource {
    /// `datastore 7`, or `any datastore`.
    public var words: String { "\(name == nil ? "any " : "")\(kind)\(name.map { " \($0)" } ?? "")" }
}
