/// What an Admin says of a team; `nil` fields stay as they are (or take their usual value in a new team).
public struct TeamEdit: Hashable, Sendable {
    public var name: String?
    public var description: String?
    public var permission: TeamPermission?
    /// The whole new list.
    public var users: [ID<User>]?
    public var resources: [ID<Resource>]?
    /// The version that the editor saw; `nil` for whichever there is.
    public var version: Int64?

    public init(
        name: String? = nil, description: String? = nil, permission: TeamPermission? = nil, users: [ID<User>]? = nil,
        resources: [ID<Resource>]? = nil, version: Int64? = nil
    ) {
        self.name = name
        self.description = description
        self.permission = permission
        self.users = users
        self.resources = resources
        self.version = version
    }
}

extension Team {
    /// Decides a new team whose users and resources were found and whose name is free.
    public static func create(
        _ edit: TeamEdit, id: ID<Team>, isNameTaken: Bool, by caller: Caller, at now: Timestamp
    ) throws(Refusal) -> (team: Team, decision: Decision) {
        var team = Team(
            id: id, name: "", description: "", permission: .reporter, createdAt: now.wholeSecond,
            createdBy: caller.userID)
        guard edit.name != nil else { throw .invalid("/name", "must be there") }
        try team.apply(edit, isNameTaken: isNameTaken)
        let changes = [FieldChange].between([
            ("name", nil, .text(team.name)), ("description", nil, .text(team.description)),
            ("permission", nil, .text(team.permission.rawValue)), ("user_ids", nil, .ids(edit.users ?? [])),
            ("resource_ids", nil, .ids(edit.resources ?? [])),
        ])
        let decision = Decision(
            AuditEvent(.create, .team, id.value, changes: changes, by: caller, at: now),
            [.insertTeam(team)] + Set(edit.users ?? []).sorted().map { .addMember($0, to: id) }
                + Set(edit.resources ?? []).sorted().map { .grant($0, to: id) })
        return (team, decision)
    }

    /// Decides an edit; `nil` when nothing differs.
    public func applying(
        _ edit: TeamEdit, now current: (users: [ID<User>], resources: [ID<Resource>]), isNameTaken: Bool,
        by caller: Caller, at now: Timestamp
    ) throws(Refusal) -> Decision? {
        try version.requireSeen(edit.version, "team")
        try requireEditable(edit)
        var team = self
        try team.apply(edit, isNameTaken: isNameTaken)
        let users = (had: Set(current.users), has: Set(edit.users ?? current.users))
        let resources = (had: Set(current.resources), has: Set(edit.resources ?? current.resources))
        let changes = [FieldChange].between([
            ("name", .text(name), .text(team.name)), ("description", .text(description), .text(team.description)),
            ("permission", .text(permission.rawValue), .text(team.permission.rawValue)),
            ("user_ids", .ids(users.had), .ids(users.has)),
            ("resource_ids", .ids(resources.had), .ids(resources.has)),
        ])
        guard !changes.isEmpty else { return nil }
        team.version += 1
        return Decision(
            AuditEvent(.update, .team, id.value, changes: changes, by: caller, at: now),
            [.updateTeam(team)] + users.has.subtracting(users.had).sorted().map { .addMember($0, to: id) }
                + users.had.subtracting(users.has).sorted().map { .removeMember($0, from: id) }
                + resources.has.subtracting(resources.had).sorted().map { .grant($0, to: id) }
                + resources.had.subtracting(resources.has).sorted().map { .withdraw($0, from: id) })
    }

    public func delete(by caller: Caller, at now: Timestamp) throws(Refusal) -> Decision {
        guard !isPublic else { throw .conflict("Public holds everyone and cannot be deleted.") }
        let change = FieldChange("name", before: .text(name))
        return Decision(
            AuditEvent(.delete, .team, id.value, changes: [change], by: caller, at: now), [.deleteTeam(id)])
    }

    private func requireEditable(_ edit: TeamEdit) throws(Refusal) {
        guard isPublic else { return }
        if let name = edit.name, name != self.name { throw .conflict("Public cannot be renamed.") }
        if let users = edit.users, !users.isEmpty {
            throw .conflict("Public holds everyone; its members cannot be edited.")
        }
    }

    private mutating func apply(_ edit: TeamEdit, isNameTaken: Bool) throws(Refusal) {
        if let name = edit.name { self.name = try Names.checked(name, at: "/name") }
        guard !isNameTaken else { throw .conflict("There is a team of this name already. Choose another name.") }
        if let text = edit.description { description = try Names.checkedText(text, at: "/description") }
        if let permission = edit.permission { self.permission = permission }
    }
}

extension AuditValue {
    static func ids<Kind>(_ ids: some Collection<ID<Kind>>) -> AuditValue {
        .list(Set(ids).sorted().map(\.description))
    }
}
