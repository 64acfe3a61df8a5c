public import LatchkeyCore

extension Transaction {
    /// Deleted ones too: they stay as tombstones.
    public func token(_ id: ID<Token>) throws(Refusal) -> Token? {
        try first("SELECT \(Token.columns) FROM token t WHERE t.id = \(id)", Token.read)
    }

    /// Those of these that are there, deleted ones too, by id.
    public func tokens(_ ids: [ID<Token>]) throws(Refusal) -> [Token] {
        try all("SELECT \(Token.columns) FROM token t WHERE t.id \(in: ids) ORDER BY t.id", Token.read)
    }

    /// The one token of this name that its owner has, whatever its standing; none that was deleted.
    public func liveToken(owner: ID<User>, name: String) throws(Refusal) -> Token? {
        try first(
            """
            SELECT \(Token.columns) FROM token t
            WHERE t.owner_id = \(owner) AND t.name = \(name) AND t.deleted_at IS NULL
            """, Token.read)
    }

    /// The tokens of an account that work at this moment, oldest first.
    public func activeTokens(of owner: ID<User>, at now: Timestamp) throws(Refusal) -> [Token] {
        try all(
            """
            SELECT \(Token.columns) FROM token t WHERE t.owner_id = \(owner) AND \(Token.isActive(at: now))
            ORDER BY t.created_at, t.id
            """, Token.read)
    }

    /// Rotated tokens whose overlap has run out and that nobody has revoked yet, the most overdue first.
    public func tokensDueToRetire(at now: Timestamp, limit: Int) throws(Refusal) -> [Token] {
        try all(
            """
            SELECT \(Token.columns) FROM token t
            WHERE t.retires_at <= \(now) AND t.retires_at IS NOT NULL AND t.revoked_at IS NULL
                AND t.deleted_at IS NULL
            ORDER BY t.retires_at, t.id LIMIT \(limit)
            """, Token.read)
    }

    /// The keys that some token not deleted, a session, an invitation or an authenticator still needs. Nothing
    /// was ever signed for a keyless token, and no bytes lead to its digest. Reads every token: for key rotation only.
    public func keysInUse(at now: Timestamp) throws(Refusal) -> KeysInUse {
        var keys = KeysInUse()
        try rows(
            """
            SELECT DISTINCT t.signed_by, t.digest_generation FROM token t
            WHERE t.deleted_at IS NULL AND t.expires_at > \(now) AND t.signed_by <> ''
            """
        ) { row in
            keys.signing.insert(row.text(0))
            keys.digests.insert(Int(row.int(1)))
        }
        keys.digests.formUnion(try signInDigestGenerations())
        keys.sealings = Set(try secondFactors().compactMap { KeyRing.sealingGeneration(of: $0.sealedSecret) })
        keys.sealings.formUnion(try clientSecretSealings())
        return keys
    }
}

/// Which generations of keys are still needed.
public struct KeysInUse: Sendable {
    public internal(set) var signing: Set<String> = []
    public internal(set) var digests: Set<Int> = []
    public internal(set) var sealings: Set<Int> = []
}

extension WriteTransaction {
    func insert(_ token: Token) throws(Refusal) {
        try run(
            """
            INSERT INTO token (id, owner_id, token_type, is_scim_only, name, name_folded, digest, digest_generation,
                hint, signed_by, created_at, created_by, expires_at, narrowing, predecessor_id, version)
            VALUES (\(token.id), \(token.owner), \(token.type), \(token.isSCIMOnly), \(token.name),
                \(token.name.folded), \(token.digest.bytes), \(token.digest.generation), \(token.hint),
                \(token.signedBy), \(token.createdAt), \(token.createdBy), \(token.expiresAt ?? .endOfTime),
                \(token.narrowing.stored), \(token.predecessor), \(token.version))
            """)
        try insertUse(of: token)
        guard token.revocation != nil || token.deletedAt != nil || token.rotation != nil else { return }
        try writeMutable(token, from: token.version)
    }

    func update(_ token: Token) throws(Refusal) {
        try writeMutable(token, from: token.version - 1)
    }

    /// The digest is not among them: moving it to a newer key is bookkeeping and has a way of its own.
    private func writeMutable(_ token: Token, from version: Int64) throws(Refusal) {
        let rotation = token.rotation
        let changed = try run(
            """
            UPDATE token SET name = \(token.name), name_folded = \(token.name.folded),
                revoked_at = \(token.revocation?.at), revoked_by = \(token.revocation?.by),
                revoked_reason = \(token.revocation?.reason), deleted_at = \(token.deletedAt),
                successor_id = \(rotation?.successor), rotated_at = \(rotation?.startedAt),
                overlap = \(rotation?.overlap.text), proven_at = \(rotation?.provenAt),
                retires_at = \(rotation?.retiresAt), aborted_at = \(rotation?.abortedAt), version = \(token.version)
            WHERE id = \(token.id) AND version = \(version)
            """)
        try requireOne(changed, "token")
        try updateUse(of: token)
    }
}

extension Token {
    static let columns: SQL = """
        t.id, t.owner_id, t.token_type, t.is_scim_only, t.name, t.digest, t.digest_generation, t.hint, t.signed_by,
        t.created_at, t.created_by, t.expires_at, t.narrowing, t.revoked_at, t.revoked_by, t.revoked_reason,
        t.deleted_at, t.predecessor_id, t.successor_id, t.rotated_at, t.overlap, t.proven_at, t.retires_at,
        t.aborted_at, t.version
        """
    static let columnCount: Int32 = 25

    /// ``Token/standing(at:)`` is `active`, in SQL.
    static func isActive(at now: Timestamp) -> SQL {
        """
        t.deleted_at IS NULL AND t.revoked_at IS NULL AND t.expires_at > \(now)
        AND (t.retires_at IS NULL OR t.retires_at > \(now))
        """
    }

    static func read(_ row: Row) throws(Refusal) -> Token {
        Token(
            id: row.id(0), owner: row.id(1), type: try row.word(2), isSCIMOnly: row.flag(3), name: row.text(4),
            digest: TokenDigest(bytes: row.blob(5), generation: Int(row.int(6))), hint: row.text(7),
            signedBy: row.text(8), createdAt: row.time(9), createdBy: row.optionalID(10),
            expiresAt: row.timeOrEndOfTime(11), narrowing: Narrowing(stored: row.optionalText(12)),
            revocation: try Revocation.read(row, at: 13), deletedAt: row.optionalTime(16),
            predecessor: row.optionalID(17), rotation: Rotation.read(row, at: 18), version: row.int(24))
    }
}

extension Revocation {
    fileprivate static func read(_ row: Row, at start: Int32) throws(Refusal) -> Revocation? {
        guard let moment = row.optionalTime(start) else { return nil }
        return Revocation(at: moment, by: row.optionalID(start + 1), reason: try row.word(start + 2))
    }
}

extension Rotation {
    /// An overlap that cannot be read counts as one until the first use: the only one that may end before its end is
    /// written, so that nothing else lets the old token go for good.
    fileprivate static func read(_ row: Row, at start: Int32) -> Rotation? {
        guard let successor: ID<Token> = row.optionalID(start) else { return nil }
        return Rotation(
            successor: successor, startedAt: row.time(start + 1),
            overlap: Overlap(text: row.text(start + 2)) ?? .untilFirstUse, provenAt: row.optionalTime(start + 3),
            retiresAt: row.optionalTime(start + 4), abortedAt: row.optionalTime(start + 5))
    }
}

extension Row {
    func timeOrEndOfTime(_ column: Int32) -> Timestamp? {
        let time = time(column)
        return time == .endOfTime ? nil : time
    }
}
