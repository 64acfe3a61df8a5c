/// A team as a directory sees it. `Public` has no entry, so no directory sees it.
public struct Group: Hashable, Sendable {
    public let team: Team
    public let entry: GroupEntry
    /// Those members that the directory sees, by id; empty where they were not asked for.
    public var members: [ID<User>]

    public init(team: Team, entry: GroupEntry, members: [ID<User>] = []) {
        self.team = team
        self.entry = entry
        self.members = members
    }
}

/// What a directory keeps beside a team.
public struct GroupEntry: Hashable, Sendable {
    public let team: ID<Team>
    /// The account whose tokens keep this team in step; `nil` while no directory does.
    public var directory: ID<User>?
    public var externalID: String?
    /// Counts the changes of members, which leave the team's own version alone. The store counts.
    public let revision: Int64
    public let changedAt: Timestamp

    public init(
        team: ID<Team>, directory: ID<User>?, externalID: String? = nil, revision: Int64 = 1, changedAt: Timestamp
    ) {
        self.team = team
        self.directory = directory
        self.externalID = externalID
        self.revision = revision
        self.changedAt = changedAt
    }
}

/// One change of a group, as a directory asks for it.
public enum GroupEdit: Hashable, Sendable {
    case rename(String)
    case externalID(String?)
    case addMembers([ID<User>])
    case removeMembers([ID<User>])
    /// Those members whom the filter fits, whose paths begin at one of `members`.
    case removeMembersMatching(AttributeFilter)
    /// The whole new list of those whom the directory sees.
    case replaceMembers([ID<User>])
}

/// Who joins and who leaves in the end, whatever the order in which it was said.
public struct MemberChange: Hashable, Sendable {
    public private(set) var joining: Set<ID<User>> = []
    public private(set) var leaving: Set<ID<User>> = []

    public init() {}

    public mutating func add(_ users: some Sequence<ID<User>>) {
        joining.formUnion(users)
        leaving.subtract(users)
    }

    public mutating func remove(_ users: some Sequence<ID<User>>) {
        leaving.formUnion(users)
        joining.subtract(users)
    }

    /// Without those who are where they are wanted already.
    public func real(members: Set<ID<User>>) -> MemberChange {
        var change = MemberChange()
        change.joining = joining.subtracting(members)
        change.leaving = leaving.intersection(members)
        return change
    }

    public var isEmpty: Bool { joining.isEmpty && leaving.isEmpty }
}

extension Group {
    public var record: AttributeRecord {
        var record: AttributeRecord = [DirectoryAttribute.displayName: .text(team.name)]
        record[DirectoryAttribute.externalID] = entry.externalID.map { .text($0) }
        return record
    }

    /// What filters and orders look at.
    public var searchable: AttributeRecord {
        var record = record
        record["id"] = .text(team.id.description)
        record["meta"] = .object([
            "resourceType": .text("Group"), "created": .text(team.createdAt.text),
            "lastModified": .text(entry.changedAt.text),
        ])
        if !members.isEmpty { record[DirectoryAttribute.members] = .list(members.map { .member($0) }) }
        return record
    }

    public var tag: String { "\(team.version)-\(entry.revision)" }
}

extension AttributeValue {
    /// A member as filters see one.
    public static func member(_ id: ID<User>) -> AttributeValue {
        .object(["value": .text(id.description), "type": .text("User")])
    }
}
