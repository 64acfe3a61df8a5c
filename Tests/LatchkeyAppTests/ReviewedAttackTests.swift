import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@Suite("An attack that was tried once")
struct ReviewedAttackTests {
    private let own = NarrowingRequest(actions: ["tokens:own", "tokens:manage"])

    @Test("a narrowed token brings no wider one back to life", arguments: EngineUnderTest.available)
    func restoreWider(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let robot = try await house.givenServiceUser(role: .admin)
        let wide = try await house.givenToken("wide", for: robot)
        let narrow = try await house.givenToken("narrow", for: robot, limits: own)
        let caller = try await house.caller(narrow.secret)
        _ = try await house.app.updateToken(wide.summary.token.id, TokenEdit(revoke: true), as: caller)
        let refused = await refusal {
            _ = try await house.app.updateToken(wide.summary.token.id, TokenEdit(revoke: false), as: caller)
        }
        guard case .forbidden = refused else {
            Issue.record("restored: \(String(describing: refused))")
            return
        }
    }

    @Test("a kept reply goes to no other token of the same user", arguments: EngineUnderTest.available)
    func replayToAnother(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let robot = try await house.givenServiceUser(role: .admin)
        let wide = try await house.caller(try await house.givenToken("wide", for: robot).secret)
        let narrow = try await house.caller(try await house.givenToken("narrow", for: robot, limits: own).secret)
        let content = Array("POST /api/user-tokens {}".utf8)
        let first = try house.app.idempotentRequest(key: "k", content: content, as: wide)
        try await house.app.keep(Array("secret".utf8), for: first)
        let second = try house.app.idempotentRequest(key: "k", content: content, as: narrow)
        let refused = await refusal { _ = try await house.app.keptReply(second) }
        guard case .invalid = refused else {
            Issue.record("replayed: \(String(describing: refused))")
            return
        }
    }

    @Test("a way in by break-glass is told by the log", arguments: EngineUnderTest.available)
    func breakGlass(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let made = try await house.app.bootstrap(email: "eve@example.com", name: nil, isBreakGlass: true)
        let events = try await house.app.userHistory(made.user.user.id, as: house.admin)
        #expect(events.first?.event.changes.contains(FieldChange("break_glass", after: .flag(true))) == true)
    }

    @Test("a team-narrowed Admin deletes nothing that it does not see", arguments: EngineUnderTest.available)
    func deleteUnseen(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let sales = try await house.app.createResource(
            ResourceEdit(kind: "datastore", name: "Sales"), as: house.admin)
        let robot = try await house.givenServiceUser(role: .admin)
        let limits = NarrowingRequest(teams: ["Public"])
        let caller = try await house.caller(try await house.givenToken(for: robot, limits: limits).secret)
        let refused = await refusal { try await house.app.deleteResource(sales.id, as: caller) }
        #expect(refused == .notFound("resource"))
    }

    @Test("a called-off successor does not come back beside another", arguments: EngineUnderTest.available)
    func threeAtOnce(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let old = try await house.givenToken(for: try await house.givenServiceUser())
        let first = try await house.app.rotateToken(old.summary.token.id, RotationRequest(), as: house.admin)
        let id = first.summary.token.id
        _ = try await house.app.updateToken(id, TokenEdit(revoke: true), as: house.admin)
        _ = try await house.app.rotateToken(old.summary.token.id, RotationRequest(), as: house.admin)
        let refused = await refusal {
            _ = try await house.app.updateToken(id, TokenEdit(revoke: false), as: house.admin)
        }
        guard case .conflict = refused else {
            Issue.record("three tokens work: \(String(describing: refused))")
            return
        }
    }

    @Test("many who come at once with a token made elsewhere are all let in", arguments: EngineUnderTest.available)
    func newcomers(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let elsewhere = try await house.elsewhere()
        let second = try await elsewhere.bootstrap(email: "eve@example.com", name: nil, isBreakGlass: true)
        let isRefused = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<100 { group.addTask { await house.isRefused(second.token.secret) } }
            return await group.reduce(into: false) { $0 = $0 || $1 }
        }
        #expect(!isRefused)
    }

    /// A SCIM token acts as an Admin for its account, whatever the account's role.
    @Test("a Member's token changes nothing about the SCIM token of its account", arguments: EngineUnderTest.available)
    func directoryToken(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let robot = try await house.givenServiceUser()
        let scim = try await house.app.issueToken(
            NewToken(name: "directory", owner: robot.user.id, lifetime: .days(30), isSCIMOnly: true), as: house.admin)
        let id = scim.summary.token.id
        let caller = try await house.caller(try await house.givenToken(for: robot).secret)
        let attempts: [@Sendable () async throws -> Void] = [
            { _ = try await house.app.rotateToken(id, RotationRequest(), as: caller) },
            { _ = try await house.app.updateToken(id, TokenEdit(revoke: true), as: caller) },
            { _ = try await house.app.updateToken(id, TokenEdit(revoke: nil, name: "mine"), as: caller) },
        ]
        let ofRevoked: [@Sendable () async throws -> Void] = [
            { _ = try await house.app.updateToken(id, TokenEdit(revoke: false), as: caller) },
            { try await house.app.deleteToken(id, as: caller) },
        ]
        for attempt in attempts {
            let refused = await refusal { try await attempt() }
            #expect(refused?.isForbidden == true)
        }
        _ = try await house.app.updateToken(id, TokenEdit(revoke: true), as: house.admin)
        for attempt in ofRevoked {
            let refused = await refusal { try await attempt() }
            #expect(refused?.isForbidden == true)
        }
    }
}

extension Refusal {
    var isForbidden: Bool {
        if case .forbidden = self { true } else { false }
    }
}
