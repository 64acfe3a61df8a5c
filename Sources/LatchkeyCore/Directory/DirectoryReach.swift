/// In whose name a directory's request acts, and how far it goes.
public struct DirectoryReach: Hashable, Sendable {
    /// The account whose token it is. All tokens of one account are one directory, so that a token can be rotated
    /// without anybody changing hands.
    public let directory: ID<User>
    /// The highest role that it may give or take; `nil` where roles are no business of the directory's.
    public let highestRole: Role?

    public init(directory: ID<User>, highestRole: Role? = nil) {
        self.directory = directory
        self.highestRole = highestRole
    }
}

/// What has to be true of the version that a change meets (RFC 7232 §3.1).
public struct Precondition: Hashable, Sendable {
    /// The tags that will do; `nil` for any version that is there.
    public let tags: [String]?

    public init(tags: [String]?) {
        self.tags = tags
    }

    public static let none = Precondition(tags: nil)

    public func require(_ tag: String) throws(Refusal) {
        guard let tags, !tags.contains(tag) else { return }
        let detail = "The resource has changed since it was read. Read it again and repeat the change."
        throw .invalid([Flaw(pointer: "If-Match", detail: detail, kind: .stale)])
    }
}

extension User {
    /// Decides that what this account's tokens keep in step is free for another directory.
    public func releaseDirectory(people: Int, groups: Int, by caller: Caller, at now: Timestamp) -> Decision {
        let changes = [FieldChange].between([
            ("directory_people", .number(Int64(people)), .number(0)),
            ("directory_groups", .number(Int64(groups)), .number(0)),
        ])
        return Decision(
            AuditEvent(.update, .user, id.value, changes: changes, by: caller, at: now), [.releaseDirectory(id)])
    }
}
