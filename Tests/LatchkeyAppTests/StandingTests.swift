import LatchkeyCore
import LatchkeyStore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyApp

/// A caller is made at the door. What it asks for may be done much later.
@Suite("Somebody who was let in, and lost their access before their change came to pass")
struct StandingTests {
    private typealias Way = @Sendable (House, UserSummary, IssuedToken) async throws -> Void

    /// Each way to lose a token, or what it may.
    private static let losses: [(name: String, isCut: Bool, lose: Way)] = [
        ("revoked", false, { try await $0.end($2, revoking: true) }),
        ("rotated out", false, { try await $0.end($2, revoking: false) }),
        ("expired", false, { house, _, _ in house.clock.advance(by: .days(31)) }),
        (
            "user deactivated", false,
            { house, user, _ in
                try await house.app.deactivateUser(user.user.id, revokingTokens: true, as: house.admin)
            }
        ),
        ("demoted", true, { house, user, _ in try await house.edit(user, UserEditRequest(role: .manager)) }),
        ("out of its team", true, { house, user, _ in try await house.edit(user, UserEditRequest(teams: [])) }),
    ]

    private static let changes: [@Sendable (App, UserSummary, IssuedToken, Caller) async throws -> Void] = [
        { _ = try await $0.createTeam(TeamEdit(name: "Late", permission: .editor), as: $3) },
        { _ = try await $0.createResource(ResourceEdit(kind: "datastore", name: "Late"), as: $3) },
        { _ = try await $0.createServiceUser(NewServiceUser(name: "Late", role: .admin), as: $3) },
        { _ = try await $0.updateUser($1.user.id, UserEditRequest(role: .admin, teams: ["Sales"]), as: $3) },
        { _ = try await $0.issueToken(NewToken(name: "late", owner: $1.user.id, lifetime: .usual), as: $3) },
        { _ = try await $0.rotateToken($2.summary.token.id, RotationRequest(), as: $3) },
        { _ = try await $0.updateToken($2.summary.token.id, TokenEdit(revoke: nil, name: "late"), as: $3) },
        { _ = try await $0.revokeTokens(of: $1.user.id, reason: nil, as: $3) },
        {
            let wish = NewTrustedIssuer(
                name: "x", owner: $1.user.id, issuer: "https://a.example", audience: "a", subject: "repo:acme/x")
            _ = try await $0.establishTrust(wish, as: $3)
        },
    ]

    @Test("changes nothing any more", arguments: EngineUnderTest.available, losses.indices)
    func tokens(engine: EngineUnderTest, number: Int) async throws {
        let loss = Self.losses[number]
        let house = try await House(on: engine)
        _ = try await house.app.createTeam(TeamEdit(name: "Sales", permission: .editor), as: house.admin)
        let robot = try await house.givenServiceUser(role: .admin, teams: ["Sales"])
        let token = try await house.givenToken(for: robot)
        let other = try await house.givenToken("other", for: robot, lifetime: .days(60))
        let caller = try await house.caller(token.secret)
        try await loss.lose(house, robot, token)
        let before = try await house.sequence
        for change in Self.changes {
            let refused = await refusal { try await change(house.app, robot, other, caller) }
            #expect(refused == (loss.isCut ? App.cut : .unauthenticated(credentialSent: true)), "\(loss.name)")
        }
        let after = try await house.sequence
        #expect(before == after)
    }

    @Test("nor by an access token that was given up", arguments: EngineUnderTest.available)
    func access(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let token = try await house.givenToken(for: try await house.givenServiceUser(role: .admin))
        let bearer = try await house.app.authenticate(
            token.secret.reveal()[...], method: "POST", route: "/oauth2/token", from: Origin())
        let issued = try await house.app.issueAccess(AccessRequest(.clientCredentials), of: bearer, from: Origin())
        let caller = try await house.caller(issued.secret)
        _ = try await house.app.createTeam(TeamEdit(name: "Early", permission: .editor), as: caller)
        try await house.app.giveUp(issued.secret.reveal(), route: "/oauth2/revoke", from: Origin())
        let refused = await refusal {
            _ = try await house.app.createTeam(TeamEdit(name: "Late", permission: .editor), as: caller)
        }
        #expect(refused == .unauthenticated(credentialSent: true))
    }

    @Test("nor in a session that is over, or of somebody demoted", arguments: EngineUnderTest.available)
    func sessions(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let losses: [@Sendable (ID<User>) async throws -> Void] = [
            { _ = try await house.app.endSessions(of: $0, as: house.admin) },
            { try await house.app.deactivateUser($0, revokingTokens: true, as: house.admin) },
            { _ = try await house.app.updateUser($0, UserEditRequest(role: .manager), as: house.admin) },
            { _ in house.clock.advance(by: .minutes(31)) },
        ]
        for (number, lose) in losses.enumerated() {
            let email = "grace\(number)@example.com"
            let grace = try await house.givenPerson(email, role: .admin)
            let caller = try await house.person(house.session(email)).caller
            let name = "Early \(number)"
            _ = try await house.app.createTeam(TeamEdit(name: name, permission: .editor), as: caller)
            try await lose(grace)
            let before = try await house.sequence
            let refused = await refusal {
                _ = try await house.app.createTeam(TeamEdit(name: "Late", permission: .editor), as: caller)
            }
            #expect(refused == (number == 2 ? App.cut : .unauthenticated(credentialSent: true)), "\(number)")
            let after = try await house.sequence
            #expect(before == after)
        }
    }

    @Test("and reads no further part of the audit log", arguments: EngineUnderTest.available)
    func export(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let token = try await house.givenToken(for: try await house.givenServiceUser(role: .admin))
        let caller = try await house.caller(token.secret)
        let export = try await house.app.exportActivity(ActivityFilter(), format: "csv", as: caller)
        let part = try await export.part(behind: nil)
        let last = try #require(part.last)
        _ = try await house.app.updateToken(token.summary.token.id, TokenEdit(revoke: true), as: house.admin)
        let refused = await refusal { _ = try await export.part(behind: last) }
        #expect(refused == .unauthenticated(credentialSent: true))
    }
}

extension House {
    fileprivate func end(_ token: IssuedToken, revoking: Bool) async throws {
        let id = token.summary.token.id
        if revoking {
            _ = try await app.updateToken(id, TokenEdit(revoke: true), as: admin)
        } else {
            _ = try await app.rotateToken(id, RotationRequest(overlap: .none), as: admin)
        }
    }

    fileprivate func edit(_ user: UserSummary, _ edit: UserEditRequest) async throws {
        _ = try await app.updateUser(user.user.id, edit, as: admin)
    }

    /// Of the last change.
    fileprivate var sequence: Int64 {
        get async throws { try await store.read { db throws(Refusal) in try db.lastSequence() } }
    }
}
