public import LatchkeyCore

/// By which ways people come in, and who is left without one when a provider goes.
extension Transaction {
    /// The people whom this provider lets in and nothing else does: no password, and no other provider that is on.
    public func usersWithNoWayIn(without provider: IdentityProvider) throws(Refusal) -> Set<ID<User>> {
        Set(
            try all(
                """
                SELECT i.user_id FROM user_identity i
                WHERE i.issuer = \(provider.issuer)
                    AND NOT EXISTS (SELECT 1 FROM password s WHERE s.user_id = i.user_id) AND NOT EXISTS (
                    SELECT 1 FROM user_identity o JOIN identity_provider p ON p.issuer = o.issuer
                    WHERE o.user_id = i.user_id AND o.issuer <> i.issuer AND p.turned_off_at IS NULL)
                """
            ) { row in row.id(0) })
    }

    /// Whether this person could still come in without the identity.
    public func hasWayIn(_ user: ID<User>, without identity: ExternalIdentity) throws(Refusal) -> Bool {
        if try passwordHash(of: user) != nil { return true }
        return try number(
            """
            SELECT COUNT(*) FROM user_identity i JOIN identity_provider p ON p.issuer = i.issuer
            WHERE i.user_id = \(user) AND p.turned_off_at IS NULL
                AND NOT (i.issuer = \(identity.issuer) AND i.subject = \(identity.subject))
            """) > 0
    }

    /// How many active people with a password have a second factor, or have none.
    public func passwordHolderCount(haveSecondFactor: Bool) throws(Refusal) -> Int {
        let condition: SQL = haveSecondFactor ? "f.user_id IS NOT NULL" : "f.user_id IS NULL"
        return Int(
            try number(
                """
                SELECT COUNT(*) FROM password p JOIN user_account u ON u.id = p.user_id
                LEFT JOIN second_factor f ON f.user_id = p.user_id
                WHERE u.deactivated_at IS NULL AND \(condition)
                """))
    }

    /// The first of them by name.
    public func passwordHoldersWithoutSecondFactor(limit: Int) throws(Refusal) -> [UserReference] {
        try all(
            """
            SELECT \(UserReference.columns(of: .itself)) FROM password p JOIN user_account u ON u.id = p.user_id
            LEFT JOIN second_factor f ON f.user_id = p.user_id
            WHERE u.deactivated_at IS NULL AND f.user_id IS NULL ORDER BY u.name_folded, u.id LIMIT \(limit)
            """
        ) { row throws(Refusal) in try UserReference(row, at: 0) }
    }

    /// The tokens of these people that work at this moment.
    public func activeTokens(ofPeople people: Set<ID<User>>, at now: Timestamp) throws(Refusal) -> [Token] {
        var tokens: [Token] = []
        for part in people.sorted().parts(of: 256) {
            tokens += try all(
                """
                SELECT \(Token.columns) FROM token t WHERE t.owner_id \(in: part) AND \(Token.isActive(at: now))
                ORDER BY t.owner_id, t.created_at, t.id
                """, Token.read)
        }
        return tokens
    }
}

extension WriteTransaction {
    func endSessions(of provider: ID<IdentityProvider>, at moment: Timestamp) throws(Refusal) {
        let method = SignInMethod.provider(provider.value).word
        try run("UPDATE session SET ended_at = \(moment) WHERE method = \(method) AND ended_at IS NULL")
    }

    /// Of one person, those that began with an identity of this issuer.
    func endSessions(of user: ID<User>, from issuer: String, at moment: Timestamp) throws(Refusal) {
        guard let provider = try identityProvider(issuer: issuer) else { return }
        let method = SignInMethod.provider(provider.id.value).word
        try run(
            """
            UPDATE session SET ended_at = \(moment)
            WHERE user_id = \(user) AND method = \(method) AND ended_at IS NULL
            """)
    }
}
