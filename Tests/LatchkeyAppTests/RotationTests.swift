import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@Suite("A rotation")
struct RotationTests {
    @Test("lets both tokens work until the new one is used and the grace is over", arguments: EngineUnderTest.available)
    func untilFirstUse(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let old = try await house.givenToken(for: try await house.givenServiceUser(), lifetime: .days(100))
        let new = try await house.app.rotateToken(old.summary.token.id, RotationRequest(), as: house.admin)
        #expect(new.summary.token.expiresAt == old.summary.token.expiresAt)
        house.clock.advance(by: .days(3))
        #expect(await !house.isRefused(old.secret))

        try await house.use(new.secret)
        try await house.app.flushUsage()
        house.clock.advance(by: .minutes(4))
        #expect(await !house.isRefused(old.secret))
        house.clock.advance(by: .minutes(1))
        #expect(await house.isRefused(old.secret))
        #expect(await !house.isRefused(new.secret))

        #expect(try await house.app.retireRotatedTokens() == 1)
        let retired = try await house.app.findToken(old.summary.token.id, as: house.admin).token
        #expect(retired.revocation?.reason == .superseded)
    }

    @Test("makes one successor, however many ask at once", arguments: EngineUnderTest.available)
    func race(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let old = try await house.givenToken(for: try await house.givenServiceUser())
        let outcomes = await withTaskGroup(of: Refusal?.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    await refusal {
                        _ = try await house.app.rotateToken(
                            old.summary.token.id, RotationRequest(), as: house.admin)
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.filter { $0 == nil }.count == 1)
        let successor = try await house.app.findToken(old.summary.token.id, as: house.admin).token.rotation?.successor
        for case .conflict(_, let related)? in outcomes { #expect(related == successor?.value) }
        #expect(outcomes.compactMap { $0 }.count == 99)
    }

    @Test("is forgotten when its successor is revoked before the first use", arguments: EngineUnderTest.available)
    func aborted(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let old = try await house.givenToken(for: try await house.givenServiceUser())
        let new = try await house.app.rotateToken(
            old.summary.token.id, RotationRequest(overlap: .span(.hours(1))), as: house.admin)
        _ = try await house.app.updateToken(new.summary.token.id, TokenEdit(revoke: true), as: house.admin)
        house.clock.advance(by: .hours(2))
        #expect(await !house.isRefused(old.secret))
        _ = try await house.app.rotateToken(old.summary.token.id, RotationRequest(), as: house.admin)
    }

    @Test("does not bring a token back whose overlap is over", arguments: EngineUnderTest.available)
    func overIsOver(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let old = try await house.givenToken(for: try await house.givenServiceUser())
        let new = try await house.app.rotateToken(
            old.summary.token.id, RotationRequest(overlap: .span(.hours(1))), as: house.admin)
        house.clock.advance(by: .hours(2))
        #expect(await house.isRefused(old.secret))
        _ = try await house.app.updateToken(new.summary.token.id, TokenEdit(revoke: true), as: house.admin)
        #expect(await house.isRefused(old.secret))
    }

    @Test("is proven by its own successor, not by one that was shut off before", arguments: EngineUnderTest.available)
    func strangersProof(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let old = try await house.givenToken(for: try await house.givenServiceUser())
        let first = try await house.app.rotateToken(old.summary.token.id, RotationRequest(), as: house.admin)
        try await house.use(first.secret)
        _ = try await house.app.updateToken(first.summary.token.id, TokenEdit(revoke: true), as: house.admin)
        _ = try await house.app.rotateToken(old.summary.token.id, RotationRequest(), as: house.admin)
        try await house.app.flushUsage()
        let rotation = try await house.app.findToken(old.summary.token.id, as: house.admin).token.rotation
        #expect(rotation != nil)
        #expect(rotation?.provenAt == nil)
    }

    @Test("without overlap stops the old token with the reply", arguments: EngineUnderTest.available)
    func noOverlap(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let old = try await house.givenToken(for: try await house.givenServiceUser())
        let new = try await house.app.rotateToken(
            old.summary.token.id, RotationRequest(overlap: .none), as: house.admin)
        #expect(await house.isRefused(old.secret))
        #expect(await !house.isRefused(new.secret))
    }
}
