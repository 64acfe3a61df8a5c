/// A directory's attributes of a person, parted into what the account holds and what is kept beside it.
struct PersonParts {
    let userName: String
    let name: String
    let email: String?
    let externalID: String?
    /// `nil` where nothing is said.
    let isActive: Bool?
    let attributes: AttributeRecord

    /// - Throws: `invalid` with the name of the attribute that cannot be taken.
    init(_ record: AttributeRecord) throws(Refusal) {
        let given = record[DirectoryAttribute.userName]?.text ?? ""
        userName = try Names.checked(given, at: DirectoryAttribute.userName)
        guard !userName.lowercased().hasSuffix(Handle.ending) else {
            throw .invalid(DirectoryAttribute.userName, "must not end in \(Handle.ending), as service users' names do")
        }
        name = try Names.checked(record.accountName(userName: userName), at: DirectoryAttribute.displayName)
        email = record.accountEmail(userName: userName)
        externalID = try record.checkedExternalID()
        isActive = record[DirectoryAttribute.active]?.flag
        var attributes = record
        attributes[DirectoryAttribute.userName] = nil
        attributes[DirectoryAttribute.externalID] = nil
        // Only that it was sent: its value is the account's.
        if isActive != nil { attributes[DirectoryAttribute.active] = .flag(true) }
        guard AttributeValue.object(attributes).storedText.utf8.count <= Person.mostText else {
            throw .invalid("", "The attributes of one person must take at most \(Person.mostText / 1024) KiB.")
        }
        self.attributes = attributes
    }

    /// The role that the attributes ask for; `nil` where they ask for nothing new.
    ///
    /// A role that the directory gave and no longer names falls back to Member. One that it never named is none of its
    /// business.
    func role(
        before: AttributeRecord, role: Role, isLastAdmin: Bool, _ reach: DirectoryReach
    ) throws(Refusal) -> Role? {
        guard let highest = reach.highestRole else { return nil }
        guard before[DirectoryAttribute.roles] != attributes[DirectoryAttribute.roles] else { return nil }
        let wanted = try wantedRole()
        guard wanted != role else { return nil }
        guard max(wanted, role) <= highest else {
            throw .forbidden(
                "roles: a role above \(highest.rawValue), that of the SCIM token's creator, can be neither given nor "
                    + "taken by it.")
        }
        guard wanted == .admin || !isLastAdmin else { throw User.lastAdmin }
        return wanted
    }

    private func wantedRole() throws(Refusal) -> Role {
        var roles: [Role] = []
        for item in attributes[DirectoryAttribute.roles]?.items ?? [] {
            let word = item.compared?.text ?? ""
            guard let role = Role.allCases.first(where: { $0.rawValue.lowercased() == word.lowercased() }) else {
                throw .invalid(
                    DirectoryAttribute.roles,
                    "must be among \(Role.allCases.map(\.rawValue).joined(separator: ", ")) here")
            }
            roles.append(role)
        }
        return roles.max() ?? .member
    }
}

extension AttributeRecord {
    /// The directory's own name for a person or a group.
    func checkedExternalID() throws(Refusal) -> String? {
        guard let text = self[DirectoryAttribute.externalID]?.text else { return nil }
        guard (1...1000).contains(text.utf8.count) else {
            throw .invalid(DirectoryAttribute.externalID, "must have 1 to 1000 bytes")
        }
        return text
    }
}
