import LatchkeyCore
import LatchkeyStore

extension Provisioner {
    func person(_ id: ID<User>) throws(Refusal) -> Person {
        guard let person = try db.person(id, in: directory) else { throw .notFound("user") }
        return person
    }

    func create(_ record: AttributeRecord) throws(Refusal) -> Person {
        var record = record
        if record[DirectoryAttribute.active] == nil { record[DirectoryAttribute.active] = .flag(true) }
        try requireFree(record, for: nil)
        let id: ID<User> = try db.nextID()
        let handle = try handle(for: record, id)
        try carryOut(try Person.create(record, id: id, handle: handle, within: reach, by: caller, at: now))
        return try person(id)
    }

    /// What a replacement leaves out is gone, but for `active`: nobody comes back to life by being left out.
    func replace(_ person: Person, with record: AttributeRecord) throws(Refusal) -> Person {
        var record = record
        if record[DirectoryAttribute.active] == nil {
            record[DirectoryAttribute.active] = person.record[DirectoryAttribute.active]
        }
        return try become(person, record)
    }

    func edit(_ person: Person, _ edits: [AttributeEdit]) throws(Refusal) -> Person {
        try become(person, try person.record.applying(edits))
    }

    private func become(_ person: Person, _ record: AttributeRecord) throws(Refusal) -> Person {
        try requireFree(record, for: person)
        let decision = try person.becoming(
            record, try surroundings(of: person), within: reach, by: caller, at: now)
        guard let decision else { return person }
        try carryOut(decision)
        return try self.person(person.user.id)
    }

    func delete(_ person: Person) throws(Refusal) {
        try carryOut(try person.delete(try surroundings(of: person), within: reach, by: caller, at: now))
    }

    private func surroundings(of person: Person) throws(Refusal) -> PersonSurroundings {
        PersonSurroundings(
            activeTokens: try db.activeTokens(of: person.user.id, at: now),
            sessions: try db.sessions(of: person.user.id).map(\.id),
            isLastAdmin: try db.isLastAdmin(person.user))
    }
}

// What is taken.
extension Provisioner {
    /// User name and external id have to be free, and nobody may take the name or the address of an account that this
    /// directory cannot reach: such a name is how a break-glass Admin or a service user is known.
    private func requireFree(_ record: AttributeRecord, for person: Person?) throws(Refusal) {
        let userName = record[DirectoryAttribute.userName]?.text ?? ""
        if userName != person?.user.userName { try requireFree(userName: userName, for: person) }
        if let external = record[DirectoryAttribute.externalID]?.text,
            let holder = try db.personID(externalID: external, in: directory), holder != person?.user.id
        {
            throw Self.taken(DirectoryAttribute.externalID, "Another user of this directory has this externalId.")
        }
        for email in record[DirectoryAttribute.emails]?.items ?? [] {
            guard let address = email.object?["value"]?.text else { continue }
            try requireReachable(address, DirectoryAttribute.emails, for: person)
        }
    }

    private func requireFree(userName: String, for person: Person?) throws(Refusal) {
        if let holder = try db.accountID(userName: userName), holder != person?.user.id {
            throw Self.taken(DirectoryAttribute.userName, "There is a user of this userName already.")
        }
        try requireReachable(userName, DirectoryAttribute.userName, for: person)
    }

    private func requireReachable(_ name: String, _ attribute: String, for person: Person?) throws(Refusal) {
        for handle in Set([name.trimmed.lowercased(), name.trimmed.folded]) {
            guard let holder = try db.user(handle: handle), holder.id != person?.user.id else { continue }
            guard holder.type == .service || holder.isBreakGlass else { continue }
            throw Self.taken(attribute, "This \(attribute) belongs to an account that directory sync does not manage.")
        }
    }

    /// Handles are never used again; the second of a name gets its number too.
    private func handle(for record: AttributeRecord, _ id: ID<User>) throws(Refusal) -> String {
        let handle = (record[DirectoryAttribute.userName]?.text ?? "").trimmed.lowercased()
        return try db.user(handle: handle) == nil ? handle : "\(handle)#\(id)"
    }
}
