import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyApp
@testable import LatchkeyHTTP

/// What becomes of somebody who asks for something with a token.
enum Outcome: Character {
    case allowed = "y"
    /// The token works, and may not do this.
    case forbidden = "n"
    /// The token does not work.
    case refused = "x"
}

/// Something that can be asked for, as each face puts it.
struct Deed: Sendable {
    let path: String
    let action: String

    /// In the order in which ``TokenState`` gives their outcomes.
    static let all = [
        Deed(path: "/api/teams/listing", action: "teams:list"), Deed(path: "/api/users", action: "users:read"),
        Deed(path: "/api/activity", action: "activity:read"),
        Deed(path: "/api/scim/v2/Users", action: "scim:provision"),
    ]
}

/// A token as somebody presents it.
struct Presented: Sendable {
    let text: String
    /// `nil` for what is no token of ours.
    var number: ID<Token>?

    init(_ text: String) { self.text = text }

    init(_ issued: IssuedToken) {
        text = issued.secret.reveal()
        number = issued.summary.token.id
    }
}

/// A way in which a token can stand, each made in a house of its own. Clients come from 127.0.0.1.
struct TokenState: Sendable, CustomTestStringConvertible {
    typealias Make = @Sendable (TestServer) async throws -> Presented

    let testDescription: String
    /// Of each ``Deed``.
    let outcomes: [Outcome]
    let make: Make

    private init(_ name: String, _ outcomes: String, _ make: @escaping Make) {
        testDescription = name
        self.outcomes = outcomes.compactMap(Outcome.init(rawValue:))
        self.make = make
    }

    static let all = strange + lived + rotated + narrowed + access

