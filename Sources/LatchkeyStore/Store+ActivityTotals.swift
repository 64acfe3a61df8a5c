public import LatchkeyCore

/// What the page of the audit log counts: by day without the actors, and by actor without the days. Both are short,
/// where the two together have a row for each person and day of a month.
extension Transaction {
    /// What a filter finds between two moments, by day, kind of actor, verb and outcome.
    public func activityTotals(
        _ filter: ActivityFilter, from: Timestamp, until: Timestamp
    ) throws(Refusal) -> [ActivityTotal] {
        try all(
            """
            SELECT p.day, p.is_automation, p.verb, p.outcome, CAST(SUM(p.events) AS BIGINT)
            FROM (\(Self.totalParts(filter, from: from, until: until))) AS p
            GROUP BY p.day, p.is_automation, p.verb, p.outcome
            """
        ) { row throws(Refusal) in
            ActivityTotal(
                day: row.int(0), isAutomation: row.flag(1), verb: try row.word(2), outcome: try row.word(3),
                events: Int(row.int(4)))
        }
    }

    /// Everybody who did any of it, and how much; in no order.
    public func activityActors(
        _ filter: ActivityFilter, from: Timestamp, until: Timestamp
    ) throws(Refusal) -> [ActivityInsights.ActorCount] {
        try all(
            """
            SELECT g.actor_id, COALESCE(u.handle, g.handle), u.user_type, g.events
            FROM (SELECT p.actor_id, p.handle, CAST(SUM(p.events) AS BIGINT) AS events
                FROM (\(Self.actorParts(filter, from: from, until: until))) AS p
                GROUP BY p.actor_id, p.handle) AS g
            LEFT JOIN user_account u ON u.id = g.actor_id
            """
        ) { row throws(Refusal) in
            let actor = ActivityActor(
                user: row.int(0) == 0 ? nil : row.id(0), handle: row.text(1),
                type: row.isNull(2) ? nil : try row.word(2))
            return ActivityInsights.ActorCount(actor: actor, events: Int(row.int(3)))
        }
    }

    private static func totalParts(_ filter: ActivityFilter, from: Timestamp, until: Timestamp) -> SQL {
        guard filter.users.isEmpty, filter.isOfKinds else { return groupParts(filter, from: from, until: until) }
        return parts(from: from, until: until) { days in
            """
            SELECT d.day, d.is_automation, d.verb, d.outcome, d.events FROM activity_total d
            WHERE \(conditions(filter, days))
            """
        } rest: { from, until in
            groupParts(filter, from: from, until: until)
        }
    }

    private static func actorParts(_ filter: ActivityFilter, from: Timestamp, until: Timestamp) -> SQL {
        guard filter.isOfKinds else { return eventActors(filter, from: from, until: until) }
        return parts(from: from, until: until) { days in
            "SELECT d.actor_id, d.handle, d.events FROM activity_actor d WHERE \(conditions(filter, days))"
        } rest: { from, until in
            eventActors(filter, from: from, until: until)
        }
    }

    private static func conditions(_ filter: ActivityFilter, _ days: Range<Int64>) -> SQL {
        var conditions: [SQL] = ["d.day >= \(days.lowerBound)", "d.day < \(days.upperBound)"]
        if !filter.users.isEmpty { conditions.append("d.actor_id \(in: filter.users)") }
        if !filter.verbs.isEmpty { conditions.append("d.verb \(in: filter.verbs)") }
        if let type = filter.objectType { conditions.append("d.object_type = \(type)") }
        return .all(conditions)
    }

    private static func eventActors(_ filter: ActivityFilter, from: Timestamp, until: Timestamp) -> SQL {
        """
        SELECT q.actor_id, CASE WHEN q.actor_id = 0 THEN q.actor_handle ELSE '' END AS handle, q.events
        FROM (\(events(filter, from: from, until: until))) AS q
        """
    }

    /// The counts of each actor, by what kind of actor it is.
    private static func groupParts(_ filter: ActivityFilter, from: Timestamp, until: Timestamp) -> SQL {
        """
        SELECT q.day, CASE WHEN u.user_type = 'Service' OR (u.user_type IS NULL AND q.actor_handle LIKE 'job:%')
            THEN 1 ELSE 0 END AS is_automation, q.verb, q.outcome, q.events
        FROM (\(parts(filter, from: from, until: until))) AS q LEFT JOIN user_account u ON u.id = q.actor_id
        """
    }
}

extension ActivityFilter {
    /// Whether it asks for kinds of things alone, which are counted by day, and for none of them in particular.
    fileprivate var isOfKinds: Bool { objectID == nil && token == nil && address == nil }
}
