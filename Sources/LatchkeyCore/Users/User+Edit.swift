/// One thing to change about a user. Absent fields stay.
public enum UserEdit: Hashable, Sendable {
    case name(String)
    case role(Role)
    /// The whole new list; `Public` may be left out.
    case teams([Team])
    case purpose(String?)
    case owner(ID<User>?)
}

extension User {
    /// Decides an edit. `teams` are those that the user is in now, `Public` aside.
    ///
    /// `isLastAdmin` tells that no other active person is an Admin: then the role cannot be taken away.
    public func applying(
        _ edits: [UserEdit], teams: [Team], isLastAdmin: Bool, by caller: Caller, at now: Timestamp
    ) throws(Refusal) -> (user: User, decision: Decision?) {
        try caller.requireRole(atLeast: role, pointer: "This user")
        var (edited, wanted) = (self, teams)
        for edit in edits {
            switch edit {
            case .teams(let list): wanted = list.filter { !$0.isPublic }
            case .role(let role):
                try caller.requireRole(atLeast: role, pointer: "role")
                guard role == .admin || !isLastAdmin else { throw Self.lastAdmin }
                edited.role = role
            default: try edited.applyForService(edit)
            }
        }
        return (edited, edited.update(from: self, teams: teams, to: wanted, by: caller, at: now))
    }

    static let lastAdmin = Refusal.conflict(
        "This is the last active Admin. Make another person Admin first, so that somebody can still manage Latchkey.")

    private mutating func applyForService(_ edit: UserEdit) throws(Refusal) {
        switch edit {
        case .name(let text):
            try requireService(at: "/name")
            name = try Names.checked(text, at: "/name")
        case .purpose(let text):
            try requireService(at: "/purpose")
            purpose = try text.map { text throws(Refusal) in try Names.checkedText(text, at: "/purpose") }
        case .owner(let id):
            try requireService(at: "/owner_id")
            owner = id
        case .role, .teams: break
        }
    }

    private func requireService(at pointer: String) throws(Refusal) {
        guard type == .service else { throw .invalid(pointer, "can be changed for a service user only") }
    }

    /// `nil` when nothing differs: a change that changes nothing leaves no event.
    private func update(
        from old: User, teams: [Team], to wanted: [Team], by caller: Caller, at now: Timestamp
    ) -> Decision? {
        let (had, has) = (Set(teams.map(\.id)), Set(wanted.map(\.id)))
        let changes = [FieldChange].between([
            ("name", .text(old.name), .text(name)), ("role", .text(old.role.rawValue), .text(role.rawValue)),
            ("teams", .list(teams.map(\.name).sorted()), .list(Set(wanted.map(\.name)).sorted())),
            ("purpose", .optional(old.purpose), .optional(purpose)),
            ("owner_id", .optional(old.owner), .optional(owner)),
        ])
        guard !changes.isEmpty else { return nil }
        var user = self
        user.version = old.version + 1
        return Decision(
            AuditEvent(.update, .user, id.value, changes: changes, by: caller, at: now),
            [.updateUser(user)] + has.subtracting(had).sorted().map { .addMember(id, to: $0) }
                + had.subtracting(has).sorted().map { .removeMember(id, from: $0) })
    }
}
