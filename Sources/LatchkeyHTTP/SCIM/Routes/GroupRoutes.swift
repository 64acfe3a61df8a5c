import HTTPTypes
import HummingbirdCore
import LatchkeyApp
import LatchkeyCore

/// `/Groups`.
struct GroupRoutes: Sendable {
    let door: SCIMDoor

    private var app: App { door.app }

    var endpoints: [Endpoint] {
        [
            door.endpoint(.get, "/Groups", "listSCIMGroups", "Teams.", list),
            door.endpoint(.post, "/Groups", "createSCIMGroup", "Makes a team.", create),
            door.endpoint(.get, "/Groups/{id}", "findSCIMGroup", "One team.", find),
            door.endpoint(.put, "/Groups/{id}", "replaceSCIMGroup", "Replaces a team.", replace),
            door.endpoint(.patch, "/Groups/{id}", "editSCIMGroup", "Changes a team.", edit),
            door.endpoint(.delete, "/Groups/{id}", "deleteSCIMGroup", "Deletes a team.", delete),
        ]
    }

    private static let members = ResourceType.group.attribute(DirectoryAttribute.members)

    /// Members are read only where they are shown: a group may hold a hundred thousand.
    static func showsMembers(_ projection: Projection) -> Bool {
        members.map { projection.shows($0) } ?? false
    }
}

extension GroupRoutes {
    @Sendable
    private func list(_ call: Call) async throws -> Reply {
        let request = try ListRequest(query: call.queryText)
        let projection = try request.projection(of: .group)
        let page = try await app.listGroups(
            request.query(of: .group), withMembers: Self.showsMembers(projection), as: call.caller)
        let groups = page.items.map { door.write.group($0, projection) }
        return try .scim(door.write.list(groups, total: page.total, start: page.start))
    }

    @Sendable
    private func create(_ call: Call) async throws -> Reply {
        let projection = try call.projection(of: .group)
        let record = try ResourceReading(call.tree(), as: .group).record
        let members = try MemberReading.ids(record[DirectoryAttribute.members])
        let group = try await app.createGroup(record, members: members, as: call.caller)
        return try reply(group, projection, .created)
    }

    @Sendable
    private func find(_ call: Call) async throws -> Reply {
        let projection = try call.projection(of: .group)
        let group = try await app.findGroup(
            call.id("group"), withMembers: Self.showsMembers(projection), as: call.caller)
        guard !EntityTag.isKnown(group.tag, to: call.request.headers) else {
            return Reply(status: .notModified, fields: [HTTPField(name: .eTag, value: EntityTag.header(group.tag))])
        }
        return try reply(group, projection)
    }

    @Sendable
    private func replace(_ call: Call) async throws -> Reply {
        let projection = try call.projection(of: .group)
        let record = try ResourceReading(call.tree(), as: .group).record
        let members = try MemberReading.ids(record[DirectoryAttribute.members])
        let group = try await app.replaceGroup(
            call.id("group"), with: record, members: members, if: call.precondition, as: call.caller)
        return try reply(group, projection)
    }

    /// 204, as RFC 7644 §3.5.2 allows: the whole group, its members among it, would cost what the group holds.
    @Sendable
    private func edit(_ call: Call) async throws -> Reply {
        let projection = try call.projection(of: .group)
        let edits = try PatchReading(call.tree(), of: .group).groupEdits()
        let group = try await app.editGroup(call.id("group"), edits, if: call.precondition, as: call.caller)
        guard !projection.isAll else {
            return Reply(status: .noContent, fields: [HTTPField(name: .eTag, value: EntityTag.header(group.tag))])
        }
        guard Self.showsMembers(projection) else { return try reply(group, projection) }
        return try reply(await app.findGroup(group.team.id, withMembers: true, as: call.caller), projection)
    }

    @Sendable
    private func delete(_ call: Call) async throws -> Reply {
        try await app.deleteGroup(call.id("group"), if: call.precondition, as: call.caller)
        return .noContent
    }

    private func reply(
        _ group: Group, _ projection: Projection, _ status: HTTPResponse.Status = .ok
    ) throws -> Reply {
        try .scim(
            door.write.group(group, projection), status: status,
            fields: .resource(at: door.write.location(group.team.id), group.tag, isNew: status == .created))
    }
}
