public import LatchkeyCore

extension Transaction {
    /// How many events one history shows at most: the latest.
    public static let longestHistory = 1000

    /// What happened to one thing, oldest first.
    public func history(of type: ObjectType, _ id: Int64) throws(Refusal) -> [RecordedEvent] {
        let latest = try events(
            """
            WHERE e.object_type = \(type) AND e.object_id = \(id)
            ORDER BY e.at DESC, e.seq DESC LIMIT \(Self.longestHistory)
            """)
        return latest.reversed()
    }

    /// The audit log, newest first: by the moment, as every index of it is, so that a span of time is found at once.
    ///
    /// - Parameter total: how many there are, where that is known already.
    public func activity(
        _ filter: ActivityFilter, _ page: PageRequest, total: Int? = nil
    ) throws(Refusal) -> Page<RecordedEvent> {
        let conditions = Self.conditions(filter)
        var known = total
        if known == nil { known = Int(try number("SELECT COUNT(*) FROM audit_event e WHERE \(conditions)")) }
        let total = known ?? 0
        let span = ListSpan(page, total: total)
        let order: SQL = span.isFromEnd ? "e.at, e.seq" : "e.at DESC, e.seq DESC"
        // What is passed over is passed over within an index; the rest is read for this page alone.
        let numbers: SQL = """
            SELECT e.seq FROM audit_event e WHERE \(conditions) ORDER BY \(order)
            LIMIT \(span.limit) OFFSET \(span.offset)
            """
        let items = try events("WHERE e.seq IN (\(numbers))").sorted { left, right in
            (left.event.at, left.seq) > (right.event.at, right.seq)
        }
        return Page(items: items, total: total, request: page)
    }

    /// For exports: newest first, from behind an event on. Each part begins where the one before ended, within an index
    /// that has the events in this order: one that had to be sorted would be sorted anew for each part.
    ///
    /// - Parameter newest: the number of the last event that counts: what is written later may tell of earlier moments.
    public func activity(
        _ filter: ActivityFilter, behind last: RecordedEvent?, upTo newest: Int64, limit: Int
    ) throws(Refusal) -> [RecordedEvent] {
        var rest = filter
        var behind: SQL = ""
        if let last {
            // The end of the span comes before it, and would be taken for the place in the index.
            rest.until = nil
            behind = "AND (e.at, e.seq) < (\(last.event.at), \(last.seq))"
        }
        let conditions = Self.conditions(rest, keepsOrder: true)
        return try events(
            "WHERE \(conditions) AND e.seq <= \(newest) \(behind) ORDER BY e.at DESC, e.seq DESC LIMIT \(limit)")
    }

    /// The number of the newest event; 0 for none.
    public func newestEvent() throws(Refusal) -> Int64 {
        try number("SELECT COALESCE(MAX(seq), 0) FROM audit_event")
    }

    private func events(_ rest: SQL) throws(Refusal) -> [RecordedEvent] {
        try all(
            """
            SELECT e.seq, e.at, e.request_id, e.actor_id, e.actor_handle, e.actor_token_id, e.address, e.user_agent,
                e.verb, e.object_type, e.object_id, e.changes, e.outcome, \(UserReference.columns(of: .itself))
            FROM audit_event e LEFT JOIN user_account u ON u.id = e.actor_id \(rest)
            """, RecordedEvent.read)
    }

    /// - Parameter keepsOrder: the events of several verbs or people are looked for among all, in order. Those of one
    ///   are in order in an index of theirs.
    static func conditions(_ filter: ActivityFilter, keepsOrder: Bool = false) -> SQL {
        var conditions: [SQL] = []
        let actor: SQL = keepsOrder && filter.users.count > 1 ? "COALESCE(e.actor_id, 0)" : "e.actor_id"
        let verb: SQL = keepsOrder && filter.verbs.count > 1 ? "COALESCE(e.verb, '')" : "e.verb"
        if !filter.users.isEmpty { conditions.append("\(actor) \(in: filter.users)") }
        if !filter.verbs.isEmpty { conditions.append("\(verb) \(in: filter.verbs)") }
        if let type = filter.objectType { conditions.append("e.object_type = \(type)") }
        if let id = filter.objectID { conditions.append("e.object_id = \(id)") }
        if let token = filter.token {
            conditions.append(
                "(e.actor_token_id = \(token) OR (e.object_type = 'token' AND e.object_id = \(token)))")
        }
        if let address = filter.address { conditions.append("e.address = \(address)") }
        if let from = filter.from { conditions.append("e.at >= \(from)") }
        if let until = filter.until { conditions.append("e.at < \(until)") }
        return .all(conditions)
    }
}

extension WriteTransaction {
    /// Writers are serial on both engines, so the next number is one more than the last, without gaps.
    func append(_ event: AuditEvent) throws(Refusal) {
        try run(
            """
            INSERT INTO audit_event (seq, at, request_id, actor_id, actor_handle, actor_token_id, address, user_agent,
                verb, object_type, object_id, changes, outcome)
            SELECT COALESCE(MAX(seq), 0) + 1, \(event.at), \(event.origin.requestID), \(event.actor.user),
                \(event.actor.handle), \(event.actor.token), \(event.origin.address?.description),
                \(event.origin.userAgent), \(event.verb), \(event.objectType), \(event.objectID),
                \(event.changes.stored), \(event.outcome)
            FROM audit_event
            """)
        try addToDay(event)
    }
}

extension RecordedEvent {
    fileprivate static func read(_ row: Row) throws(Refusal) -> RecordedEvent {
        let origin = Origin(
            requestID: row.optionalText(2), address: row.optionalText(6).flatMap { Address($0) },
            userAgent: row.optionalText(7))
        let actor = AuditEvent.Actor(user: row.optionalID(3), handle: row.text(4), token: row.optionalID(5))
        let event = AuditEvent(
            at: row.time(1), origin: origin, actor: actor, verb: try row.word(8), objectType: try row.word(9),
            objectID: row.int(10), changes: [FieldChange](stored: row.text(11)), outcome: try row.word(12))
        return RecordedEvent(seq: row.int(0), event: event, user: try UserReference.read(row, at: 13))
    }
}
