import LatchkeyCore

extension Transaction {
    /// What a filter finds between two moments, counted by day, actor, verb and outcome.
    ///
    /// Whole days come from ``Migration/dailyCounts`` unless the filter asks for what these do not hold: an object, a
    /// token, an address. Then, and for days that the span cuts, the events themselves are counted.
    static func parts(_ filter: ActivityFilter, from: Timestamp, until: Timestamp) -> SQL {
        guard filter.isCountedByDay else { return events(filter, from: from, until: until) }
        return parts(from: from, until: until) { days in
            Self.days(filter, days)
        } rest: { from, until in
            events(filter, from: from, until: until)
        }
    }

    /// Whole days by one question, and what a span cuts off from its first and last day by another.
    static func parts(
        from: Timestamp, until: Timestamp, days: (Range<Int64>) -> SQL, rest: (Timestamp, Timestamp) -> SQL
    ) -> SQL {
        let (first, end) = (from.dayNumberAfter, until.dayNumber)
        guard first < end else { return rest(from, until) }
        let (start, last) = (Timestamp(dayNumber: first), Timestamp(dayNumber: end))
        var parts = days(first..<end)
        if from < start { parts += " UNION ALL " + rest(from, start) }
        if last < until { parts += " UNION ALL " + rest(last, until) }
        return parts
    }

    private static func days(_ filter: ActivityFilter, _ days: Range<Int64>) -> SQL {
        var conditions: [SQL] = ["d.day >= \(days.lowerBound)", "d.day < \(days.upperBound)"]
        if !filter.users.isEmpty { conditions.append("d.actor_id \(in: filter.users)") }
        if !filter.verbs.isEmpty { conditions.append("d.verb \(in: filter.verbs)") }
        return """
            SELECT d.day, d.actor_id, d.actor_handle, d.verb, d.outcome, d.events FROM activity_day d
            WHERE \(SQL.all(conditions))
            """
    }

    static func events(_ filter: ActivityFilter, from: Timestamp, until: Timestamp) -> SQL {
        var filter = filter
        (filter.from, filter.until) = (from, until)
        return """
            SELECT e.at / 86400000 AS day, COALESCE(e.actor_id, 0) AS actor_id, e.actor_handle, e.verb, e.outcome,
                COUNT(*) AS events
            FROM audit_event e WHERE \(conditions(filter))
            GROUP BY e.at / 86400000, COALESCE(e.actor_id, 0), e.actor_handle, e.verb, e.outcome
            """
    }
}

extension WriteTransaction {
    /// Counts an event in its day. `append` is the only one to call it.
    func addToDay(_ event: AuditEvent) throws(Refusal) {
        try run(
            """
            INSERT INTO activity_day (day, actor_id, actor_handle, verb, outcome, events)
            VALUES (\(event.at.dayNumber), \(event.actor.user ?? ID(0)), \(event.actor.handle), \(event.verb),
                \(event.outcome), 1)
            ON CONFLICT (day, actor_id, actor_handle, verb, outcome)
            DO UPDATE SET events = activity_day.events + 1
            """)
        try addToTotal(event)
        try addToActor(event)
    }

    private func addToTotal(_ event: AuditEvent) throws(Refusal) {
        let isService: SQL = """
            EXISTS (SELECT 1 FROM user_account WHERE id = \(event.actor.user ?? ID(0)) AND user_type = 'Service')
            """
        let isAutomation: SQL = event.actor.isJob ? "1" : "CASE WHEN \(isService) THEN 1 ELSE 0 END"
        try run(
            """
            INSERT INTO activity_total (day, is_automation, verb, object_type, outcome, events)
            VALUES (\(event.at.dayNumber), \(isAutomation), \(event.verb), \(event.objectType), \(event.outcome), 1)
            ON CONFLICT (day, is_automation, verb, object_type, outcome)
            DO UPDATE SET events = activity_total.events + 1
            """)
    }

    private func addToActor(_ event: AuditEvent) throws(Refusal) {
        try run(
            """
            INSERT INTO activity_actor (day, actor_id, handle, verb, object_type, events)
            VALUES (\(event.at.dayNumber), \(event.actor.user ?? ID(0)),
                \(event.actor.user == nil ? event.actor.handle : ""), \(event.verb), \(event.objectType), 1)
            ON CONFLICT (day, actor_id, handle, verb, object_type)
            DO UPDATE SET events = activity_actor.events + 1
            """)
    }
}

extension AuditEvent.Actor {
    /// ``ActivityActor/isAutomation`` says the same of what is read.
    fileprivate var isJob: Bool { user == nil && handle.hasPrefix("job:") }
}

extension ActivityFilter {
    var isCountedByDay: Bool {
        objectType == nil && objectID == nil && token == nil && address == nil
    }
}
