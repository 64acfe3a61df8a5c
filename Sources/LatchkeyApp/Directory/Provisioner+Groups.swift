import LatchkeyCore
import LatchkeyStore

extension Provisioner {
    func group(_ id: ID<Team>) throws(Refusal) -> Group {
        guard let group = try db.group(id, in: directory) else { throw .notFound("group") }
        return group
    }

    func create(_ record: AttributeRecord, members: [ID<User>]) throws(Refusal) -> ID<Team> {
        try requireFree(record, for: nil)
        try requireVisible(members)
        let id: ID<Team> = try db.nextID()
        let decision = try Group.create(
            record, id: id, members: Set(members).sorted(), within: reach, by: caller, at: now)
        try carryOut(decision)
        return id
    }

    func replace(_ group: Group, with record: AttributeRecord, members: [ID<User>]) throws(Refusal) {
        try edit(group, record, [.replaceMembers(members)])
    }

    func edit(_ group: Group, _ edits: [GroupEdit]) throws(Refusal) {
        var record = group.record
        for edit in edits {
            switch edit {
            case .rename(let name): record[DirectoryAttribute.displayName] = .text(name)
            case .externalID(let text): record[DirectoryAttribute.externalID] = text.map { .text($0) }
            default: continue
            }
        }
        try self.edit(group, record, edits)
    }

    private func edit(_ group: Group, _ record: AttributeRecord, _ edits: [GroupEdit]) throws(Refusal) {
        try requireFree(record, for: group)
        var change = MemberChange()
        for edit in edits { try note(edit, of: group, in: &change) }
        let named = change.joining.union(change.leaving)
        let there = Set(try db.visibleMembers(of: group.team.id, in: directory, among: named))
        try carryOut(
            try group.becoming(record, change.real(members: there), within: reach, by: caller, at: now))
    }

    /// Costs what the edit names; only a replacement and a filter have to know who is in the group.
    private func note(_ edit: GroupEdit, of group: Group, in change: inout MemberChange) throws(Refusal) {
        switch edit {
        case .rename, .externalID: return
        case .addMembers(let users):
            try requireVisible(users)
            change.add(users)
        case .removeMembers(let users): change.remove(try db.visiblePeople(users, in: directory))
        case .removeMembersMatching(let filter):
            let members = try members(of: group, after: change)
            change.remove(members.filter { filter.matches(AttributeValue.member($0).object ?? [:]) })
        case .replaceMembers(let users):
            try requireVisible(users)
            change.remove(try members(of: group, after: change))
            change.add(users)
        }
    }

    private func members(of group: Group, after change: MemberChange) throws(Refusal) -> Set<ID<User>> {
        Set(try db.visibleMembers(of: group.team.id, in: directory))
            .subtracting(change.leaving).union(change.joining)
    }

    func delete(_ group: Group) throws(Refusal) {
        let others = try db.otherMemberCount(of: group.team.id, in: directory)
        try carryOut(try group.delete(otherMembers: others, within: reach, by: caller, at: now))
    }

    private func requireVisible(_ users: [ID<User>]) throws(Refusal) {
        let found = try db.visiblePeople(Set(users), in: directory)
        guard let missing = users.first(where: { !found.contains($0) }) else { return }
        throw .invalid(DirectoryAttribute.members, "There is no user \(missing) that could be a member.")
    }

    private func requireFree(_ record: AttributeRecord, for group: Group?) throws(Refusal) {
        if let name = record[DirectoryAttribute.displayName]?.text,
            let holder = try db.team(named: name.trimmed), holder.id != group?.team.id
        {
            throw Self.taken(DirectoryAttribute.displayName, "There is a team of this name already.")
        }
        if let external = record[DirectoryAttribute.externalID]?.text,
            let holder = try db.groupID(externalID: external, in: directory), holder != group?.team.id
        {
            throw Self.taken(DirectoryAttribute.externalID, "Another group of this directory has this externalId.")
        }
    }
}
