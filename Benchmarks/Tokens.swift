import LatchkeyCore

/// Tokens and accounts in great number.
enum Crowd {
    static let start = Timestamp(seconds: 1_800_000_000)

    static func randomBytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: .min ... .max) }
    }

    static func user(_ id: ID<User>) -> User {
        User(
            id: id, type: .service, handle: "bench_\(id)@service", userName: "bench_\(id)@service", email: nil,
            name: "Bench \(id)", role: .member, createdAt: start, createdBy: nil)
    }

    /// A token as it is stored; a really signed one only when it is to be presented.
    static func token(_ id: Int64, owner: ID<User>, keys: KeyRing, isSigned: Bool) throws -> (Token, String?) {
        let minted = isSigned ? try mint(id, owner, keys) : nil
        let digest = minted?.digest ?? TokenDigest(bytes: randomBytes(32), generation: keys.newestDigestGeneration)
        let token = Token(
            id: ID(id), owner: owner, type: .service, isSCIMOnly: false, name: "production-\(id)", digest: digest,
            hint: minted?.hint ?? "none", signedBy: keys.kids.last ?? "", createdAt: start, createdBy: nil,
            expiresAt: isSigned ? nil : end(of: id))
        return (token, minted?.secret.reveal())
    }

    /// Every other one never ends, the rest within a year.
    private static func end(of id: Int64) -> Timestamp? {
        id.isMultiple(of: 2) ? nil : start + .days(Int(id) % 365 + 1) + .seconds(Int(id) % 86_400)
    }

    private static func mint(_ id: Int64, _ owner: ID<User>, _ keys: KeyRing) throws -> MintedToken {
        let claims = TokenClaims(
            token: ID(id), issuer: "http://127.0.0.1:8080", subject: "bench_\(owner)@service", issuedAt: start,
            expiresAt: nil, use: .service)
        return try keys.mint(claims, random: randomBytes(16))
    }
}
