import LatchkeyCore

/// One token in the index: 64 bytes, no references, one or two cache lines.
///
/// Moments are whole seconds since 1970 in 32 bits (until 2106), 0 for none. Rounding is downwards, so that a token
/// may end a moment early and never late.
struct TokenRecord {
    var digest0: UInt64
    var digest1: UInt64
    var digest2: UInt64
    var digest3: UInt64
    var id: Int64
    /// Place in the account directory.
    var account: UInt32
    var expiresAt: UInt32
    /// When an overlap after rotation runs out.
    var retiresAt: UInt32
    var createdAt: UInt32
    /// Place in the arena of names.
    var name: UInt32
    var generation: UInt16
    var flags: Flags

    struct Flags: OptionSet {
        let rawValue: UInt16

        static let isRevoked = Flags(rawValue: 1)
        static let isSCIMOnly = Flags(rawValue: 2)
        static let isPersonal = Flags(rawValue: 4)
        /// Its limits stand in the side table.
        static let isNarrowed = Flags(rawValue: 8)
        /// A successor of it has been used.
        static let isProven = Flags(rawValue: 16)
        /// It succeeds a token that waits for its first use.
        static let provesAnother = Flags(rawValue: 32)
    }

    var digest: TokenDigest {
        TokenDigest(words: SIMD4(digest0, digest1, digest2, digest3), generation: Int(generation))
    }

    static func seconds(_ moment: Timestamp?) -> UInt32 {
        guard let moment else { return 0 }
        return UInt32(clamping: max(1, moment.seconds))
    }

    static func moment(_ seconds: UInt32) -> Timestamp? {
        seconds == 0 ? nil : Timestamp(seconds: Int64(seconds))
    }
}

/// What the index is told about a token.
struct TokenFacts: Sendable {
    let id: ID<Token>
    let owner: ID<User>
    let isPersonal: Bool
    let isSCIMOnly: Bool
    let digest: TokenDigest
    let name: String
    let createdAt: Timestamp
    let expiresAt: Timestamp?
    /// When it was revoked, if it was.
    let revokedAt: Timestamp?
    let retiresAt: Timestamp?
    let provenAt: Timestamp?
    let predecessor: ID<Token>?
    let narrowing: Narrowing
}

extension TokenFacts {
    init(_ token: Token) {
        self.init(
            id: token.id, owner: token.owner, isPersonal: token.type == .personal, isSCIMOnly: token.isSCIMOnly,
            digest: token.digest, name: token.name, createdAt: token.createdAt, expiresAt: token.expiresAt,
            revokedAt: token.revocation?.at, retiresAt: token.rotation?.retiresAt, provenAt: token.rotation?.provenAt,
            predecessor: token.predecessor, narrowing: token.narrowing)
    }

    /// Revocation before the end of an overlap is what shut the token off; afterwards it is only the job's tidying up.
    var effectiveRetirement: Timestamp? {
        guard let retiresAt else { return nil }
        if let revokedAt, revokedAt < retiresAt { return nil }
        return retiresAt
    }
}
