import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyApp

@Suite("An access token ends")
struct AccessTokenEndTests {
    private func bearer(_ secret: TokenSecret, _ house: House) async throws -> Bearer {
        try await house.app.authenticate(secret.reveal()[...], method: "POST", route: "/oauth2/token", from: Origin())
    }

    private func exchanged(_ secret: TokenSecret, _ house: House) async throws -> TokenSecret {
        try await house.app.issueAccess(
            AccessRequest(.tokenExchange), of: try await bearer(secret, house), from: Origin()
        ).secret
    }

    @Test("with the one that was exchanged for it, and without it", arguments: EngineUnderTest.available)
    func children(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let token = try await house.givenToken(for: try await house.givenServiceUser())
        let parent = try await exchanged(token.secret, house)
        let (child, sibling) = (try await exchanged(parent, house), try await exchanged(parent, house))
        let grandchild = try await exchanged(child, house)
        try await house.app.giveUp(child.reveal(), route: "/oauth2/revoke", from: Origin())
        let first = await [parent, child, sibling, grandchild].refused(in: house)
        #expect(first == [false, true, false, true])
        let there = try await house.elsewhere()
        await #expect(throws: Refusal.self) {
            _ = try await there.authenticate(grandchild.reveal()[...], method: "GET", route: "/", from: Origin())
        }
        try await house.app.giveUp(parent.reveal(), route: "/oauth2/revoke", from: Origin())
        let second = await [token.secret, parent, sibling].refused(in: house)
        #expect(second == [false, true, true])
    }

    @Test("and a late use of one that was given up is told of its token")
    func lateUse() async throws {
        let house = try await House(on: .sqlite)
        let token = try await house.givenToken(for: try await house.givenServiceUser())
        let access = try await exchanged(token.secret, house)
        try await house.app.giveUp(access.reveal(), route: "/oauth2/revoke", from: Origin())
        let verdict = house.app.verifier.verify(access.reveal(), from: nil, at: house.clock.now)
        let expected = RefusedUse(.revoked, token: token.summary.token.id, owner: token.summary.token.owner)
        #expect(verdict.refusal == expected)
    }

    /// The houses share their keys, as a restored instance does with the one that it was.
    @Test("where its token's number is another's after a restoration", arguments: ["Nightly Load", "Somebody Else"])
    func restored(name: String) async throws {
        let (lost, restored) = (try await House(on: .sqlite), try await House(on: .sqlite))
        let token = try await lost.givenToken(for: try await lost.givenServiceUser("Nightly Load"))
        let access = try await exchanged(token.secret, lost)
        restored.clock.advance(by: .minutes(5))
        let again = try await restored.givenToken(for: try await restored.givenServiceUser(name))
        #expect(again.summary.token.id == token.summary.token.id)
        let verdict = restored.app.verifier.verify(access.reveal(), from: nil, at: restored.clock.now)
        #expect(verdict.refusal == RefusedUse(.unknown))
        let fresh = try await exchanged(again.secret, restored)
        #expect(await !restored.isRefused(fresh))
    }

    @Test("where its token's number is another account's, although that token is older")
    func otherAccount() async throws {
        let (lost, restored) = (try await House(on: .sqlite), try await House(on: .sqlite))
        let token = try await lost.givenToken(for: try await lost.givenServiceUser("Nightly Load"))
        let again = try await restored.givenToken(for: try await restored.givenServiceUser("Somebody Else"))
        #expect(again.summary.token.id == token.summary.token.id)
        let access = try await exchanged(token.secret, lost)
        let verdict = restored.app.verifier.verify(access.reveal(), from: nil, at: restored.clock.now)
        #expect(verdict.refusal == RefusedUse(.unknown))
    }
}

extension [TokenSecret] {
    fileprivate func refused(in house: House) async -> [Bool] {
        var answers: [Bool] = []
        for secret in self { answers.append(await house.isRefused(secret)) }
        return answers
    }
}
