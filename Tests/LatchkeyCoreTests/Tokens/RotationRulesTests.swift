import LatchkeyCore
import Testing

@Suite("The rules of rotation")
struct RotationRulesTests {
    private let admin = Given.caller(.admin)
    private let now = Given.now
    private let policy = TokenPolicy()

    private func rotated(_ token: Token, _ overlap: Overlap) throws(Refusal) -> (old: Token, successor: Token) {
        let (successor, decision) = try token.rotate(
            RotationRequest(overlap: overlap), Given.minting(200), name: "production (2)",
            owner: Given.serviceUser(), by: admin)
        guard case .updateToken(let old) = decision.changes[0] else { return (token, successor) }
        return (old, successor)
    }

    @Test("make a successor with the same limits, that knows where it comes from")
    func successor() throws {
        let narrowing = Narrowing(role: .member, actions: ["self:read"])
        let (old, successor) = try rotated(Given.token(narrowing: narrowing), .untilFirstUse)
        #expect(successor.narrowing == narrowing)
        #expect(successor.predecessor == old.id)
        #expect(old.rotation?.successor == successor.id)
        #expect(old.standing(at: now + .days(1)) == .active)
    }

    @Test("let the old token work until the new one was used and a grace has passed")
    func untilFirstUse() throws {
        let (old, _) = try rotated(Given.token(), .untilFirstUse)
        let decision = try #require(old.prove(at: now + .hours(1), policy: policy, by: Caller(.job("x")), at: now))
        let proven = try #require(decision.changedToken)
        #expect(proven.standing(at: now + .hours(1) + .minutes(4)) == .active)
        #expect(proven.standing(at: now + .hours(1) + .minutes(5)) == .revoked)
        #expect(proven.retire(by: Caller(.job("x")), at: now + .hours(2)) != nil)
        #expect(proven.retire(by: Caller(.job("x")), at: now + .hours(1)) == nil)
        #expect(proven.prove(at: now, policy: policy, by: Caller(.job("x")), at: now) == nil)
    }

    @Test("shut the old token off at once, or after a span, where that was asked for")
    func otherOverlaps() throws {
        #expect(try rotated(Given.token(), .none).old.standing(at: now) == .revoked)
        let (old, _) = try rotated(Given.token(), .span(.hours(24)))
        #expect(old.standing(at: now + .hours(23)) == .active)
        #expect(old.standing(at: now + .hours(24)) == .revoked)
    }

    @Test("refuse a second rotation, naming the successor")
    func twice() throws {
        let (old, successor) = try rotated(Given.token(), .untilFirstUse)
        let refused = refusal { () throws(Refusal) in _ = try rotated(old, .untilFirstUse) }
        guard case .conflict(_, let related) = refused else {
            Issue.record("not a conflict")
            return
        }
        #expect(related == successor.id.value)
    }

    @Test("forget the rotation when the successor is shut off before its first use")
    func abort() throws {
        let (old, _) = try rotated(Given.token(), .span(.hours(24)))
        let decision = try #require(old.abortRotation(by: admin, at: now))
        let free = try #require(decision.changedToken)
        #expect(free.standing(at: now + .days(2)) == .active)
        _ = try rotated(free, .untilFirstUse)
    }

    @Test("bring no token back whose overlap is over")
    func lateAbort() throws {
        let (old, _) = try rotated(Given.token(), .span(.hours(24)))
        #expect(old.abortRotation(by: admin, at: now + .hours(23)) != nil)
        #expect(old.abortRotation(by: admin, at: now + .hours(24)) == nil)
    }

    @Test("let a proven successor's predecessor come back only by an Admin's force")
    func force() throws {
        let rotation = Rotation(
            successor: ID(200), startedAt: now, overlap: .untilFirstUse, provenAt: now, retiresAt: now)
        let old = Given.token(
            revocation: Revocation(at: now, by: nil, reason: .superseded), rotation: rotation)
        let owner = Given.serviceUser()
        #expect(
            refusal { () throws(Refusal) in
                _ = try old.restore(owner: owner, isForced: false, by: admin, at: now)
            }?.isConflict == true)
        #expect(try old.restore(owner: owner, isForced: true, by: admin, at: now) != nil)
    }

    @Test("keep the end of an overlap through revocation and restoration")
    func overlapStays() throws {
        let (old, _) = try rotated(Given.token(), .span(.hours(24)))
        let revoked = try #require(old.revoke(.unspecified, by: admin, at: now))
        let token = try #require(revoked.changedToken)
        let owner = Given.serviceUser()
        let decision = try #require(try token.restore(owner: owner, isForced: false, by: admin, at: now))
        let restored = try #require(decision.changedToken)
        #expect(restored.standing(at: now + .hours(23)) == .active)
        #expect(restored.standing(at: now + .hours(24)) == .revoked)
    }

    @Test("take overlaps of a year at most", arguments: ["P366D", "P999999DT99999999H"])
    func longOverlaps(text: String) {
        #expect(Overlap(text: text) == nil)
        #expect(Overlap(text: "P365D") == .span(.days(365)))
    }

    @Test("let a narrowed caller rotate nothing that is wider than itself")
    func wider() {
        let narrowed = Given.caller(.admin, narrowing: Narrowing(actions: ["tokens:own", "tokens:manage"]))
        #expect(
            refusal { () throws(Refusal) in
                _ = try Given.token().rotate(
                    RotationRequest(), Given.minting(200), name: "x", owner: Given.serviceUser(), by: narrowed)
            }?.isForbidden == true)
    }

    @Test("name the successor by the next free number")
    func names() {
        let token = Given.token()
        #expect(token.successorName { _ in false } == "production (2)")
        #expect(token.successorName { $0 == "production (2)" } == "production (3)")
    }

    @Test("tell how far a rotation has come")
    func stages() throws {
        let (issued, _) = try rotated(Given.token(), .untilFirstUse)
        func stage(_ token: Token, _ after: Duration, lastUsed: Timestamp? = nil) -> Rotation.Stage? {
            token.rotationStage(at: now + after, lastUsed: lastUsed, watch: policy.watch)
        }
        #expect(stage(Given.token(), .zero) == nil)
        #expect(stage(issued, .hours(1)) == .issued)
        let decision = try #require(issued.prove(at: now, policy: policy, by: admin, at: now))
        let proven = try #require(decision.changedToken)
        #expect(stage(proven, .minutes(1)) == .proven)
        #expect(stage(proven, .minutes(2), lastUsed: now + .minutes(1)) == .overlapping)
        #expect(stage(proven, .minutes(10)) == .retired)
        #expect(stage(proven, .days(8)) == .watched)
        #expect(stage(proven, .days(8), lastUsed: now + .days(7)) == .retired)
    }
}
