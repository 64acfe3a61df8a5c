import HTTPTypes
import LatchkeyApp
import LatchkeyCore

/// One operation of a bulk, as its endpoint would carry it out.
struct BulkStep: Sendable {
    let door: SCIMDoor
    let operation: BulkRequest.Operation
    let caller: Caller

    private var app: App { door.app }

    func carryOut() async throws -> BulkOutcome {
        let parts = operation.path.split(separator: "/")
        let endpoint = "/\(parts.first ?? "")"
        switch (operation.verb, parts.count) {
        case (.post?, 1): break
        case (.put?, 2), (.patch?, 2), (.delete?, 2): break
        default: throw SCIMFault.syntax("\(operation.method.prefix(16)) does not go to this path.")
        }
        let id = parts.count == 2 ? String(parts[1]) : ""
        switch endpoint {
        case ResourceType.user.endpoint: return try await person(MemberReading.id(id))
        case ResourceType.group.endpoint: return try await group(ID(MemberReading.id(id).value))
        default: throw Refusal.notFound("endpoint")
        }
    }

    private var data: JSONTree { operation.data ?? .null }

    private var precondition: Precondition {
        operation.version.map { EntityTag.precondition([.ifMatch: $0]) } ?? .none
    }

    private func person(_ id: ID<User>) async throws -> BulkOutcome {
        let person: Person
        switch operation.verb {
        case .post?:
            person = try await app.createPerson(ResourceReading(data, as: .user).record, as: caller)
        case .put?:
            person = try await app.replacePerson(
                id, with: ResourceReading(data, as: .user).record, if: precondition, as: caller)
        case .patch?:
            let edits = try PatchReading(data, of: .user).personEdits()
            person = try await app.editPerson(id, edits, if: precondition, as: caller)
        case .delete?, nil:
            try await app.deletePerson(id, if: precondition, as: caller)
            return BulkOutcome(status: 204, location: door.write.location(id))
        }
        let location = door.write.location(person.user.id)
        return outcome(location, person.user.id.description, person.tag)
    }

    private func group(_ id: ID<Team>) async throws -> BulkOutcome {
        let group: Group
        switch operation.verb {
        case .post?:
            let record = try ResourceReading(data, as: .group).record
            let members = try MemberReading.ids(record[DirectoryAttribute.members])
            group = try await app.createGroup(record, members: members, as: caller)
        case .put?:
            let record = try ResourceReading(data, as: .group).record
            let members = try MemberReading.ids(record[DirectoryAttribute.members])
            group = try await app.replaceGroup(id, with: record, members: members, if: precondition, as: caller)
        case .patch?:
            let edits = try PatchReading(data, of: .group).groupEdits()
            group = try await app.editGroup(id, edits, if: precondition, as: caller)
        case .delete?, nil:
            try await app.deleteGroup(id, if: precondition, as: caller)
            return BulkOutcome(status: 204, location: door.write.location(id))
        }
        return outcome(door.write.location(group.team.id), group.team.id.description, group.tag)
    }

    private func outcome(_ location: String, _ id: String, _ tag: String) -> BulkOutcome {
        BulkOutcome(
            status: operation.verb == .post ? 201 : 200, location: location, id: id, version: EntityTag.header(tag))
    }
}
