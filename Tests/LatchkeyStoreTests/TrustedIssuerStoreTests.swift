import LatchkeyCore
import LatchkeyStore
import LatchkeyTestSupport
import Testing

@Suite("The store keeps trusted issuers")
struct TrustedIssuerStoreTests {
    private static let issuer = "https://ci.example"

    private static func trust(_ token: Token) throws(Refusal) -> TrustedIssuer {
        guard
            let trust = TrustedIssuer(
                id: token.id, issuer: issuer, audience: "latchkey", subject: "repo:acme/x:**",
                storedClaims: #"[{"name":"ref","value":"refs/heads/*"}]"#, lifetime: .minutes(15))
        else { throw .badRequest("not stored so") }
        return trust
    }

    private static func given(_ db: WriteTransaction, owner: ID<User>) throws(Refusal) -> (TrustedIssuer, Token) {
        let id = try db.reserveIDs(1).lowerBound
        let token = Token(
            id: ID(id), owner: owner, type: .service, isSCIMOnly: false, name: "CI \(id)", digest: Sample.digest(id),
            hint: "", signedBy: "", createdAt: Sample.now, createdBy: nil, expiresAt: nil)
        let trust = try trust(token)
        try db.apply(Sample.decision(.insertToken(token), .insertTrustedIssuer(trust)))
        return (trust, token)
    }

    @Test("with every field, beside their tokens", arguments: EngineUnderTest.available)
    func roundTrip(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let (trust, token) = try await store.write { db throws(Refusal) in
            try Self.given(db, owner: try db.givenUser("sync@service").id)
        }
        let (found, listed, none) = try await store.read { db throws(Refusal) in
            (
                try db.trustedIssuer(trust.id), try db.trustedIssuers(of: token.owner),
                try db.trustedIssuers("https://other.example", at: Sample.now)
            )
        }
        #expect(found == trust)
        #expect(listed.map(\.trust) == [trust])
        #expect(listed.first?.token.token.isKeyless == true)
        #expect(none.isEmpty)
    }

    @Test("and finds by issuer only those that work now", arguments: EngineUnderTest.available)
    func byIssuer(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let kept = try await store.write { db throws(Refusal) in
            let user = try db.givenUser("one@service")
            var other = try db.givenUser("two@service")
            let (kept, _) = try Self.given(db, owner: user.id)
            var (_, revoked) = try Self.given(db, owner: user.id)
            revoked.revocation = Revocation(at: Sample.now, by: nil, reason: .unspecified)
            revoked.version = 2
            _ = try Self.given(db, owner: other.id)
            other.deactivatedAt = Sample.now
            other.version = 2
            try db.apply(Sample.decision(.updateToken(revoked), .updateUser(other)))
            return kept
        }
        let found = try await store.read { db throws(Refusal) in
            try db.trustedIssuers(Self.issuer, at: Sample.now)
        }
        #expect(found == [kept])
    }

    @Test("and each workload's token once, until it has run out", arguments: EngineUnderTest.available)
    func uses(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        func use(_ number: UInt8, until end: Timestamp, at now: Timestamp) async -> Refusal? {
            await refusal { () throws(Refusal) in
                try await store.write { db throws(Refusal) -> Void in
                    let use = WorkloadTokenUse(
                        issuer: Self.issuer, fingerprint: [UInt8](repeating: number, count: 32), forgettableFrom: end)
                    let event = AuditEvent(.exchange, .token, 1, by: Caller(.host), at: now)
                    try db.apply(Decision(event, [.useWorkloadToken(use)]))
                }
            }
        }
        let end = Sample.now + .minutes(5)
        let (first, again) = (await use(1, until: end, at: Sample.now), await use(1, until: end, at: Sample.now))
        let other = await use(2, until: end, at: Sample.now)
        let afterwards = await use(1, until: end + .minutes(5), at: end)
        #expect(first == nil)
        #expect(again?.isConflict == true)
        #expect(other == nil)
        #expect(afterwards == nil)
    }

    @Test("and access tokens that were given up, with an entry of the feed", arguments: EngineUnderTest.available)
    func revocations(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let (token, entries, given, left) = try await store.write { db throws(Refusal) in
            let token = try db.givenToken(owner: try db.givenUser("sync@service").id)
            let seq = try db.lastSequence()
            func giveUp(_ number: UInt8, at now: Timestamp) throws(Refusal) {
                let nonce = [UInt8](repeating: number, count: 16)
                let revocation = AccessRevocation(token: token.id, nonce: nonce, endsAt: now + .minutes(10))
                try db.apply(token.revokeAccess(revocation, jti: "x", by: Caller(.host), at: now))
            }
            for _ in 0..<2 { try giveUp(7, at: Sample.now) }
            let (entries, given) = (
                try db.changes(after: seq, limit: 9), try db.accessRevocations(of: [token.id])
            )
            try giveUp(8, at: Sample.now + .minutes(10))
            return (token, entries, given, try db.accessRevocations())
        }
        #expect(entries.map(\.id) == [token.id.value, token.id.value])
        #expect(entries.allSatisfy { $0.kind == .token })
        #expect(given.map(\.nonce) == [[UInt8](repeating: 7, count: 16)])
        #expect(left.map(\.nonce) == [[UInt8](repeating: 8, count: 16)], "what has run out is forgotten")
    }

    @Test("and needs no key for a token that nobody holds", arguments: EngineUnderTest.available)
    func keys(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let keys = try await store.write { db throws(Refusal) in
            _ = try Self.given(db, owner: try db.givenUser("sync@service").id)
            return try db.keysInUse(at: Sample.now)
        }
        #expect(keys.signing.isEmpty)
        #expect(keys.digests.isEmpty)
    }
}
