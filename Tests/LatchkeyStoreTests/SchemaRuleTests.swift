import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyStore

@Suite("The schema itself refuses")
struct SchemaRuleTests {
    @Test("a handle that anybody has or had", arguments: EngineUnderTest.available)
    func handles(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        try await store.write { db throws(Refusal) in
            var user = try db.givenUser("one@service")
            user.deactivatedAt = Sample.now
            user.version = 2
            try db.apply(Sample.decision(.updateUser(user)))
        }
        let refused = await refusal { () throws(Refusal) in
            try await store.write { db throws(Refusal) in _ = try db.givenUser("one@service") }
        }
        #expect(refused == .conflict("This handle is taken."))
    }

    @Test("two tokens of one name, until the first is deleted", arguments: EngineUnderTest.available)
    func tokenNames(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let token = try await store.write { db throws(Refusal) in
            try db.givenToken(owner: try db.givenUser("one@service").id, name: "api")
        }
        let again: @Sendable () async throws(Refusal) -> Void = { () throws(Refusal) in
            try await store.write { db throws(Refusal) in _ = try db.givenToken(owner: token.owner, name: "api") }
        }
        let refused = await refusal(again)
        #expect(refused == .conflict("This user has a token of this name already."))
        try await store.write { db throws(Refusal) in
            var deleted = token
            deleted.deletedAt = Sample.now
            deleted.version = 2
            try db.apply(Sample.decision(.updateToken(deleted)))
        }
        let granted = await refusal(again)
        #expect(granted == nil)
    }

    @Test("team names that differ in case or marks alone", arguments: EngineUnderTest.available)
    func teamNames(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        for name in ["PUBLIC", "Ｐublic"] {
            let refused = await refusal { () throws(Refusal) in
                try await store.write { db throws(Refusal) in _ = try db.givenTeam(name) }
            }
            #expect(refused == .conflict("There is a team of this name already."))
        }
    }

    @Test("a change of a row that has changed meanwhile", arguments: EngineUnderTest.available)
    func versions(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let refused = await refusal { () throws(Refusal) in
            try await store.write { db throws(Refusal) in
                var user = try db.givenUser("one@service")
                user.version = 3
                try db.apply(Sample.decision(.updateUser(user)))
            }
        }
        #expect(refused?.isConflict == true)
    }

    @Test("rows that name nobody and words that it does not know", arguments: EngineUnderTest.available)
    func checks(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let attempts: [SQL] = [
            "INSERT INTO team_member (team_id, user_id) VALUES (1, 99)",
            "UPDATE team SET permission = 'Owner'",
            "UPDATE team SET created_at = NULL",
            "INSERT INTO team_resource (team_id, resource_id) VALUES (77, 1)",
            "UPDATE sequence SET next = 0",
        ]
        for attempt in attempts {
            let refused = await refusal { () throws(Refusal) in
                try await store.write { db throws(Refusal) in _ = try db.run(attempt) }
            }
            #expect(refused?.isConflict == true, "\(attempt.text)")
        }
    }

    @Test("any change of an audit event", arguments: EngineUnderTest.available)
    func auditIsFixed(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        try await store.write { db throws(Refusal) in _ = try db.givenUser("one@service") }
        for attempt: SQL in ["UPDATE audit_event SET verb = 'delete'", "DELETE FROM audit_event"] {
            let refused = await refusal { () throws(Refusal) in
                try await store.write { db throws(Refusal) in _ = try db.run(attempt) }
            }
            #expect(refused == .conflict("Events of the audit log cannot be changed."))
        }
    }
}
