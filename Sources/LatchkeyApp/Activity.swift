public import LatchkeyCore
import LatchkeyStore
import Logging

extension App {
    /// The audit log, newest first. That it was read is itself recorded, before the reply.
    ///
    /// Where nothing can be written at the moment, a disk that is full, the log is shown all the same: that is when
    /// somebody needs it.
    public func listActivity(
        _ filter: ActivityFilter, _ page: PageRequest, as caller: Caller
    ) async throws(Refusal) -> Page<RecordedEvent> {
        try caller.require(.readActivity)
        let now = ambient.now()
        let found = try await store.read { db throws(Refusal) in try db.activity(filter, page) }
        let shown = FieldChange("page", after: .number(Int64(page.number)))
        let reading = AuditEvent(.read, .activity, 0, changes: [shown], by: caller, at: now)
        do throws(Refusal) {
            try await commit { db throws(Refusal) in try db.apply(Decision(reading)) }
        } catch {
            logger.error(
                "a reading of the audit log could not be recorded",
                metadata: ["reader": "\(caller.credential?.handle ?? "")", "cause": "\(error)"])
        }
        return found
    }
}
