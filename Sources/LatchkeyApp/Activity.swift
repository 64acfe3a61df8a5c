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
        let found = try await store.read { db throws(Refusal) in try db.activity(filter, page) }
        await recordReading([FieldChange("page", after: .number(Int64(page.number)))], by: caller)
        return found
    }

    /// The same events counted by day, verb and actor. That they were counted is recorded as a reading.
    public func activityInsights(
        _ filter: ActivityFilter, as caller: Caller
    ) async throws(Refusal) -> ActivityInsights {
        try caller.require(.readActivity)
        let (from, until) = try filter.countedSpan(at: ambient.now())
        let insights = try await store.read { db throws(Refusal) in
            ActivityInsights(
                try db.activityTotals(filter, from: from, until: until),
                actors: try db.activityActors(filter, from: from, until: until), from: from, until: until)
        }
        await recordReading([FieldChange("insights", after: .flag(true))], by: caller)
        return insights
    }

    /// A page of the log with the names of what it is about, as one moment knew them, and as one reading.
    ///
    /// The figures of the whole filter come with the first page alone. Who did any of it has to be counted from tens of
    /// thousands of rows in a large house, many times the work of reading one page, and is the same on all of them.
    public func surveyActivity(
        _ filter: ActivityFilter, _ page: PageRequest, as caller: Caller
    ) async throws(Refusal) -> ActivitySurvey {
        try caller.require(.readActivity)
        let (from, until) = try filter.countedSpan(at: ambient.now())
        var spanned = filter
        (spanned.from, spanned.until) = (from, until)
        let survey = try await store.read { [spanned] db throws(Refusal) in
            let totals = try db.activityTotals(spanned, from: from, until: until)
            let found = try db.activity(spanned, page, total: totals.reduce(0) { $0 + $1.events })
            let actors = page.number == 1 ? try db.activityActors(spanned, from: from, until: until) : nil
            return ActivitySurvey(
                events: found, from: from, until: until,
                insights: actors.map { ActivityInsights(totals, actors: $0, from: from, until: until) },
                names: try db.objectNames(of: found.items))
        }
        await recordReading([FieldChange("page", after: .number(Int64(page.number)))], by: caller)
        return survey
    }

    func recordReading(_ shown: [FieldChange], by caller: Caller, as verb: Verb = .read) async {
        let reading = AuditEvent(verb, .activity, 0, changes: shown, by: caller, at: ambient.now())
        do throws(Refusal) {
            try await commit(as: nil) { db throws(Refusal) in try db.apply(Decision(reading)) }
        } catch {
            logger.error(
                "a reading of the audit log could not be recorded",
                metadata: ["reader": "\(caller.handle ?? "")", "cause": "\(error)"])
        }
    }
}

/// What the page of the audit log shows.
public struct ActivitySurvey: Sendable {
    public let events: Page<RecordedEvent>
    public let from: Timestamp
    public let until: Timestamp
    /// With the first page alone.
    public let insights: ActivityInsights?
    public let names: ObjectNames
}
