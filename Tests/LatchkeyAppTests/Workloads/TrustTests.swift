import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@Suite("Trusting an issuer")
struct TrustTests {
    @Test("is an Admin's, and nobody else's", arguments: [Role.member, .editor, .manager])
    func permission(role: Role) async throws {
        let house = try await WorkloadHouse(on: .sqlite)
        let other = try await house.house.givenServiceUser("Other", role: role)
        let caller = try await house.house.caller(try await house.house.givenToken(for: other).secret)
        let request = NewTrustedIssuer(
            name: "x", owner: other.user.id, issuer: FakeIssuer.address, audience: "a", subject: "repo:acme/x")
        let (app, id) = (house.app, house.trust.trust.id)
        let attempts: [@Sendable () async throws -> Void] = [
            { _ = try await app.listTrustedIssuers(of: house.user.user.id, as: caller) },
            { _ = try await app.findTrustedIssuer(id, as: caller) },
            { _ = try await app.establishTrust(request, as: caller) },
            { _ = try await app.withdrawTrust(id, as: caller) },
        ]
        for attempt in attempts {
            guard case .forbidden = await refusal({ try await attempt() }) else {
                Issue.record("a \(role) got through")
                return
            }
        }
    }

    @Test("ends at once, with all that came of it, in whichever way it ends", arguments: Ending.allCases)
    func endings(ending: Ending) async throws {
        let house = try await WorkloadHouse(on: .sqlite)
        let issued = try await house.exchange(house.token())
        try await ending.carryOut(house)
        let refused1 = await house.house.isRefused(issued.secret)
        #expect(refused1)
        let next = await refusal { try await house.exchange(house.token(["jti": #""two""#])) }
        #expect(next == WorkloadFault.unknownIssuer.refusal)
    }

    enum Ending: CaseIterable, Sendable {
        case withdrawn, revoked, revokedAll, deactivated

        func carryOut(_ house: WorkloadHouse) async throws {
            let (app, admin, user) = (house.app, house.house.admin, house.user.user.id)
            switch self {
            case .withdrawn: try await app.withdrawTrust(house.trust.trust.id, as: admin)
            case .revoked: _ = try await app.updateToken(house.trust.trust.id, TokenEdit(revoke: true), as: admin)
            case .revokedAll: _ = try await app.revokeTokens(of: user, reason: nil, as: admin)
            case .deactivated: _ = try await app.deactivateUser(user, revokingTokens: true, as: admin)
            }
        }
    }

    @Test("limits what comes of it: role, actions, addresses")
    func limits() async throws {
        let limits = NarrowingRequest(role: .member, actions: ["self:read"], allowedCIDRs: ["10.0.0.0/8"])
        let house = try await WorkloadHouse(on: .sqlite, limits: limits)
        let elsewhere = await refusal { try await house.exchange(house.token(), from: "192.0.2.1") }
        #expect(elsewhere == WorkloadFault.untrusted.refusal)
        let issued = try await house.exchange(house.token(), from: "10.1.2.3")
        #expect(issued.actions == ["self:read"])
        let bearer = try await house.app.authenticate(
            issued.secret.reveal()[...], method: "GET", route: "/", from: Origin(address: Address("10.1.2.3")))
        #expect(bearer.role == .member)
        #expect(bearer.narrowing.actions == ["self:read"])
        let refused2 = await house.house.isRefused(issued.secret)
        #expect(refused2, "from nowhere is not from there")
    }

    @Test("by several service users has the workload say whom it means")
    func several() async throws {
        let house = try await WorkloadHouse(on: .sqlite)
        let other = try await house.house.givenServiceUser("Other")
        try await WorkloadHouse.trust(house.house, other)
        let ambiguous = await refusal { try await house.exchange(house.token()) }
        #expect(ambiguous == WorkloadFault.ambiguous.refusal)
        let issued = try await house.exchange(house.token(), client: "other@service")
        #expect(issued.bearer.account.handle == "other@service")
        let nobody = await refusal {
            try await house.exchange(house.token(["jti": #""two""#]), client: "nobody@service")
        }
        #expect(nobody == WorkloadFault.untrusted.refusal)
    }

    @Test("stands among the tokens, has no secret, and is not rotated")
    func keyless() async throws {
        let house = try await WorkloadHouse(on: .sqlite)
        let token = try await house.app.findToken(house.trust.trust.id, as: house.house.admin).token
        #expect(token.isKeyless)
        let rotated = await refusal {
            _ = try await house.app.rotateToken(token.id, RotationRequest(), as: house.house.admin)
        }
        guard case .conflict = rotated else {
            Issue.record("rotated: \(String(describing: rotated))")
            return
        }
    }
}
