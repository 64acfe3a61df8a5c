import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyStore

@Suite("Counts of the audit log")
struct InsightTests {
    /// Two days on which much happened, and hours on both sides of each midnight.
    private static let start = Timestamp(dayNumber: 20_000) + .hours(6)

    private static func givenEvents(_ db: WriteTransaction) throws(Refusal) -> [User] {
        let users = [
            try db.givenUser("ada@example.com", type: .human), try db.givenUser("load@service"),
        ]
        for step in 0..<60 {
            let user = users[step % 2]
            let isRefused = step.isMultiple(of: 5)
            let event = AuditEvent(
                at: start + .hours(step), origin: Origin(address: Address("10.0.0.\(step % 3)")),
                actor: AuditEvent.Actor(
                    user: step % 7 == 0 ? nil : user.id, handle: step % 7 == 0 ? "host" : user.handle, token: nil),
                verb: [Verb.create, .issue, .revoke][step % 3], objectType: step % 4 == 0 ? .user : .token,
                objectID: Int64(step % 6), changes: [], outcome: isRefused ? .refused : .done)
            try db.apply(Decision(event))
        }
        return users
    }

    @Test(
        "are those of the events themselves, whatever the filter and wherever the days are cut",
        arguments: EngineUnderTest.available)
    func agree(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let users = try await store.write { db throws(Refusal) in try Self.givenEvents(db) }
        let spans: [(Timestamp, Timestamp)] = [
            (Timestamp(dayNumber: 20_000), Timestamp(dayNumber: 20_003)),
            (Self.start + .minutes(30), Self.start + .hours(50)),
            (Self.start + .hours(2), Self.start + .hours(4)), (Timestamp(dayNumber: 20_001), Self.start + .hours(30)),
            (Self.start + .hours(40), Timestamp(dayNumber: 20_100)),
        ]
        let filters = [
            ActivityFilter(), ActivityFilter(users: [users[0].id]), ActivityFilter(verbs: [.issue, .revoke]),
            ActivityFilter(objectType: .token, objectID: 1), ActivityFilter(address: "10.0.0.1"),
            ActivityFilter(objectType: .token),
            ActivityFilter(users: [users[1].id], verbs: [.issue], objectType: .user),
        ]
        for (from, until) in spans {
            for filter in filters {
                let (found, expected) = try await store.read { db throws(Refusal) in
                    var spanned = filter
                    (spanned.from, spanned.until) = (from, until)
                    let events = try db.activity(spanned, PageRequest(size: 100)).items
                    let found = ActivityInsights(
                        try db.activityTotals(filter, from: from, until: until),
                        actors: try db.activityActors(filter, from: from, until: until), from: from, until: until)
                    return (found, Self.counted(events, from: from, until: until))
                }
                #expect(found == expected, "\(filter) \(from.text) \(until.text)")
            }
        }
    }

    /// One by one.
    private static func counted(_ events: [RecordedEvent], from: Timestamp, until: Timestamp) -> ActivityInsights {
        var actors: [ActivityActor: Int] = [:]
        let totals = events.map { recorded in
            let event = recorded.event
            let actor = ActivityActor(
                user: event.actor.user, handle: event.actor.handle, type: recorded.user?.type)
            actors[actor, default: 0] += 1
            return ActivityTotal(
                day: event.at.dayNumber, isAutomation: actor.isAutomation, verb: event.verb, outcome: event.outcome,
                events: 1)
        }
        let counts = actors.map { ActivityInsights.ActorCount(actor: $0.key, events: $0.value) }
        return ActivityInsights(totals, actors: counts, from: from, until: until)
    }

    @Test("of days that were recorded before days were counted are made up for", arguments: EngineUnderTest.available)
    func backfill(engine: EngineUnderTest) async throws {
        let location = engine.freshLocation()
        try Self.fillFirstSchema(location)
        let store = try await Store.open(location, at: Sample.now, logger: .silent)
        let (totals, byOne, days, tokenDays) = try await store.read { db throws(Refusal) in
            let (from, until) = (Timestamp(dayNumber: 9), Timestamp(dayNumber: 12))
            return (
                try db.activityTotals(ActivityFilter(), from: from, until: until),
                try db.activityTotals(ActivityFilter(users: [ID(5)]), from: from, until: until),
                try db.dailyUses(since: Timestamp(dayNumber: 0)),
                try db.dailyUses(of: [ID(1)], since: Timestamp(dayNumber: 0))
            )
        }
        let expected = ActivityTotal(day: 10, isAutomation: true, verb: .create, outcome: .done, events: 2)
        #expect(totals == [expected])
        #expect(byOne == [expected])
        #expect(days == [DailyUses(day: Timestamp(dayNumber: 10), uses: 12, refusals: 3)])
        #expect(tokenDays == [ID(1): days])
        await store.close()
    }

    /// As a program of the first version left it.
    private static func fillFirstSchema(_ location: Store.Location) throws {
        let engine: any Engine
        switch location {
        case .file(let path): engine = try SQLiteEngine(path: path, logger: .silent)
        case .postgres(let url, let schema): engine = try PostgreSQLEngine(url: url, schema: schema, logger: .silent)
        }
        var first = Migrations(engine: engine)
        first.steps = [.core]
        try first.run(at: Sample.now)
        try engine.withWriter { connection throws(Refusal) in
            try connection.script(
                """
                INSERT INTO user_account (id, user_type, handle, user_name, name, name_folded, role, role_rank,
                    created_at, is_break_glass, version)
                VALUES (5, 'Service', 'a@service', 'a@service', 'a', 'a', 'Member', 0, 0, 0, 1);
                INSERT INTO audit_event
                    (seq, at, actor_id, actor_handle, verb, object_type, object_id, changes, outcome)
                VALUES (1, 864000000, 5, 'a@service', 'create', 'user', 1, '[]', 'done'),
                    (2, 864000001, 5, 'a@service', 'create', 'user', 2, '[]', 'done');
                """)
            let transaction = WriteTransaction(connection)
            try transaction.run(
                """
                INSERT INTO token (id, owner_id, token_type, is_scim_only, name, name_folded, digest,
                    digest_generation, hint, signed_by, created_at, expires_at, version)
                VALUES (1, 5, 'Service', 0, 'a', 'a', \(Sample.digest(1).bytes), 1, 'wxyz', 'lkAAAAAAAA', 0, 1, 1)
                """)
            try connection.script(
                """
                INSERT INTO usage_count
                    (token_id, hour, method, route, address, agent, outcome, uses, first_at, last_at)
                VALUES (1, 240, 'GET', '/a', '', '', 'allowed', 5, 0, 0),
                    (1, 241, 'GET', '/a', '', '', 'failed', 7, 0, 0),
                    (1, 263, 'GET', '/a', '', '', 'refused', 1, 0, 0),
                    (1, 263, 'GET', '/a', '', '', 'denied', 2, 0, 0);
                """)
        }
        engine.close()
    }
}
