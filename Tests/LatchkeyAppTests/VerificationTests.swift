import LatchkeyCore
import Testing

@testable import LatchkeyApp

@Suite("Verifying a token")
struct VerificationTests {
    let start = Verification.start

    @Test("says whose it is and what it may do")
    func valid() throws {
        let world = Verification()
        world.index.set([world.team(5, "Data"), world.team(6, "Ähren")])
        world.giveAccount(role: .manager, teams: [6, 1, 5])
        let (secret, token) = try world.give(1, expiresAt: start + .days(1))
        let bearer = try #require(world.verify(secret).bearer)
        #expect(bearer.token == token.id)
        #expect(bearer.name == "ci")
        #expect(bearer.account.id == ID(10))
        #expect(bearer.role == .manager)
        #expect(bearer.expiresAt == start + .days(1))
        #expect(bearer.createdAt == start)
        #expect(bearer.teams == [ID(1), ID(5), ID(6)])
        #expect(bearer.teamNames == ["Public", "Ähren", "Data"])
        #expect(bearer.freshDigest == nil && bearer.proves == nil)
    }

    @Test("gives the lower role, and only the teams that the narrowing leaves")
    func narrowed() throws {
        let world = Verification()
        world.index.set([world.team(5, "Data"), world.team(6, "Ops")])
        world.giveAccount(role: .manager, teams: [1, 5, 6])
        let low = try world.give(1, narrowing: Narrowing(role: .member, teams: [ID(6), ID(7)])).secret
        let bearer = try #require(world.verify(low).bearer)
        #expect(bearer.role == .member)
        #expect(bearer.teams == [ID(6)])
        #expect(bearer.teamNames == ["Ops"])
        let high = try world.give(2, narrowing: Narrowing(role: .admin)).secret
        #expect(world.verify(high).bearer?.role == .manager)
    }

    @Test("refuses every alteration of a token")
    func altered() throws {
        let world = Verification()
        world.giveAccount()
        let secret = try world.give(1).secret
        let bytes = Array(secret.utf8)
        var wrong: [[UInt8]] = []
        for place in bytes.indices {
            wrong.append(Array(bytes[..<place]))
            wrong.append(Array(bytes[(place + 1)...]))
            for bit in 0..<8 {
                var flipped = bytes
                flipped[place] ^= 1 << UInt8(bit)
                wrong.append(flipped)
            }
        }
        wrong += [secret.lowercased(), secret.uppercased(), secret + "=", secret + ".e30"].map { Array($0.utf8) }
        for presented in wrong {
            let verdict = world.verifier.verify(presented, from: nil, at: start)
            guard case .refused(let use) = verdict, use.token == nil else {
                Issue.record("accepted or attributed \(String(decoding: presented, as: UTF8.self))")
                continue
            }
        }
        #expect(world.verify(secret).bearer != nil)
    }

    @Test("knows nothing of another instance's token")
    func otherInstance() throws {
        let (world, other) = (Verification(), Verification())
        other.keys.use(KeyRing.generate(instance: "other", randomBytes: Verification.bytes(from: 99)))
        world.giveAccount()
        try world.give(1)
        let secret = try other.give(1).secret
        #expect(world.verify(secret).refusal == RefusedUse(.unknown))
    }

    @Test("knows a token that was deleted by its tag")
    func deleted() throws {
        let world = Verification()
        world.giveAccount()
        let (secret, token) = try world.give(1)
        var news = FeedNews()
        news.goneTokens = [token.id]
        world.index.apply(news)
        #expect(world.verify(secret).refusal == RefusedUse(.deleted, token: token.id))
    }

    @Test("refuses a token whose account is not known")
    func noAccount() throws {
        let world = Verification()
        let secret = try world.give(1).secret
        #expect(world.verify(secret).refusal?.reason == .userDeactivated)
    }

    @Test("opens at the last moment and not at the end itself")
    func edges() throws {
        let world = Verification()
        world.giveAccount()
        let end = start + .seconds(10)
        let expiring = try world.give(1, expiresAt: end).secret
        let retiring = try world.give(2) {
            $0.rotation = Rotation(successor: ID(9), startedAt: start, overlap: .untilFirstUse, retiresAt: end)
        }.secret
        for secret in [expiring, retiring] {
            #expect(world.verify(secret, at: end - .milliseconds(1)).bearer != nil)
            #expect(world.verify(secret, at: end).bearer == nil)
        }
    }

    @Test(
        "follows addresses",
        arguments: [
            ("10.1.2.3", true), ("10.2.0.0", false), ("2001:db8::7", true), ("2001:db9::", false),
            ("::ffff:10.1.2.3", true), ("::10.1.2.3", false), (nil, false),
        ] as [(String?, Bool)])
    func addresses(address: String?, isAllowed: Bool) throws {
        let world = Verification()
        world.giveAccount()
        let blocks = ["10.1.0.0/16", "2001:db8::/32"].compactMap { AddressBlock($0) }
        let secret = try world.give(1, narrowing: Narrowing(addresses: blocks)).secret
        #expect((world.verify(secret, from: address).bearer != nil) == isAllowed)
    }

