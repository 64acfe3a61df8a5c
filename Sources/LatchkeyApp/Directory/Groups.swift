public import LatchkeyCore
import LatchkeyStore

/// Teams, as directories keep them in step.
extension App {
    public func listGroups(
        _ query: DirectoryQuery, withMembers: Bool, as caller: Caller
    ) async throws(Refusal) -> DirectoryPage<Group> {
        let directory = try Self.directory(of: try caller.provisioning())
        return try await store.read { db throws(Refusal) in
            try db.groups(query, withMembers: withMembers, in: directory)
        }
    }

    public func findGroup(
        _ id: ID<Team>, withMembers: Bool, as caller: Caller
    ) async throws(Refusal) -> Group {
        let directory = try Self.directory(of: try caller.provisioning())
        return try await store.read { db throws(Refusal) in
            try db.found(id, withMembers: withMembers, in: directory)
        }
    }

    public func createGroup(
        _ record: AttributeRecord, members: [ID<User>], as caller: Caller
    ) async throws(Refusal) -> Group {
        try await provision(as: caller) { work throws(Refusal) in
            let id = try work.create(record, members: members)
            return try work.db.found(id, withMembers: true, in: work.directory)
        }
    }

    /// The members that the directory sees become those of the list; the others stay.
    public func replaceGroup(
        _ id: ID<Team>, with record: AttributeRecord, members: [ID<User>], if precondition: Precondition,
        as caller: Caller
    ) async throws(Refusal) -> Group {
        try await provision(as: caller) { work throws(Refusal) in
            let group = try work.group(id)
            try precondition.require(group.tag)
            try work.replace(group, with: record, members: members)
            return try work.db.found(id, withMembers: true, in: work.directory)
        }
    }

    public func editGroup(
        _ id: ID<Team>, _ edits: [GroupEdit], if precondition: Precondition, as caller: Caller
    ) async throws(Refusal) -> Group {
        try await provision(as: caller) { work throws(Refusal) in
            let group = try work.group(id)
            try precondition.require(group.tag)
            try work.edit(group, edits)
            return try work.group(id)
        }
    }

    public func deleteGroup(
        _ id: ID<Team>, if precondition: Precondition, as caller: Caller
    ) async throws(Refusal) {
        try await provision(as: caller) { work throws(Refusal) in
            let group = try work.group(id)
            try precondition.require(group.tag)
            try work.delete(group)
        }
    }
}

extension Transaction {
    fileprivate func found(
        _ id: ID<Team>, withMembers: Bool, in directory: ID<User>
    ) throws(Refusal) -> Group {
        guard var group = try group(id, in: directory) else { throw .notFound("group") }
        if withMembers { group.members = try visibleMembers(of: id, in: directory) }
        return group
    }
}
