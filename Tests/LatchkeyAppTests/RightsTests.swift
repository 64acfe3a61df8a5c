import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@Suite("What somebody may do")
struct RightsTests {
    @Test("follows from role, teams and narrowing, and says so", arguments: EngineUnderTest.available)
    func why(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let sales = try await house.app.createResource(
            ResourceEdit(kind: "datastore", name: "Sales"), as: house.admin)
        let user = try await house.givenServiceUser(role: .editor)
        for (name, permission) in [("Analysts", TeamPermission.viewer), ("Stewards", .author)] {
            _ = try await house.app.createTeam(
                TeamEdit(name: name, permission: permission, users: [user.user.id], resources: [sales.id]),
                as: house.admin)
        }
        let token = try await house.givenToken(
            for: user, limits: NarrowingRequest(role: .member, teams: ["Analysts"], allowedCIDRs: ["10.0.0.0/8"]))
        let account = try await house.app.userRights(user.user.id, as: house.admin)
        #expect(Self.levels(account) == ["Sales": .author])
        #expect(account.teams.map(\.name) == ["Public", "Analysts", "Stewards"])
        let narrowed = try await house.app.tokenRights(token.summary.token.id, as: house.admin)
        #expect(Self.levels(narrowed) == ["Sales": .viewer])
        #expect(narrowed.role == .member && narrowed.accountRole == .editor)
        #expect(narrowed.addresses?.map(\.description) == ["10.0.0.0/8"])
        let edit = narrowed.rights.first { $0.permission == .editResources }
        #expect(edit?.ground == .tokenBelow(.editor))
    }

    private static func levels(_ rights: EffectiveRights) -> [String: TeamPermission] {
        guard case .some(let found, _) = rights.resources else { return [:] }
        return Dictionary(uniqueKeysWithValues: found.map { ($0.resource.name, $0.level) })
    }

    @Test("ends with the account", arguments: EngineUnderTest.available)
    func deactivated(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let user = try await house.givenServiceUser(role: .admin)
        let token = try await house.givenToken(for: user)
        try await house.app.deactivateUser(user.user.id, revokingTokens: true, as: house.admin)
        let account = try await house.app.userRights(user.user.id, as: house.admin)
        #expect(account.obstacle == .userDeactivated)
        let rights = try await house.app.tokenRights(token.summary.token.id, as: house.admin)
        #expect(rights.obstacle == .userDeactivated)
    }

    @Test(
        "is one's own to see, others' a Manager's, and a foreign token's nobody's",
        arguments: EngineUnderTest.available)
    func reach(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let member = try await house.givenServiceUser()
        let token = try await house.givenToken(for: member)
        let other = try await house.givenToken(for: try await house.givenServiceUser("Other"))
        let caller = try await house.caller(token.secret)
        let own = try await house.app.userRights(member.user.id, as: caller)
        #expect(own.role == .member)
        let ownToken = try await house.app.tokenRights(token.summary.token.id, as: caller)
        #expect(ownToken.obstacle == nil)
        let foreign = await refusal { _ = try await house.app.userRights(other.summary.owner.id, as: caller) }
        guard case .forbidden? = foreign else {
            Issue.record("a Member saw another's rights")
            return
        }
        let hidden = await refusal { _ = try await house.app.tokenRights(other.summary.token.id, as: caller) }
        #expect(hidden == .notFound("token"))
    }
}