    @Test("moves a token to the newest digest key, and needs the old one until then")
    func redigests() throws {
        let world = Verification()
        world.giveAccount()
        let (secret, issued) = try world.give(1)
        var token = issued
        world.keys.use(world.keys.current.rotated(randomBytes: Verification.bytes(from: 5)))
        let fresh = try #require(world.verify(secret).bearer?.freshDigest)
        #expect(fresh.generation == 2)
        token.digest = fresh
        world.index.set(TokenFacts(token))
        #expect(world.verify(secret).bearer?.freshDigest == nil)
        world.keys.use(world.keys.current.keeping(kids: [], digests: [], sealings: []))
        #expect(world.verify(secret).bearer != nil)
        #expect(world.index.generations(besides: 2).isEmpty)
    }

    @Test("says which rotation a first use proves, until that is written")
    func proves() throws {
        let world = Verification()
        world.giveAccount()
        var old = try world.give(1).token
        old.rotation = Rotation(successor: ID(2), startedAt: start, overlap: .untilFirstUse)
        world.index.set(TokenFacts(old))
        let secret = try world.give(2, predecessor: old.id).secret
        #expect(world.verify(secret).bearer?.proves == old.id)
        old.rotation?.provenAt = start
        world.index.set(TokenFacts(old))
        #expect(world.verify(secret).bearer?.proves == nil)
    }

    @Test("forgets proofs that nobody waits for")
    func settles() throws {
        let world = Verification()
        world.giveAccount()
        let old = try world.give(1).token
        let secret = try world.give(2, predecessor: old.id).secret
        world.index.forgetSettledProofs()
        #expect(world.verify(secret).bearer?.proves == old.id)
        world.index.settleProof(of: ID(2))
        #expect(world.verify(secret).bearer?.proves == nil)
    }
}

/// Every combination of what can be true of a token, its account and its bearer's address.
@Suite("A token works only while everything says so")
struct VerificationTruthTable {
    private static let now = Verification.start
    private static let moments: [Timestamp?] = [nil, now - .seconds(1), now, now + .seconds(1)]

    struct Case: Sendable, CustomStringConvertible {
        let revokedAt, retiresAt, expiresAt: Timestamp?
        let isActive: Bool
        let addresses: [AddressBlock]?

        var description: String {
            "revoked \(Self.text(revokedAt)) retires \(Self.text(retiresAt)) expires \(Self.text(expiresAt))"
                + " active \(isActive) addresses \(addresses.map { "\($0)" } ?? "any")"
        }

        private static func text(_ moment: Timestamp?) -> String {
            moment.map { "\(($0 - now).components.seconds)" } ?? "never"
        }

        /// The rule in other words than the program's: the causes that hold, the first of which is named.
        var expected: RefusedUse.Reason? {
            let isRetired = retiresAt.map { $0 <= now } ?? false
            let wasRevokedFirst = revokedAt.map { $0 < retiresAt ?? .init(milliseconds: .max) } ?? false
            let causes: [(Bool, RefusedUse.Reason)] = [
                (isRetired && !wasRevokedFirst, .superseded), (revokedAt != nil, .revoked),
                (expiresAt.map { $0 <= now } ?? false, .expired), (!isActive, .userDeactivated),
                (addresses.map { $0.isEmpty || "\($0[0])" != "10.0.0.1/32" } ?? false, .addressNotAllowed),
            ]
            return causes.first { $0.0 }?.1
        }
    }

    static var cases: [Case] {
        let blocks: [[AddressBlock]?] = [
            nil, [], ["10.0.0.1"].compactMap { AddressBlock($0) }, ["10.0.0.2"].compactMap { AddressBlock($0) },
        ]
        return (0..<512).map { number in
            Case(
                revokedAt: moments[number & 3], retiresAt: moments[number >> 2 & 3],
                expiresAt: moments[number >> 4 & 3], isActive: number >> 6 & 1 == 0, addresses: blocks[number >> 7])
        }
    }

    @Test("in all 512 combinations, and its standing in Core agrees")
    func table() throws {
        let world = Verification()
        for (number, state) in Self.cases.enumerated() {
            let id = Int64(number + 100)
            world.giveAccount(id, isActive: state.isActive)
            let narrowing = Narrowing(addresses: state.addresses)
            let (secret, token) = try world.give(id, owner: id, expiresAt: state.expiresAt, narrowing: narrowing) {
                $0.revocation = state.revokedAt.map { Revocation(at: $0, by: nil, reason: .unspecified) }
                if let retiresAt = state.retiresAt {
                    $0.rotation = Rotation(
                        successor: ID(1), startedAt: Self.now, overlap: .untilFirstUse, retiresAt: retiresAt)
                }
            }
            let verdict = world.verify(secret, from: "10.0.0.1")
            #expect(verdict.refusal?.reason == state.expected, "\(state)")
            #expect(verdict.refusal.map { $0.token == token.id } ?? true)
            let works =
                token.standing(at: Self.now) == .active && state.isActive && narrowing.allows(Address("10.0.0.1"))
            #expect((verdict.bearer != nil) == works, "\(state)")
        }
    }
}
