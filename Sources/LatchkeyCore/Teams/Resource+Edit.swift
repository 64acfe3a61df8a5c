/// What somebody says of a resource; `nil` fields stay as they are.
public struct ResourceEdit: Hashable, Sendable {
    public var kind: String?
    public var name: String?
    /// `.some(nil)` takes it away.
    public var externalID: String??
    public var description: String?

    public init(kind: String? = nil, name: String? = nil, externalID: String?? = nil, description: String? = nil) {
        self.kind = kind
        self.name = name
        self.externalID = externalID
        self.description = description
    }
}

extension Resource {
    public static func create(
        _ edit: ResourceEdit, id: ID<Resource>, by caller: Caller, at now: Timestamp
    ) throws(Refusal) -> (resource: Resource, decision: Decision) {
        var resource = Resource(
            id: id, kind: "", name: "", externalID: nil, description: "", createdAt: now.wholeSecond,
            createdBy: caller.userID)
        guard edit.kind != nil else { throw .invalid("/kind", "must be there") }
        guard edit.name != nil else { throw .invalid("/name", "must be there") }
        try resource.apply(edit)
        let event = AuditEvent(
            .create, .resource, id.value, changes: resource.differences(from: nil), by: caller, at: now)
        return (resource, Decision(event, [.insertResource(resource)]))
    }

    /// Decides an edit; the decision is `nil` when nothing differs.
    public func applying(
        _ edit: ResourceEdit, by caller: Caller, at now: Timestamp
    ) throws(Refusal) -> (resource: Resource, decision: Decision?) {
        var resource = self
        try resource.apply(edit)
        let changes = resource.differences(from: self)
        guard !changes.isEmpty else { return (self, nil) }
        resource.version += 1
        let event = AuditEvent(.update, .resource, id.value, changes: changes, by: caller, at: now)
        return (resource, Decision(event, [.updateResource(resource)]))
    }

    public func delete(by caller: Caller, at now: Timestamp) -> Decision {
        let changes = [FieldChange("kind", before: .text(kind)), FieldChange("name", before: .text(name))]
        return Decision(
            AuditEvent(.delete, .resource, id.value, changes: changes, by: caller, at: now), [.deleteResource(id)])
    }

    private mutating func apply(_ edit: ResourceEdit) throws(Refusal) {
        if let kind = edit.kind {
            guard kind.wholeMatch(of: /[a-z][a-z0-9_-]{0,62}/) != nil else {
                throw .invalid("/kind", "must be 1 to 63 of a-z, 0-9, _ and -, beginning with a letter")
            }
            self.kind = kind
        }
        if let name = edit.name { self.name = try Names.checked(name, at: "/name") }
        if let externalID = edit.externalID {
            self.externalID = try externalID.map { id throws(Refusal) in try Names.checked(id, at: "/external_id") }
        }
        if let text = edit.description { description = try Names.checkedText(text, at: "/description") }
    }

    private func differences(from old: Resource?) -> [FieldChange] {
        .between([
            ("kind", .optional(old?.kind), .text(kind)), ("name", .optional(old?.name), .text(name)),
            ("external_id", .optional(old?.externalID), .optional(externalID)),
            ("description", .optional(old?.description), .text(description)),
        ])
    }
}
