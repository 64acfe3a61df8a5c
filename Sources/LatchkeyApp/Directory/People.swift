public import LatchkeyCore
import LatchkeyStore

/// People, as directories keep them in step. Whoever is out of a directory's reach is not there for it.
extension App {
    public func listPeople(
        _ query: DirectoryQuery, as caller: Caller
    ) async throws(Refusal) -> DirectoryPage<Person> {
        let directory = try Self.directory(of: try caller.provisioning())
        return try await store.read { db throws(Refusal) in try db.people(query, in: directory) }
    }

    public func findPerson(_ id: ID<User>, as caller: Caller) async throws(Refusal) -> Person {
        let directory = try Self.directory(of: try caller.provisioning())
        return try await store.read { db throws(Refusal) in
            guard let person = try db.person(id, in: directory) else { throw .notFound("user") }
            return person
        }
    }

    /// - Parameter record: attributes by the names of the SCIM schema, those of an extension under its URN.
    public func createPerson(_ record: AttributeRecord, as caller: Caller) async throws(Refusal) -> Person {
        try await provision(as: caller) { work throws(Refusal) in try work.create(record) }
    }

    public func replacePerson(
        _ id: ID<User>, with record: AttributeRecord, if precondition: Precondition, as caller: Caller
    ) async throws(Refusal) -> Person {
        try await provision(as: caller) { work throws(Refusal) in
            let person = try work.person(id)
            try precondition.require(person.tag)
            return try work.replace(person, with: record)
        }
    }

    /// Carries out edits in their order, all or none.
    public func editPerson(
        _ id: ID<User>, _ edits: [AttributeEdit], if precondition: Precondition, as caller: Caller
    ) async throws(Refusal) -> Person {
        try await provision(as: caller) { work throws(Refusal) in
            let person = try work.person(id)
            try precondition.require(person.tag)
            return try work.edit(person, edits)
        }
    }

    /// Deactivates the account and hides it from directories for good.
    public func deletePerson(
        _ id: ID<User>, if precondition: Precondition, as caller: Caller
    ) async throws(Refusal) {
        try await provision(as: caller) { work throws(Refusal) in
            let person = try work.person(id)
            try precondition.require(person.tag)
            try work.delete(person)
        }
    }
}
