import LatchkeyCore
import LatchkeyStore
import LatchkeyTestSupport
import Testing

@Suite("Lists")
struct ListTests {
    @Test("of users filter, sort and count, and show teams with Public first", arguments: EngineUnderTest.available)
    func users(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let user = try await store.write { db throws(Refusal) in
            for (handle, name, role) in [
                ("b@service", "Beta", Role.admin), ("a@service", "älpha", .member), ("c@service", "100%_x", .manager),
            ] {
                try db.givenUser(handle, name: name, role: role)
            }
            let person = try db.givenUser("zoe@example.com", name: "Zoe", type: .human)
            let team = try db.givenTeam("Data")
            let other = try db.givenTeam("analytics")
            try db.apply(Sample.decision(.addMember(person.id, to: team.id), .addMember(person.id, to: other.id)))
            try db.givenToken(owner: person.id, name: "live")
            try db.givenToken(owner: person.id, name: "dead", expiresAt: Sample.now)
            return person
        }
        func names(_ filter: UserFilter, _ page: PageRequest = PageRequest()) async throws -> [String] {
            try await store.read { db throws(Refusal) in
                try db.users(filter, page, at: Sample.now).items.map(\.user.name)
            }
        }
        let byName = try await names(UserFilter(sorting: Sorting(.name)))
        let byRole = try await names(UserFilter(sorting: Sorting(.role, descending: true)))
        let percent = try await names(UserFilter(name: "%_"))
        let marked = try await names(UserFilter(name: "ALPHA"))
        let members = try await names(UserFilter(team: "DATA"))
        let everyone = try await names(UserFilter(team: "Public"))
        let nobody = try await names(UserFilter(team: "None"))
        #expect(byName == ["100%_x", "älpha", "Beta", "Zoe"])
        #expect(byRole == ["Beta", "100%_x", "Zoe", "älpha"])
        #expect(percent == ["100%_x"])
        #expect(marked == ["älpha"])
        #expect(members == ["Zoe"])
        #expect(everyone.count == 4)
        #expect(nobody.isEmpty)
        let people = try await names(UserFilter(type: .human))
        let summary = try await store.read { db throws(Refusal) in try db.userSummary(user.id, at: Sample.now) }
        #expect(people == ["Zoe"])
        #expect(summary?.teams == ["Public", "analytics", "Data"])
        #expect(summary?.activeTokens == 1)
    }

    @Test("are cut into pages, and count what is on none of them", arguments: EngineUnderTest.available)
    func pages(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let pages = try await store.write { db throws(Refusal) in
            for number in 1...7 { try db.givenUser("user\(number)@service") }
            var pages: [Page<UserSummary>] = []
            for number in [1, 3, 4, .max] {
                let request = PageRequest(number: number, size: 3)
                pages.append(try db.users(UserFilter(sorting: Sorting(.name)), request, at: Sample.now))
            }
            return pages
        }
        #expect(pages.map(\.items.count) == [3, 1, 0, 0])
        #expect(pages[1].items.map(\.user.handle) == ["user7@service"])
        #expect(pages.map(\.total) == [7, 7, 7, 7])
    }

    @Test("of tokens judge their standing at a moment", arguments: EngineUnderTest.available)
    func tokens(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        try await store.write { db throws(Refusal) in
            let owner = try db.givenUser("a@service").id
            try db.givenToken(owner: owner, name: "never ends")
            try db.givenToken(owner: owner, name: "ends later", expiresAt: Sample.now + .days(1))
            try db.givenToken(owner: owner, name: "ended", expiresAt: Sample.now)
            var revoked = try db.givenToken(owner: owner, name: "revoked")
            revoked.revocation = Revocation(at: Sample.now, by: owner, reason: .compromised)
            revoked.version = 2
            var deleted = try db.givenToken(owner: owner, name: "deleted")
            deleted.deletedAt = Sample.now
            deleted.version = 2
            try db.apply(Sample.decision(.updateToken(revoked), .updateToken(deleted)))
        }
        func names(_ change: @Sendable @escaping (inout TokenFilter) -> Void) async throws -> [String] {
            try await store.read { db throws(Refusal) in
                var filter = TokenFilter(sorting: Sorting(.expiration), now: Sample.now)
                change(&filter)
                return try db.tokens(filter, PageRequest()).items.map(\.token.name)
            }
        }
        let all = try await names { _ in }
        let active = try await names { $0.standing = .active }
        let revoked = try await names { $0.standing = .revoked }
        let expired = try await names { $0.standing = .expired }
        let soon = try await names { $0.expiresBefore = Sample.now + .days(2) }
        let part = try await names { $0.name = "END" }
        #expect(all == ["ended", "ends later", "never ends", "revoked"])
        #expect(active == ["ends later", "never ends"])
        #expect(revoked == ["revoked"])
        #expect(expired == ["ended"])
        #expect(soon == ["ended", "ends later"])
        #expect(part == ["ended", "ends later", "never ends"])
    }

    @Test("of activity filter by who, what and when, newest first", arguments: EngineUnderTest.available)
    func activity(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        try await store.write { db throws(Refusal) in
            for (number, verb) in [Verb.create, .issue, .revoke].enumerated() {
                let event = AuditEvent(
                    at: Sample.now + .seconds(number), origin: Origin(address: Address("10.0.0.\(number)")),
                    actor: AuditEvent.Actor(user: nil, handle: "host", token: number == 0 ? ID(7) : nil), verb: verb,
                    objectType: .token, objectID: Int64(6 + number), changes: [], outcome: .done)
                try db.apply(Decision(event))
            }
        }
        func verbs(_ change: @Sendable @escaping (inout ActivityFilter) -> Void) async throws -> [Verb] {
            try await store.read { db throws(Refusal) in
                var filter = ActivityFilter()
                change(&filter)
                return try db.activity(filter, PageRequest()).items.map(\.event.verb)
            }
        }
        let all = try await verbs { _ in }
        let some = try await verbs { $0.verbs = [.create, .revoke] }
        let token = try await verbs { $0.token = ID(7) }
        let address = try await verbs { $0.address = "10.0.0.1" }
        let late = try await verbs { $0.from = Sample.now + .seconds(1) }
        let early = try await verbs { $0.until = Sample.now + .seconds(1) }
        #expect(all == [.revoke, .issue, .create])
        #expect(some == [.revoke, .create])
        #expect(token == [.issue, .create])
        #expect(address == [.issue])
        #expect(late == [.revoke, .issue])
        #expect(early == [.create])
    }

    @Test("of resources show what teams open", arguments: EngineUnderTest.available)
    func resources(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let (granted, none, all) = try await store.write { db throws(Refusal) in
            let team = try db.givenTeam("Data")
            let first = try db.givenResource("datastore", "warehouse")
            try db.givenResource("datastore", "lake")
            try db.apply(Sample.decision(.grant(first.id, to: team.id)))
            return (
                try db.resources(ResourceFilter(grantedTo: [team.id]), PageRequest()).items.map(\.name),
                try db.resources(ResourceFilter(grantedTo: []), PageRequest()).items.map(\.name),
                try db.resources(ResourceFilter(kind: "datastore"), PageRequest()).items.map(\.name)
            )
        }
        #expect(granted == ["warehouse"])
        #expect(none.isEmpty)
        #expect(all == ["lake", "warehouse"])
    }
}
