extension Group {
    /// Decides a new team whose name and external id are free and whose members were found: no resources, the lowest
    /// level. Level and resources are an Admin's to give.
    public static func create(
        _ record: AttributeRecord, id: ID<Team>, members: [ID<User>], within reach: DirectoryReach, by caller: Caller,
        at now: Timestamp
    ) throws(Refusal) -> Decision {
        let name = try Names.checked(
            record[DirectoryAttribute.displayName]?.text ?? "", at: DirectoryAttribute.displayName)
        let team = Team(
            id: id, name: name, description: "", permission: .reporter, createdAt: now.wholeSecond,
            createdBy: caller.userID)
        let entry = GroupEntry(
            team: id, directory: reach.directory, externalID: try record.checkedExternalID(),
            changedAt: now.wholeSecond)
        let event = AuditEvent(
            .create, .team, id.value,
            changes: .between([
                ("name", nil, .text(name)), ("permission", nil, .text(team.permission.rawValue)),
                ("external_id", nil, .optional(entry.externalID)),
                ("members_added", nil, members.isEmpty ? nil : .ids(members)),
            ]), by: caller, at: now)
        return Decision(
            event, [.insertTeam(team), .setGroupEntry(entry)] + members.map { .addMember($0, to: id) })
    }

    /// Decides a change of name, external id and members; `nil` when nothing differs.
    public func becoming(
        _ record: AttributeRecord, _ members: MemberChange, within reach: DirectoryReach, by caller: Caller,
        at now: Timestamp
    ) throws(Refusal) -> Decision? {
        var (team, entry) = (team, entry)
        team.name = try Names.checked(
            record[DirectoryAttribute.displayName]?.text ?? "", at: DirectoryAttribute.displayName)
        entry.directory = reach.directory
        entry.externalID = try record.checkedExternalID()
        let (joining, leaving) = (members.joining.sorted(), members.leaving.sorted())
        let changes = [FieldChange].between([
            ("name", .text(self.team.name), .text(team.name)),
            ("external_id", .optional(self.entry.externalID), .optional(entry.externalID)),
            ("directory", .optional(self.entry.directory), .optional(entry.directory)),
            ("members_added", nil, joining.isEmpty ? nil : .ids(joining)),
            ("members_removed", leaving.isEmpty ? nil : .ids(leaving), nil),
        ])
        guard !changes.isEmpty else { return nil }
        var rows: [Change] = []
        if team != self.team || entry != self.entry {
            team.version += 1
            rows = [.updateTeam(team), .setGroupEntry(entry)]
        }
        return Decision(
            AuditEvent(.update, .team, team.id.value, changes: changes, by: caller, at: now),
            rows + joining.map { .addMember($0, to: team.id) } + leaving.map { .removeMember($0, from: team.id) })
    }

    /// Decides the end of a team. One that an Admin made, or that holds others than the directory's people, is not the
    /// directory's to delete: somebody's pipeline may live on it.
    public func delete(
        otherMembers: Int, within reach: DirectoryReach, by caller: Caller, at now: Timestamp
    ) throws(Refusal) -> Decision {
        guard entry.directory == reach.directory else {
            throw .forbidden("This team was made by an Admin, not by this directory. An Admin can delete it.")
        }
        guard otherMembers == 0 else {
            let others = otherMembers == 1 ? "1 member" : "\(otherMembers) members"
            throw .conflict(
                "This team has \(others) that directory sync does not manage, such as service users. An Admin can take "
                    + "them out or delete the team.")
        }
        return try team.delete(by: caller, at: now)
    }
}
