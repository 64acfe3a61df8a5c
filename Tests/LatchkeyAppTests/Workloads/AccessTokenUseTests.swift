import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@Suite("An access token in use")
struct AccessTokenUseTests {
    private func bearer(_ secret: TokenSecret, _ house: House) async throws -> Bearer {
        try await house.app.authenticate(secret.reveal()[...], method: "POST", route: "/oauth2/token", from: Origin())
    }

    private func issue(
        _ token: IssuedToken, _ house: House, scope: [String]? = nil
    ) async throws -> IssuedAccess {
        try await house.app.issueAccess(
            AccessRequest(.clientCredentials, scope: scope), of: try await bearer(token.secret, house), from: Origin())
    }

    @Test("has the rights of its token, as they are now", arguments: EngineUnderTest.available)
    func rights(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let user = try await house.givenServiceUser(role: .manager)
        let token = try await house.givenToken(for: user)
        let issued = try await issue(token, house)
        let before = try await house.caller(issued.secret)
        #expect(before.role == .manager)
        _ = try await house.app.updateUser(user.user.id, UserEditRequest(role: .member), as: house.admin)
        let after = try await house.caller(issued.secret)
        #expect(after.role == .member)
        #expect(after.credential?.token == token.summary.token.id)
    }

    @Test("ends with its token, in whichever way that ends", arguments: EngineUnderTest.available)
    func revocation(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let user = try await house.givenServiceUser()
        let token = try await house.givenToken(for: user)
        let issued = try await issue(token, house)
        let refused1 = await house.isRefused(issued.secret)
        #expect(!refused1)
        let elsewhere = try await house.elsewhere()
        let there = try await elsewhere.authenticate(
            issued.secret.reveal()[...], method: "GET", route: "/", from: Origin())
        #expect(there.account.handle == user.user.handle, "another node takes it too")
        _ = try await house.app.updateToken(token.summary.token.id, TokenEdit(revoke: true), as: house.admin)
        let refused2 = await house.isRefused(issued.secret)
        #expect(refused2)
        _ = try await house.app.updateToken(token.summary.token.id, TokenEdit(revoke: false), as: house.admin)
        let refused3 = await house.isRefused(issued.secret)
        #expect(!refused3)
        _ = try await house.app.deactivateUser(user.user.id, revokingTokens: true, as: house.admin)
        let refused4 = await house.isRefused(issued.secret)
        #expect(refused4)
    }

    @Test("ends after ten minutes, and with its token if that is sooner")
    func ends() async throws {
        let house = try await House(on: .sqlite)
        let token = try await house.givenToken(for: try await house.givenServiceUser(), lifetime: .days(1))
        let issued = try await issue(token, house)
        house.clock.advance(by: .seconds(599))
        let refused5 = await house.isRefused(issued.secret)
        #expect(!refused5)
        house.clock.advance(by: .seconds(1))
        let refused6 = await house.isRefused(issued.secret)
        #expect(refused6)
        let asked = try await house.app.issueAccess(
            AccessRequest(.clientCredentials, lifetime: .minutes(60)), of: try await bearer(token.secret, house),
            from: Origin())
        #expect(asked.lifetime == .minutes(60))
        for lifetime in [Duration.seconds(299), .seconds(3601)] {
            let bearer = try await bearer(token.secret, house)
            let refused = await refusal {
                let request = AccessRequest(.clientCredentials, lifetime: lifetime)
                _ = try await house.app.issueAccess(request, of: bearer, from: Origin())
            }
            #expect(refused != nil)
        }
        house.clock.advance(by: .days(1) - .minutes(15))
        let last = try await issue(token, house)
        #expect(last.lifetime < .minutes(10))
    }

    @Test("is narrowed by its scope, and never widened")
    func scope() async throws {
        let house = try await House(on: .sqlite)
        let limits = NarrowingRequest(actions: ["self:read", "users:read"])
        let user = try await house.givenServiceUser(role: .manager)
        let token = try await house.givenToken(for: user, limits: limits)
        let issued = try await issue(token, house, scope: ["self:read"])
        let bearer = try await bearer(issued.secret, house)
        #expect(bearer.narrowing.actions == ["self:read"])
        let narrower = try await house.app.issueAccess(
            AccessRequest(.tokenExchange, scope: []), of: bearer, from: Origin())
        #expect(narrower.actions == [])
        for scope in [["users:read"], ["teams:read"], ["no:such"]] {
            let refused = await refusal {
                let request = AccessRequest(.tokenExchange, scope: scope)
                _ = try await house.app.issueAccess(request, of: bearer, from: Origin())
            }
            guard case .invalid(let flaws) = refused, flaws.first?.pointer == "scope" else {
                Issue.record("\(scope): \(String(describing: refused))")
                continue
            }
        }
    }

    @Test("is given to service tokens alone")
    func subjects() async throws {
        let house = try await House(on: .sqlite)
        let user = try await house.givenServiceUser()
        let scim = try await house.app.issueToken(
            NewToken(name: "scim", owner: user.user.id, lifetime: .days(1), isSCIMOnly: true), as: house.admin)
        let refused = await refusal { _ = try await issue(scim, house) }
        guard case .forbidden = refused else {
            Issue.record("\(String(describing: refused))")
            return
        }
    }

    @Test("makes no tokens, which would outlive it")
    func makesNothing() async throws {
        let house = try await House(on: .sqlite)
        let user = try await house.givenServiceUser(role: .admin)
        let token = try await house.givenToken(for: user)
        let caller = try await house.caller(try await issue(token, house).secret)
        let attempts: [@Sendable () async throws -> Void] = [
            {
                _ = try await house.app.issueToken(
                    NewToken(name: "x", owner: user.user.id, lifetime: .days(1)), as: caller)
            },
            { _ = try await house.app.rotateToken(token.summary.token.id, RotationRequest(), as: caller) },
            {
                let request = NewTrustedIssuer(
                    name: "x", owner: user.user.id, issuer: "https://a.example", audience: "a", subject: "repo:acme/x")
                _ = try await house.app.establishTrust(request, as: caller)
            },
        ]
        for attempt in attempts {
            guard case .forbidden = await refusal({ try await attempt() }) else {
                Issue.record("it made something")
                continue
            }
        }
    }
}
