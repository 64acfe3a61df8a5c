import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

/// A model of an attacker: somebody with a token of some role who tries everything, in any order, with every token
/// that they get hold of on the way.
@Suite("Whoever tries everything")
struct ReachableRoleTests {
    @Test("never gets hold of a role above their own", arguments: [Role.member, .editor, .manager], 1...4)
    func highestRole(role: Role, seed: Int) async throws {
        let house = try await House(on: .sqlite)
        let attacker = try await Attacker(house, role: role, limits: NarrowingRequest(), seed: UInt64(seed))
        let reach = try await attacker.reach(after: 150)
        #expect(reach.role <= role)
        #expect(!reach.mayProvision)
    }

    @Test("of an Admin's token that is narrowed to a lower role stays there too", arguments: [Role.member, .manager])
    func narrowedAdmin(role: Role) async throws {
        let house = try await House(on: .sqlite)
        let attacker = try await Attacker(house, role: .admin, limits: NarrowingRequest(role: role), seed: 7)
        let reach = try await attacker.reach(after: 150)
        #expect(reach.role <= role)
        #expect(!reach.mayProvision)
    }
}

private struct Attacker {
    let house: House
    let own: UserSummary
    let prey: UserSummary
    var secrets: [TokenSecret]
    var chance: CountingBytes

    init(_ house: House, role: Role, limits: NarrowingRequest, seed: UInt64) async throws {
        self.house = house
        own = try await house.givenServiceUser("Attacker", role: role)
        prey = try await house.givenServiceUser("Prey", role: .admin)
        _ = try await house.givenToken("prey", for: prey)
        // That an Admin gave the attacker's account the right of directory sync gives it to none of its other tokens.
        for user in [own, prey] {
            let directory = NewToken(name: "directory", owner: user.user.id, lifetime: .usual, isSCIMOnly: true)
            _ = try await house.app.issueToken(directory, as: house.admin)
        }
        secrets = [try await house.givenToken("own", for: own, limits: limits).secret]
        chance = CountingBytes(seed: seed)
    }

    private func draw(_ count: Int) -> Int {
        Int(chance.bytes(1)[0]) % count
    }

    /// The highest role of all tokens that the attacker holds in the end, and whether one of them opens directory sync.
    func reach(after steps: Int) async throws -> (role: Role, mayProvision: Bool) {
        var attacker = self
        for step in 0..<steps { await attacker.tryAnything(step) }
        var (highest, mayProvision) = (Role.member, false)
        for secret in attacker.secrets {
            guard let caller = try? await house.caller(secret) else { continue }
            if let role = caller.role { highest = max(highest, role) }
            if caller.isAllowed(.provision) { mayProvision = true }
        }
        return (highest, mayProvision)
    }

    /// One attempt; what is refused is part of the game.
    private mutating func tryAnything(_ step: Int) async {
        guard let caller = try? await house.caller(secrets[draw(secrets.count)]) else { return }
        let app = house.app
        let target = draw(2) == 0 ? own.user.id : prey.user.id
        let token = ID<Token>(Int64(draw(12) + 1))
        let role = Role.allCases[draw(4)]
        switch draw(8) {
        case 0:
            let wish = NewToken(name: "t\(step)", owner: target, lifetime: .usual)
            if let made = try? await app.issueToken(wish, as: caller) { secrets.append(made.secret) }
        case 1:
            let wish = NewToken(name: "t\(step)", lifetime: .usual, limits: NarrowingRequest(role: role))
            if let made = try? await app.issueToken(wish, as: caller) { secrets.append(made.secret) }
        case 2: _ = try? await app.createServiceUser(NewServiceUser(name: "u\(step)", role: role), as: caller)
        case 3: _ = try? await app.updateUser(target, UserEditRequest(role: role), as: caller)
        case 4:
            let wish = RotationRequest(overlap: .span(.hours(1)))
            if let made = try? await app.rotateToken(token, wish, as: caller) { secrets.append(made.secret) }
        case 5: _ = try? await app.updateToken(token, TokenEdit(revoke: draw(2) == 0), as: caller)
        case 6: try? await app.deactivateUser(target, revokingTokens: false, as: caller)
        default: _ = try? await app.updateTeam(ID(1), TeamEdit(permission: .editor), as: caller)
        }
    }
}
