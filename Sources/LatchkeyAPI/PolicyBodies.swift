/// The policy in force.
public struct PolicyBody: Codable, Hashable, Sendable {
    public let policy: String
    public let source: String
    /// SHA-256 of its text, in hexadecimal.
    public let digest: String
    /// When it was taken up; `nil` for one that has decided since the start.
    public let since: String?
    /// Why the newest text of it was not taken up; `nil` when it was.
    public let fault: String?
    public let faultAt: String?
    public let actions: [PolicyActionBody]

    enum CodingKeys: String, CodingKey {
        case policy, source, digest, since, fault
        case faultAt = "fault_at"
        case actions
    }

    public init(
        policy: String, source: String, digest: String, since: String?, fault: String?, faultAt: String?,
        actions: [PolicyActionBody]
    ) {
        self.policy = policy
        self.source = source
        self.digest = digest
        self.since = since
        self.fault = fault
        self.faultAt = faultAt
        self.actions = actions
    }
}

/// Something that can be done, as a token's `actions` spell it.
public struct PolicyActionBody: Codable, Hashable, Sendable {
    public let name: String
    public let summary: String
    /// The lowest role that may by itself; `nil` for none.
    public let role: String?
    /// The lowest role that may where a team grants it; `nil` for none.
    public let roleThroughTeams: String?

    enum CodingKeys: String, CodingKey {
        case name, summary, role
        case roleThroughTeams = "role_through_teams"
    }

    public init(name: String, summary: String, role: String?, roleThroughTeams: String?) {
        self.name = name
        self.summary = summary
        self.role = role
        self.roleThroughTeams = roleThroughTeams
    }
}

/// Which rule decides a request, and why.
public struct ExplanationBody: Codable, Hashable, Sendable {
    public let decision: Bool
    public let reason: String
    public let detail: String
    public let method: String
    /// As rules see it.
    public let path: String
    /// The rule as the policy writes it; `nil` when none matches.
    public let route: String?
    public let action: String?
    /// `datastore 7`; `nil` where the rule names none.
    public let resource: String?
    /// What the token's teams open of it.
    public let level: String?
    public let policy: String
    public let source: String
    /// Of the rule that led to the action, and of the grant that decided.
    public let routeLine: Int?
    public let line: Int?

    enum CodingKeys: String, CodingKey {
        case decision, reason, detail, method, path, route, action, resource, level, policy, source
        case routeLine = "route_line"
        case line
    }

    public init(
        decision: Bool, reason: String, detail: String, method: String, path: String, route: String?, action: String?,
        resource: String?, level: String?, policy: String, source: String, routeLine: Int?, line: Int?
    ) {
        self.decision = decision
        self.reason = reason
        self.detail = detail
        self.method = method
        self.path = path
        self.route = route
        self.action = action
        self.resource = resource
        self.level = level
        self.policy = policy
        self.source = source
        self.routeLine = routeLine
        self.line = line
    }
}
