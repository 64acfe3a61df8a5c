public import LatchkeyCore

extension Transaction {
    /// Whoever trusts this issuer now: the token works and its user is active. By number, the oldest first.
    public func trustedIssuers(_ issuer: String, at now: Timestamp) throws(Refusal) -> [TrustedIssuer] {
        try all(
            """
            SELECT \(TrustedIssuer.columns) FROM trusted_issuer i JOIN token t ON t.id = i.token_id
            JOIN user_account u ON u.id = t.owner_id
            WHERE i.issuer = \(issuer) AND u.deactivated_at IS NULL AND \(Token.isActive(at: now)) ORDER BY i.token_id
            """, TrustedIssuer.read)
    }

    /// What one service user trusts, revoked and expired ones too, newest first; there are few.
    public func trustedIssuers(of owner: ID<User>) throws(Refusal) -> [TrustedIssuerSummary] {
        let trusts = try all(
            """
            SELECT \(TrustedIssuer.columns) FROM token t JOIN trusted_issuer i ON i.token_id = t.id
            WHERE t.owner_id = \(owner) AND t.deleted_at IS NULL ORDER BY t.created_at DESC, t.id DESC
            """, TrustedIssuer.read)
        var summaries: [TrustedIssuerSummary] = []
        for trust in trusts {
            guard let token = try tokenDetail(trust.id) else { continue }
            summaries.append(TrustedIssuerSummary(trust: trust, token: token))
        }
        return summaries
    }

    /// The one that stands on this token, if any does.
    public func trustedIssuer(_ id: ID<Token>) throws(Refusal) -> TrustedIssuer? {
        try first(
            "SELECT \(TrustedIssuer.columns) FROM trusted_issuer i WHERE i.token_id = \(id)", TrustedIssuer.read)
    }

    /// Whether this very token of a workload was exchanged before.
    public func isWorkloadTokenUsed(_ issuer: String, fingerprint: [UInt8]) throws(Refusal) -> Bool {
        try number(
            "SELECT COUNT(*) FROM workload_token_use WHERE issuer = \(issuer) AND fingerprint = \(fingerprint)") > 0
    }

    /// The access tokens of these tokens that were given up before their time, run out or not.
    public func accessRevocations(of tokens: [ID<Token>]) throws(Refusal) -> [AccessRevocation] {
        try all(
            "SELECT r.token_id, r.nonce, r.ends_at FROM access_revocation r WHERE r.token_id \(in: tokens)",
            AccessRevocation.read)
    }

    /// All of them; there are few.
    public func accessRevocations() throws(Refusal) -> [AccessRevocation] {
        try all("SELECT r.token_id, r.nonce, r.ends_at FROM access_revocation r", AccessRevocation.read)
    }
}

extension WriteTransaction {
    func insert(_ trust: TrustedIssuer) throws(Refusal) {
        try run(
            """
            INSERT INTO trusted_issuer (token_id, issuer, audience, subject, claims, lifetime_seconds)
            VALUES (\(trust.id), \(trust.issuer), \(trust.audience), \(trust.subject.text), \(trust.storedClaims),
                \(trust.lifetime.components.seconds))
            """)
    }

    /// What has run out is forgotten on the way, so that the table holds no more than a day's uses.
    func insert(_ use: WorkloadTokenUse, at now: Timestamp) throws(Refusal) {
        try run("DELETE FROM workload_token_use WHERE forgettable_from <= \(now)")
        try run(
            """
            INSERT INTO workload_token_use (issuer, fingerprint, forgettable_from)
            VALUES (\(use.issuer), \(use.fingerprint), \(use.forgettableFrom))
            """)
    }

    func insert(_ revocation: AccessRevocation, at now: Timestamp) throws(Refusal) {
        try run("DELETE FROM access_revocation WHERE ends_at <= \(now)")
        try run(
            """
            INSERT INTO access_revocation (token_id, nonce, ends_at)
            VALUES (\(revocation.token), \(revocation.nonce), \(revocation.endsAt))
            ON CONFLICT (token_id, nonce) DO NOTHING
            """)
    }
}

extension TrustedIssuer {
    fileprivate static let columns: SQL =
        "i.token_id, i.issuer, i.audience, i.subject, i.claims, i.lifetime_seconds"

    fileprivate static func read(_ row: Row) throws(Refusal) -> TrustedIssuer {
        let trust = TrustedIssuer(
            id: row.id(0), issuer: row.text(1), audience: row.text(2), subject: row.text(3),
            storedClaims: row.text(4), lifetime: .seconds(row.int(5)))
        guard let trust else {
            throw Failure(storage: "The database holds a trusted issuer that cannot be read.").refusal
        }
        return trust
    }
}

extension AccessRevocation {
    fileprivate static func read(_ row: Row) -> AccessRevocation {
        AccessRevocation(token: row.id(0), nonce: row.blob(1), endsAt: row.time(2))
    }
}
