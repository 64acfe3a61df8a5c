/// Who may do something: a role by itself, or a role together with the level at which a team opens the resource.
///
/// Roles and levels are ordered, so one bound in each respect says it all.
public struct ActionGrant: Hashable, Sendable {
    /// The lowest role that may by itself; `nil` for none.
    public var role: Role?
    /// The lowest role that may where a team's level grants it; `nil` for none.
    public var roleThroughTeams: Role?
    /// By kind of resource, the lowest level that grants it.
    public var levels: [String: TeamPermission]

    public init(role: Role? = nil, roleThroughTeams: Role? = nil, levels: [String: TeamPermission] = [:]) {
        self.role = role
        self.roleThroughTeams = roleThroughTeams
        self.levels = levels
    }

    /// Somebody can have it at all.
    public var isReachable: Bool { role != nil || (roleThroughTeams != nil && !levels.isEmpty) }
}

/// Something that can be done, by its name, with who may do it.
public final class PolicyAction: Sendable {
    /// `datastores:view`: as rules, a token's narrowing and decisions spell it.
    public let name: String
    /// What it is, in words.
    public let summary: String
    public let grant: ActionGrant
    /// Where the policy says so; none for Latchkey's own actions, whose table is ``Permission``.
    public let marks: Marks

    /// The lines that grant an action, by what they grant it to.
    public struct Marks: Hashable, Sendable {
        public var role: PolicyMark?
        public var roleThroughTeams: PolicyMark?
        public var levels: [String: PolicyMark]

        public init(role: PolicyMark? = nil, roleThroughTeams: PolicyMark? = nil, levels: [String: PolicyMark] = [:]) {
            self.role = role
            self.roleThroughTeams = roleThroughTeams
            self.levels = levels
        }
    }

    public init(name: String, summary: String, grant: ActionGrant, marks: Marks = Marks()) {
        self.name = name
        self.summary = summary
        self.grant = grant
        self.marks = marks
    }

    /// Latchkey's own actions, which every policy knows and none can grant otherwise.
    public static let own: [Permission: PolicyAction] = Dictionary(
        uniqueKeysWithValues: Permission.allCases.map { permission in
            let grant = ActionGrant(role: permission.lowestRole)
            return (permission, PolicyAction(name: permission.rawValue, summary: permission.summary, grant: grant))
        })

    /// 2 to 64 characters in words parted by colons.
    static func isName(_ text: String) -> Bool {
        text.utf8.count <= 64 && text.wholeMatch(of: /[a-z][a-z0-9_-]*(?::[a-z][a-z0-9_-]*)+/) != nil
    }
}

/// A place in a policy's text, counted from 1.
public struct PolicyMark: Hashable, Sendable, Comparable {
    public let line: Int
    public let column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    public static func < (left: PolicyMark, right: PolicyMark) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}
