/// A person as a directory sees them: the account, and what the directory keeps beside it.
///
/// Service users and break-glass Admins have no entry, so no directory can see or touch them.
public struct Person: Hashable, Sendable {
    public let user: User
    public let entry: PersonEntry
    /// Those of the person's teams that the directory sees, by id.
    public var groups: [GroupReference]

    public init(user: User, entry: PersonEntry, groups: [GroupReference] = []) {
        self.user = user
        self.entry = entry
        self.groups = groups
    }
}

/// What a directory keeps beside an account.
public struct PersonEntry: Hashable, Sendable {
    public let user: ID<User>
    /// The account whose tokens keep this person in step; `nil` while no directory does. Another directory neither
    /// sees nor touches the person.
    public var directory: ID<User>?
    /// The directory's own name for the person. Never an id of ours.
    public var externalID: String?
    /// As the directory sent them, but for those that the account itself holds. `active` only says that it was sent:
    /// its value is the account's.
    public var attributes: AttributeRecord
    public var changedAt: Timestamp
    /// When the directory deleted the person: they are in nobody's reach from then on.
    public var hiddenAt: Timestamp?

    public init(
        user: ID<User>, directory: ID<User>?, externalID: String? = nil, attributes: AttributeRecord = [:],
        changedAt: Timestamp, hiddenAt: Timestamp? = nil
    ) {
        self.user = user
        self.directory = directory
        self.externalID = externalID
        self.attributes = attributes
        self.changedAt = changedAt
        self.hiddenAt = hiddenAt
    }
}

/// A team as one of its members mentions it.
public struct GroupReference: Hashable, Sendable {
    public let id: ID<Team>
    public let name: String

    public init(id: ID<Team>, name: String) {
        self.id = id
        self.name = name
    }
}

/// Names of attributes that an account or a team holds itself.
public enum DirectoryAttribute {
    public static let userName = "userName"
    public static let externalID = "externalId"
    public static let displayName = "displayName"
    public static let active = "active"
    public static let emails = "emails"
    public static let name = "name"
    public static let roles = "roles"
    public static let members = "members"
    public static let groups = "groups"
}

extension Person {
    /// The attributes that a directory can write, as it reads them back.
    public var record: AttributeRecord {
        let isUntouched = entry.directory == nil && entry.attributes.isEmpty
        var record = isUntouched ? ownAttributes : entry.attributes
        record[DirectoryAttribute.userName] = .text(user.userName)
        record[DirectoryAttribute.externalID] = entry.externalID.map { .text($0) }
        // Where a directory keeps somebody without it, or has taken it away, it is not there (RFC 7644 §3.5.2.2).
        if record[DirectoryAttribute.active] != nil || (!user.isActive && entry.directory == nil) {
            record[DirectoryAttribute.active] = .flag(user.isActive)
        }
        return record
    }

    /// What a person whom no directory keeps yet shows: what the account knows.
    private var ownAttributes: AttributeRecord {
        var record: AttributeRecord = [
            DirectoryAttribute.displayName: .text(user.name), DirectoryAttribute.active: .flag(user.isActive),
        ]
        if let email = user.email {
            record[DirectoryAttribute.emails] = .list([.object(["value": .text(email), "primary": .flag(true)])])
        }
        return record
    }

    /// What filters and orders look at: the record, and what the house adds to it.
    public var searchable: AttributeRecord { searchable(for: nil) }

    /// - Parameter attributes: those that are looked at; what costs something is left out of the others. `nil` for all.
    public func searchable(for attributes: Set<String>?) -> AttributeRecord {
        var record = record
        record["id"] = .text(user.id.description)
        // Who is active can be asked for whether or not the directory ever sent it.
        record[DirectoryAttribute.active] = .flag(user.isActive)
        if attributes?.contains("meta") ?? true {
            record["meta"] = Self.meta(created: user.createdAt, changed: entry.changedAt)
        }
        let groups = groups.map { group in
            AttributeValue.object(["value": .text(group.id.description), "display": .text(group.name)])
        }
        if !groups.isEmpty { record[DirectoryAttribute.groups] = .list(groups) }
        return record
    }

    public static func meta(created: Timestamp, changed: Timestamp) -> AttributeValue {
        .object([
            "resourceType": .text("User"), "created": .text(created.text), "lastModified": .text(changed.text),
        ])
    }

    /// Tells versions apart. It covers the groups too, which change without the account.
    public var tag: String {
        var digest: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in groups.flatMap({ Array("\($0.id) \($0.name);".utf8) }) {
            digest = (digest ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        return groups.isEmpty ? "\(user.version)" : "\(user.version)-" + String(digest, radix: 36)
    }
}

/// What an account learns from a directory's attributes.
extension AttributeRecord {
    /// The name that people see: the first of these that is there.
    func accountName(userName: String) -> String {
        let name = self[DirectoryAttribute.name]?.object ?? [:]
        let parts = ["givenName", "familyName"].compactMap { name[$0]?.text?.trimmed }.filter { !$0.isEmpty }
        let names: [String?] = [
            self[DirectoryAttribute.displayName]?.text, name["formatted"]?.text, parts.joined(separator: " "),
        ]
        return names.compactMap { $0?.trimmed }.first { !$0.isEmpty } ?? userName
    }

    /// The primary mail address, else the one at work, else the first; else the user name, if it is one.
    func accountEmail(userName: String) -> String? {
        let emails = self[DirectoryAttribute.emails]?.items.compactMap(\.object) ?? []
        let inOrder =
            emails.filter { $0["primary"] == .flag(true) } + emails.filter { $0["type"]?.text == "work" } + emails
        let addresses = inOrder.compactMap { $0["value"]?.text } + [userName]
        for address in addresses {
            if let email = try? EmailAddress.checked(address, at: DirectoryAttribute.emails) { return email }
        }
        return nil
    }
}
