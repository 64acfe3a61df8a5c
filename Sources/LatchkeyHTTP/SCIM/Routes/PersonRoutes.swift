import HTTPTypes
import HummingbirdCore
import LatchkeyApp
import LatchkeyCore

/// `/Users` and `/Me`.
struct PersonRoutes: Sendable {
    let door: SCIMDoor

    private var app: App { door.app }

    var endpoints: [Endpoint] {
        [
            door.endpoint(.get, "/Users", "listSCIMUsers", "People.", list),
            door.endpoint(.post, "/Users", "createSCIMUser", "Makes a person.", create),
            door.endpoint(.get, "/Users/{id}", "findSCIMUser", "One person.") { try await find($0, at: id($0)) },
            door.endpoint(.put, "/Users/{id}", "replaceSCIMUser", "Replaces a person.") {
                try await replace($0, at: id($0))
            },
            door.endpoint(.patch, "/Users/{id}", "editSCIMUser", "Changes a person.") {
                try await edit($0, at: id($0))
            },
            door.endpoint(.delete, "/Users/{id}", "deleteSCIMUser", "Deactivates and hides a person.") {
                try await delete($0, at: id($0))
            },
            door.endpoint(.get, "/Me", "findSCIMMe", "The person whose token this is.") {
                try await find($0, at: ownID($0))
            },
            door.endpoint(.put, "/Me", "replaceSCIMMe", "Replaces that person.") {
                try await replace($0, at: ownID($0))
            },
            door.endpoint(.patch, "/Me", "editSCIMMe", "Changes that person.") { try await edit($0, at: ownID($0)) },
            door.endpoint(.delete, "/Me", "deleteSCIMMe", "Deactivates and hides that person.") {
                try await delete($0, at: ownID($0))
            },
            door.endpoint(.post, "/Me", "createSCIMMe", "Not to be had: whoever asks is there already.") { _ in
                throw SCIMFault(501, nil, "Whoever asks is there already.")
            },
        ]
    }

    private func id(_ call: Call) throws(Refusal) -> ID<User> { try call.id("user") }

    /// RFC 7644 §3.11: a directory's own account is no person.
    private func ownID(_ call: Call) throws -> ID<User> {
        guard let bearer = call.bearer, bearer.account.type == .human else {
            throw SCIMFault(501, nil, "This token belongs to no person, so there is no /Me.")
        }
        return bearer.account.id
    }
}

extension PersonRoutes {
    @Sendable
    private func list(_ call: Call) async throws -> Reply {
        let request = try ListRequest(query: call.queryText)
        let projection = try request.projection(of: .user)
        let page = try await app.listPeople(request.query(of: .user), as: call.caller)
        let people = page.items.map { door.write.person($0, projection) }
        return try .scim(door.write.list(people, total: page.total, start: page.start))
    }

    @Sendable
    private func create(_ call: Call) async throws -> Reply {
        let projection = try call.projection(of: .user)
        let reading = try ResourceReading(call.tree(), as: .user)
        let person = try await app.createPerson(reading.record, as: call.caller)
        return try reply(person, projection, .created)
    }

    private func find(_ call: Call, at id: ID<User>) async throws -> Reply {
        let projection = try call.projection(of: .user)
        let person = try await app.findPerson(id, as: call.caller)
        guard !EntityTag.isKnown(person.tag, to: call.request.headers) else {
            return Reply(status: .notModified, fields: [HTTPField(name: .eTag, value: EntityTag.header(person.tag))])
        }
        return try reply(person, projection)
    }

    private func replace(_ call: Call, at id: ID<User>) async throws -> Reply {
        let projection = try call.projection(of: .user)
        let reading = try ResourceReading(call.tree(), as: .user)
        let person = try await app.replacePerson(
            id, with: reading.record, if: call.precondition, as: call.caller)
        return try reply(person, projection)
    }

    private func edit(_ call: Call, at id: ID<User>) async throws -> Reply {
        let projection = try call.projection(of: .user)
        let edits = try PatchReading(call.tree(), of: .user).personEdits()
        let person = try await app.editPerson(id, edits, if: call.precondition, as: call.caller)
        return try reply(person, projection)
    }

    private func delete(_ call: Call, at id: ID<User>) async throws -> Reply {
        try await app.deletePerson(id, if: call.precondition, as: call.caller)
        return .noContent
    }

    private func reply(
        _ person: Person, _ projection: Projection, _ status: HTTPResponse.Status = .ok
    ) throws -> Reply {
        try .scim(
            door.write.person(person, projection), status: status,
            fields: .resource(at: door.write.location(person.user.id), person.tag, isNew: status == .created))
    }
}

extension [HTTPField] {
    static func resource(at location: String, _ tag: String, isNew: Bool) -> [HTTPField] {
        [HTTPField(name: .eTag, value: EntityTag.header(tag))]
            + (isNew ? [HTTPField(name: .location, value: location)] : [])
    }
}
