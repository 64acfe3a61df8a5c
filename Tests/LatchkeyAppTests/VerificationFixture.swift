import LatchkeyCore

@testable import LatchkeyApp

/// An index with keys, and tokens that were really made with them.
struct Verification {
    static let start = Timestamp(seconds: 1_800_000_000)
    static let publicTeam = Team(
        id: ID(1), name: "Public", description: "", permission: .viewer, isPublic: true, createdAt: start,
        createdBy: nil)

    let keys: Keys
    let index = TokenIndex()
    let verifier: Verifier

    /// Another seed is another instance.
    init(seed: UInt64 = 1) {
        keys = Keys(KeyRing.generate(instance: "test", randomBytes: Self.bytes(from: seed)))
        verifier = Verifier(index: index, keys: keys)
        index.set([Self.publicTeam])
    }

    /// Repeatable chance (splitmix64).
    static func bytes(from seed: UInt64) -> (Int) -> [UInt8] {
        var chance = Chance(seed: seed)
        return { count in (0..<count).map { _ in UInt8(truncatingIfNeeded: chance.next()) } }
    }

    /// Makes a token, and puts it into the index as `change` leaves it.
    @discardableResult
    func give(
        _ id: Int64, owner: Int64 = 10, expiresAt: Timestamp? = nil, narrowing: Narrowing = .none,
        predecessor: ID<Token>? = nil, change: (inout Token) -> Void = { _ in }
    ) throws -> (secret: String, token: Token) {
        let claims = TokenClaims(
            token: ID(id), issuer: "http://localhost:8080", subject: "a@service", issuedAt: Self.start,
            expiresAt: expiresAt, use: .service)
        let minted = try keys.current.mint(claims, random: Self.bytes(from: UInt64(id))(16))
        var token = Token(
            id: ID(id), owner: ID(owner), type: .service, isSCIMOnly: false, name: "ci", digest: minted.digest,
            hint: minted.hint, signedBy: minted.signedBy, createdAt: Self.start, createdBy: nil, expiresAt: expiresAt,
            narrowing: narrowing, predecessor: predecessor)
        change(&token)
        index.set(TokenFacts(token))
        return (minted.secret.reveal(), token)
    }

    func giveAccount(
        _ id: Int64 = 10, role: Role = .editor, teams: [Int64] = [1], isActive: Bool = true
    ) {
        let account = Account(
            id: ID(id), handle: "a\(id)@service", userName: "a\(id)@service", email: nil, name: "A", type: .service,
            role: role, isActive: isActive)
        index.set(AccountFacts(account: account, teams: teams.map { ID($0) }))
    }

    func team(_ id: Int64, _ name: String) -> Team {
        Team(id: ID(id), name: name, description: "", permission: .editor, createdAt: Self.start, createdBy: nil)
    }

    func verify(_ secret: String, from address: String? = nil, at now: Timestamp = start) -> Verdict {
        verifier.verify(secret, from: address.flatMap { Address($0) }, at: now)
    }
}

/// splitmix64: a run of a test is the same each time.
struct Chance: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}
