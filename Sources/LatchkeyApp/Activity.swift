public import LatchkeyCore
import LatchkeyStore

extension App {
    /// The audit log, newest first. That it was read is itself recorded, before the reply.
    public func listActivity(
        _ filter: ActivityFilter, _ page: PageRequest, as caller: Caller
    ) async throws(Refusal) -> Page<RecordedEvent> {
        try caller.require(.readActivity)
        let now = ambient.now()
        let found = try await store.read { db throws(Refusal) in try db.activity(filter, page) }
        let reading = AuditEvent(
            .read, .activity, 0, changes: [FieldChange("page", after: .number(Int64(page.number)))], by: caller,
            at: now)
        try await commit { db throws(Refusal) in try db.apply(Decision(reading)) }
        return found
    }
}
