import LatchkeyCore
import LatchkeyStore
import LatchkeyTestSupport
import Testing

@Suite("What is put into the store comes out of it again")
struct RoundTripTests {
    @Test("users, with every field", arguments: EngineUnderTest.available)
    func users(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let (written, read, byHandle) = try await store.write { db throws(Refusal) in
            let owner = try db.givenUser("ada@example.com", type: .human, role: .admin)
            var user = User(
                id: try db.nextID(), type: .service, handle: "sync@service", userName: "sync@service", email: nil,
                name: "Sync ✓", role: .editor, purpose: "sync", owner: owner.id, createdAt: Sample.now,
                createdBy: owner.id, isBreakGlass: true)
            try db.apply(Sample.decision(.insertUser(user)))
            user.name = "Sync 2"
            user.role = .manager
            user.purpose = nil
            user.deactivatedAt = Sample.now + .seconds(5)
            user.lastLogin = Sample.now
            user.version = 2
            try db.apply(Sample.decision(.updateUser(user)))
            return (user, try db.user(user.id), try db.user(handle: "sync@service"))
        }
        #expect(read == written)
        #expect(byHandle == written)
    }

    @Test("tokens, with every field, and successors that their predecessors name", arguments: EngineUnderTest.available)
    func tokens(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let (written, read, successor) = try await store.write { db throws(Refusal) in
            let owner = try db.givenUser("sync@service")
            let id = try db.reserveIDs(2)
            var old = Token(
                id: ID(id.lowerBound), owner: owner.id, type: .service, isSCIMOnly: true, name: "api",
                digest: Sample.digest(1, generation: 3), hint: "abcd", signedBy: "lkBBBBBBBB", createdAt: Sample.now,
                createdBy: owner.id, expiresAt: Sample.now + .days(30),
                narrowing: Narrowing(role: .member, teams: [ID(1)], actions: ["users:read"], addresses: []))
            try db.apply(Sample.decision(.insertToken(old)))
            let next = Sample.token(id.upperBound, owner: owner.id, predecessor: old.id)
            old.name = "api, old"
            old.rotation = Rotation(
                successor: next.id, startedAt: Sample.now, overlap: .span(.hours(1)), provenAt: Sample.now,
                retiresAt: Sample.now + .hours(1), abortedAt: nil)
            old.revocation = Revocation(at: Sample.now, by: owner.id, reason: .affiliationChanged)
            old.deletedAt = Sample.now + .seconds(1)
            old.version = 2
            try db.apply(Sample.decision(.updateToken(old), .insertToken(next)))
            return (old, try db.token(old.id), try db.token(next.id))
        }
        #expect(read == written)
        #expect(successor?.predecessor == written.id)
        #expect(successor?.expiresAt == nil)
    }

    @Test("teams and resources, with members and grants", arguments: EngineUnderTest.available)
    func teamsAndResources(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        try await store.write { db throws(Refusal) in
            let user = try db.givenUser("sync@service")
            var team = try db.givenTeam("Data Engineering")
            var resource = try db.givenResource("datastore", "warehouse")
            team.permission = .drafter
            team.version = 2
            resource.externalID = "w-1"
            resource.version = 2
            try db.apply(
                Sample.decision(
                    .updateTeam(team), .updateResource(resource), .addMember(user.id, to: team.id),
                    .grant(resource.id, to: team.id)))
        }
        let summary = try await store.read { db throws(Refusal) in
            try db.team(named: "data engineering").flatMap { team throws(Refusal) in try db.teamSummary(team.id) }
        }
        let resource = try await store.read { db throws(Refusal) in
            try db.resource(kind: "datastore", name: "warehouse")
        }
        #expect(summary?.team.permission == .drafter)
        #expect(summary?.users.count == 1)
        #expect(summary?.resources == resource.map { [$0.id] })
        #expect(resource?.externalID == "w-1")
    }

    @Test("audit events, with who did it as known then and now", arguments: EngineUnderTest.available)
    func events(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let event = try await store.write { db throws(Refusal) in
            let user = try db.givenUser("ada@example.com", type: .human)
            let event = AuditEvent(
                at: Sample.now,
                origin: Origin(requestID: "r-1", address: Address("2001:db8::1"), userAgent: "curl/8"),
                actor: AuditEvent.Actor(user: user.id, handle: "then@example.com", token: ID(4)), verb: .revoke,
                objectType: .token, objectID: 4,
                changes: [FieldChange("name", before: .text("a"), after: .list(["b", "c"]))], outcome: .refused)
            try db.apply(Decision(event))
            return event
        }
        let history = try await store.read { db throws(Refusal) in try db.history(of: .token, 4) }
        #expect(history.map(\.event) == [event])
        #expect(history.first?.seq == 2)
        #expect(history.first?.user?.handle == "ada@example.com")
    }

    @Test("kept replies and values of the instance", arguments: EngineUnderTest.available)
    func notes(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let request = try await store.write { db throws(Refusal) in
            let user = try db.givenUser("ada@example.com", type: .human)
            let request = IdempotentRequest(caller: user.id, key: "k", fingerprint: [1, 2], at: Sample.now)
            try db.note(.keepReply(KeptReply(request: request, sealedReply: [3])))
            try db.note(.keepReply(KeptReply(request: request, sealedReply: [4])))
            try db.note(.setInstanceValue(name: "id", value: "one"))
            try db.note(.setInstanceValue(name: "id", value: ""))
            return request
        }
        let (kept, value) = try await store.read { db throws(Refusal) in
            (try db.idempotentReply(caller: request.caller, key: "k", since: Sample.now), try db.instanceValue("id"))
        }
        #expect(kept == KeptReply(request: request, sealedReply: [3]), "the first one stays")
        #expect(value == "")
        let (old, forgotten) = try await store.write { db throws(Refusal) in
            let old = try db.idempotentReply(caller: request.caller, key: "k", since: Sample.now + .seconds(1))
            try db.note(.forgetReplies(before: Sample.now + .seconds(1)))
            return (old, try db.idempotentReply(caller: request.caller, key: "k", since: Sample.now))
        }
        #expect(old == nil)
        #expect(forgotten == nil)
    }
}
