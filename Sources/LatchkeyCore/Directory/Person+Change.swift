/// What a change of a person has to know of the rest.
public struct PersonSurroundings: Sendable {
    public let activeTokens: [Token]
    /// Those that have not been ended.
    public let sessions: [ID<Session>]
    public let isLastAdmin: Bool

    public init(activeTokens: [Token] = [], sessions: [ID<Session>] = [], isLastAdmin: Bool = false) {
        self.activeTokens = activeTokens
        self.sessions = sessions
        self.isLastAdmin = isLastAdmin
    }
}

extension Person {
    /// All attributes of one person together, in bytes of JSON.
    static let mostText = 64 * 1024

    /// Decides a new person whose user name and external id are free.
    ///
    /// - Parameter handle: free as well, and never used before.
    public static func create(
        _ record: AttributeRecord, id: ID<User>, handle: String, within reach: DirectoryReach, by caller: Caller,
        at now: Timestamp
    ) throws(Refusal) -> Decision {
        let parts = try PersonParts(record)
        var user = User(
            id: id, type: .human, handle: handle, userName: parts.userName, email: parts.email, name: parts.name,
            role: .member, createdAt: now.wholeSecond, createdBy: caller.userID)
        user.role = try parts.role(before: [:], role: .member, isLastAdmin: false, reach) ?? .member
        user.deactivatedAt = parts.isActive == false ? now.wholeSecond : nil
        let entry = PersonEntry(
            user: id, directory: reach.directory, externalID: parts.externalID,
            attributes: parts.attributes, changedAt: now.wholeSecond)
        let event = AuditEvent(
            .create, .user, id.value,
            changes: .between([
                ("user_id", nil, .text(handle)), ("user_name", nil, .text(user.userName)),
                ("name", nil, .text(user.name)), ("email", nil, .optional(user.email)),
                ("role", nil, .text(user.role.rawValue)), ("external_id", nil, .optional(entry.externalID)),
                ("deleted_at", nil, .optional(user.deactivatedAt)),
            ]), by: caller, at: now)
        return Decision(event, [.insertUser(user), .setPersonEntry(entry)])
    }

    /// Decides that the person becomes what the record says; `nil` when nothing differs. Whoever keeps the person in
    /// step for the first time has them from then on. A record without `active` leaves the account as it is: nobody
    /// comes back to life by being left out.
    public func becoming(
        _ record: AttributeRecord, _ surroundings: PersonSurroundings, within reach: DirectoryReach,
        by caller: Caller, at now: Timestamp
    ) throws(Refusal) -> Decision? {
        let parts = try PersonParts(record)
        var (user, entry) = (user, entry)
        user.userName = parts.userName
        user.name = parts.name
        user.email = parts.email
        let role = try parts.role(
            before: self.record, role: user.role, isLastAdmin: surroundings.isLastAdmin, reach)
        user.role = role ?? user.role
        entry.directory = reach.directory
        entry.externalID = parts.externalID
        entry.attributes = parts.attributes
        var decision = update(to: user, entry, by: caller, at: now)
        if decision != nil { user.version += 1 }
        let staysActive = parts.isActive ?? user.isActive
        if staysActive != user.isActive {
            let change =
                staysActive
                ? try user.restore(by: caller, at: now)
                : try user.deactivate(surroundings, by: caller, at: now)
            decision = decision?.and(change) ?? change
        }
        return decision
    }

    /// Decides that the person is gone for the directory: the account stays, deactivated, for the records.
    public func delete(
        _ surroundings: PersonSurroundings, within reach: DirectoryReach, by caller: Caller, at now: Timestamp
    ) throws(Refusal) -> Decision {
        var entry = entry
        entry.directory = reach.directory
        entry.changedAt = now.wholeSecond
        entry.hiddenAt = now.wholeSecond
        let event = AuditEvent(
            .delete, .user, user.id.value, changes: [FieldChange("user_name", before: .text(user.userName))],
            by: caller, at: now)
        let leaving = groups.map { Change.removeMember(user.id, from: $0.id) }
        let hiding = Decision(event, leaving + [.setPersonEntry(entry)])
        guard user.isActive else { return hiding }
        return try user.deactivate(surroundings, by: caller, at: now).and(hiding)
    }

    private func update(to user: User, _ entry: PersonEntry, by caller: Caller, at now: Timestamp) -> Decision? {
        let old = self.user
        let ours = [FieldChange].between([
            ("user_name", .text(old.userName), .text(user.userName)), ("name", .text(old.name), .text(user.name)),
            ("email", .optional(old.email), .optional(user.email)),
            ("role", .text(old.role.rawValue), .text(user.role.rawValue)),
            ("external_id", .optional(self.entry.externalID), .optional(entry.externalID)),
            ("directory", .optional(self.entry.directory), .optional(entry.directory)),
        ])
        let changes = ours + record.changes(to: entry.attributes)
        guard !changes.isEmpty || entry.attributes != self.entry.attributes else { return nil }
        var (user, entry) = (user, entry)
        user.version = old.version + 1
        entry.changedAt = now.wholeSecond
        return Decision(
            AuditEvent(.update, .user, old.id.value, changes: changes, by: caller, at: now),
            [.updateUser(user), .setPersonEntry(entry)])
    }
}

extension User {
    fileprivate func deactivate(
        _ surroundings: PersonSurroundings, by caller: Caller, at now: Timestamp
    ) throws(Refusal) -> Decision {
        try deactivate(
            activeTokens: surroundings.activeTokens, sessions: surroundings.sessions, revokingTokens: true,
            isLastAdmin: surroundings.isLastAdmin, by: caller, at: now)
    }
}

extension AttributeRecord {
    /// Longer values are cut in the audit log: it tells what changed, and is no second store of pictures.
    private static let longestShown = 500

    fileprivate func changes(to new: AttributeRecord) -> [FieldChange] {
        let own: Set = [
            DirectoryAttribute.userName, DirectoryAttribute.externalID, DirectoryAttribute.displayName,
            DirectoryAttribute.active,
        ]
        return Set(keys).union(new.keys).subtracting(own).sorted().compactMap { name in
            let (before, after) = (Self.shown(self[name]), Self.shown(new[name]))
            return before == after ? nil : FieldChange("scim.\(name)", before: before, after: after)
        }
    }

    private static func shown(_ value: AttributeValue?) -> AuditValue? {
        value.map { value in
            if case .flag(let flag) = value { return .flag(flag) }
            return .text(String((value.text ?? value.storedText).prefix(longestShown)))
        }
    }
}
