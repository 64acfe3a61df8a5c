import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyStore

@Suite("A rotation, as kept")
struct RotationStoreTests {
    @Test(
        "with an overlap that only a newer program knows ends after the first use",
        arguments: EngineUnderTest.available)
    func unreadableOverlap(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let kept = try await store.write { db throws(Refusal) in
            let owner = try db.givenUser("a@service").id
            var old = try db.givenToken(owner: owner)
            let successor = try db.givenToken(owner: owner, predecessor: old.id)
            old.rotation = Rotation(successor: successor.id, startedAt: Sample.now, overlap: .untilFirstUse)
            old.version = 2
            try db.apply(Sample.decision(.updateToken(old)))
            try db.run("UPDATE token SET overlap = 'until_third_use' WHERE id = \(old.id)")
            return try db.token(old.id)
        }
        let token = try #require(kept)
        let policy = TokenPolicy(grace: .minutes(5))
        let proof = try #require(token.prove(at: Sample.now, policy: policy, by: Caller(.host), at: Sample.now))
        guard case .updateToken(let proven)? = proof.changes.first else {
            Issue.record("the proof changes something else")
            return
        }
        #expect(proven.rotation?.retiresAt == Sample.now + .minutes(5))
    }
}