    private static let strange = [
        TokenState("of another instance", "xxxx") { _ in
            let keys = KeyRing.generate(instance: "other", randomBytes: { [UInt8](repeating: 7, count: $0) })
            let claims = TokenClaims(
                token: ID(1), issuer: "https://latchkey.example.com", subject: "ada@example.com",
                issuedAt: Timestamp(seconds: 1_800_000_000), expiresAt: nil, use: .personal)
            return Presented(try keys.mint(claims, random: [UInt8](repeating: 9, count: 16)).secret.reveal())
        },
        TokenState("forged", "xxxx") { server in
            let text = try await Presented(server.givenRobot()).text
            return Presented(String(text.dropLast(2)) + (text.hasSuffix("AA") ? "BB" : "AA"))
        },
        TokenState("no token at all", "xxxx") { _ in Presented("nonsense") },
        TokenState("the secret of a session", "xxxx") { server in
            let admin = try await server.adminCaller
            let session = try await server.app.startSession(
                for: #require(admin.userID), by: .password, from: Origin())
            return Presented(session.secret.reveal())
        },
    ]

    private static let lived = [
        TokenState("good", "yynn") { Presented(try await $0.givenRobot()) },
        TokenState("an Admin's", "yyyy") { Presented($0.admin) },
        TokenState("expired", "xxxx") { server in
            let token = try await server.givenRobot()
            server.clock.advance(by: .days(31))
            return Presented(token)
        },
        TokenState("revoked", "xxxx") { Presented(try await $0.edit($0.givenRobot(), revoke: true)) },
        TokenState("restored", "yynn") { server in
            Presented(try await server.edit(server.edit(server.givenRobot(), revoke: true), revoke: false))
        },
        TokenState("deleted", "xxxx") { server in
            let token = try await server.edit(server.givenRobot(), revoke: true)
            try await server.app.deleteToken(token.summary.token.id, as: server.adminCaller)
            return Presented(token)
        },
        TokenState("of an account that was deactivated", "xxxx") { server in
            let token = try await server.givenRobot()
            try await server.app.deactivateUser(token.summary.token.owner, revokingTokens: true, as: server.adminCaller)
            return Presented(token)
        },
        TokenState("of an account that came back", "xxxx") { server in
            let token = try await server.givenRobot()
            let owner = token.summary.token.owner
            try await server.app.deactivateUser(owner, revokingTokens: true, as: server.adminCaller)
            _ = try await server.app.restoreUser(owner, as: server.adminCaller)
            return Presented(token)
        },
        TokenState("by an older key", "yynn") { server in
            let token = try await server.givenRobot()
            let keys = server.app.keys
            keys.use(keys.current.rotated(randomBytes: { [UInt8](repeating: 5, count: $0) }))
            return Presented(token)
        },
        TokenState("of an account with a lower role", "ynnn") { server in
            let token = try await server.givenRobot()
            _ = try await server.app.updateUser(
                token.summary.token.owner, UserEditRequest(role: .member), as: server.adminCaller)
            return Presented(token)
        },
    ]

    private static let rotated = [
        TokenState("rotated, in its overlap", "yynn") { server in
            let token = try await server.givenRobot()
            _ = try await server.rotate(token, .span(.hours(1)))
            return Presented(token)
        },
        TokenState("rotated, after its overlap", "xxxx") { server in
            let token = try await server.givenRobot()
            _ = try await server.rotate(token, .span(.hours(1)))
            server.clock.advance(by: .hours(2))
            return Presented(token)
        },
        TokenState("rotated without an overlap", "xxxx") { server in
            let token = try await server.givenRobot()
            _ = try await server.rotate(token, .none)
            return Presented(token)
        },
        TokenState("a successor", "yynn") { server in
            Presented(try await server.rotate(server.givenRobot(), .none))
        },
        TokenState("rotated, its successor not used yet", "yynn") { server in
            let token = try await server.givenRobot()
            _ = try await server.rotate(token, .untilFirstUse)
            server.clock.advance(by: .days(3))
            return Presented(token)
        },
        TokenState("rotated, its successor used a moment ago", "yynn") { server in
            let token = try await server.givenRobot()
            try await server.use(server.rotate(token, .untilFirstUse))
            return Presented(token)
        },
        TokenState("rotated, its successor used a while ago", "xxxx") { server in
            let token = try await server.givenRobot()
            try await server.use(server.rotate(token, .untilFirstUse))
            server.clock.advance(by: .minutes(5))
            return Presented(token)
        },
        TokenState("rotated, its successor revoked unused", "yynn") { server in
            let token = try await server.givenRobot()
            _ = try await server.edit(server.rotate(token, .span(.hours(1))), revoke: true)
            server.clock.advance(by: .hours(2))
            return Presented(token)
        },
    ]

    private static let narrowed = [
        TokenState("limited to an action", "nynn") { server in
            Presented(try await server.givenRobot(NarrowingRequest(actions: ["users:read"])))
        },
        TokenState("limited to a role", "ynnn") { server in
            Presented(try await server.givenRobot(NarrowingRequest(role: .member)))
        },
        TokenState("limited to a team", "yynn") { server in
            Presented(try await server.givenRobot(NarrowingRequest(teams: ["Public"])))
        },
        TokenState("limited to addresses, from one of them", "yynn") { server in
            Presented(try await server.givenRobot(NarrowingRequest(allowedCIDRs: ["127.0.0.0/8"])))
        },
        TokenState("limited to addresses, from elsewhere", "xxxx") { server in
            Presented(try await server.givenRobot(NarrowingRequest(allowedCIDRs: ["10.0.0.0/8"])))
        },
        TokenState("for SCIM alone", "nnny") { Presented(try await $0.givenRobot(isSCIMOnly: true)) },
    ]

    private static let access = [
        TokenState("an access token", "yynn") { Presented(try await $0.access(to: $0.givenRobot())) },
        TokenState("an access token for one action", "nynn") { server in
            Presented(try await server.access(to: server.givenRobot(), scope: ["users:read"]))
        },
        TokenState("an access token of a limited token's", "ynnn") { server in
            Presented(try await server.access(to: server.givenRobot(NarrowingRequest(role: .member))))
        },
        TokenState("an access token past its time", "xxxx") { server in
            let text = try await server.access(to: server.givenRobot())
            server.clock.advance(by: .minutes(10))
            return Presented(text)
        },
        TokenState("an access token of a token that was revoked", "xxxx") { server in
            let token = try await server.givenRobot()
            let text = try await server.access(to: token)
            _ = try await server.edit(token, revoke: true)
            return Presented(text)
        },
        TokenState("an access token that was given up", "xxxx") { server in
            let text = try await server.access(to: server.givenRobot())
            try await server.app.giveUp(text, route: "/oauth2/revoke", from: Origin())
            return Presented(text)
        },
        TokenState("an access token of an access token that was given up", "xxxx") { server in
            let parent = try await server.access(to: server.givenRobot())
            let text = try await server.access(to: parent)
            try await server.app.giveUp(parent, route: "/oauth2/revoke", from: Origin())
            return Presented(text)
        },
    ]
}

extension TestServer {
    /// A token of a new service user, a Manager.
    fileprivate func givenRobot(
        _ limits: NarrowingRequest = NarrowingRequest(), isSCIMOnly: Bool = false
    ) async throws -> IssuedToken {
        let robot = try await givenServiceUser("Robot", role: .manager)
        let request = NewToken(
            name: "production", owner: robot, lifetime: .days(30), isSCIMOnly: isSCIMOnly, limits: limits)
        return try await app.issueToken(request, as: adminCaller)
    }

    fileprivate func access(to token: IssuedToken, scope: [String]? = nil) async throws -> String {
        try await access(to: token.secret.reveal(), scope: scope)
    }

    fileprivate func access(to token: String, scope: [String]? = nil) async throws -> String {
        let bearer = try await app.authenticate(
            token[...], method: "POST", route: "/oauth2/token", from: Origin())
        let request = AccessRequest(.clientCredentials, scope: scope)
        return try await app.issueAccess(request, of: bearer, from: Origin()).secret.reveal()
    }

    fileprivate func edit(_ token: IssuedToken, revoke: Bool) async throws -> IssuedToken {
        _ = try await app.updateToken(token.summary.token.id, TokenEdit(revoke: revoke), as: adminCaller)
        return token
    }

    /// Uses a token, and lets the use be heard of.
    fileprivate func use(_ token: IssuedToken) async throws {
        let bearer = try await app.authenticate(
            token.secret.reveal()[...], method: "GET", route: "/", from: Origin())
        app.recordUse(by: bearer, method: "GET", route: "/", from: Origin(), outcome: .allowed)
        try await app.flushUsage()
    }

    fileprivate func rotate(_ token: IssuedToken, _ overlap: Overlap) async throws -> IssuedToken {
        try await app.rotateToken(token.summary.token.id, RotationRequest(overlap: overlap), as: adminCaller)
    }
}
