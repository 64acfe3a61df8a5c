public import LatchkeyCore

extension Transaction {
    /// `nil` for somebody who never chose one.
    public func passwordHash(of user: ID<User>) throws(Refusal) -> PasswordHash? {
        try first("SELECT hash FROM password WHERE user_id = \(user)") { row in PasswordHash(stored: row.text(0)) }
            ?? nil
    }

    public func passwordChangedAt(of user: ID<User>) throws(Refusal) -> Timestamp? {
        try first("SELECT changed_at FROM password WHERE user_id = \(user)") { row in row.time(0) }
    }

    public func secondFactor(of user: ID<User>) throws(Refusal) -> SecondFactor? {
        try first("SELECT sealed_secret, created_at, last_step FROM second_factor WHERE user_id = \(user)") { row in
            SecondFactor(user: user, sealedSecret: row.blob(0), createdAt: row.time(1), lastStep: row.int(2))
        }
    }

    public func recoveryCodesLeft(of user: ID<User>) throws(Refusal) -> Int {
        Int(try number("SELECT COUNT(*) FROM recovery_code WHERE user_id = \(user)"))
    }

    public func hasRecoveryCode(_ user: ID<User>, digests: [TokenDigest]) throws(Refusal) -> Bool {
        try number(
            "SELECT COUNT(*) FROM recovery_code WHERE user_id = \(user) AND digest \(in: digests.map(\.bytes))") > 0
    }

    /// The sealed secrets of all authenticators: a rotation of keys seals them anew.
    public func secondFactors() throws(Refusal) -> [SecondFactor] {
        try all("SELECT sealed_secret, created_at, last_step, user_id FROM second_factor ORDER BY user_id") { row in
            SecondFactor(user: row.id(3), sealedSecret: row.blob(0), createdAt: row.time(1), lastStep: row.int(2))
        }
    }
}

extension WriteTransaction {
    func setPassword(_ user: ID<User>, _ hash: PasswordHash, at moment: Timestamp) throws(Refusal) {
        try run(
            """
            INSERT INTO password (user_id, hash, changed_at) VALUES (\(user), \(hash.stored), \(moment))
            ON CONFLICT (user_id) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at
            """)
    }

    func rehash(_ user: ID<User>, from old: PasswordHash, to new: PasswordHash) throws(Refusal) {
        try run("UPDATE password SET hash = \(new.stored) WHERE user_id = \(user) AND hash = \(old.stored)")
    }

    func set(_ factor: SecondFactor) throws(Refusal) {
        try run(
            """
            INSERT INTO second_factor (user_id, sealed_secret, created_at, last_step)
            VALUES (\(factor.user), \(factor.sealedSecret), \(factor.createdAt), \(factor.lastStep))
            ON CONFLICT (user_id) DO UPDATE SET sealed_secret = excluded.sealed_secret,
                created_at = excluded.created_at, last_step = excluded.last_step
            """)
    }

    func removeSecondFactor(_ user: ID<User>) throws(Refusal) {
        try run("DELETE FROM second_factor WHERE user_id = \(user)")
        try run("DELETE FROM recovery_code WHERE user_id = \(user)")
    }

    func setRecoveryCodes(_ user: ID<User>, _ codes: [TokenDigest]) throws(Refusal) {
        try run("DELETE FROM recovery_code WHERE user_id = \(user)")
        for code in codes {
            try run(
                """
                INSERT INTO recovery_code (user_id, digest, digest_generation)
                VALUES (\(user), \(code.bytes), \(code.generation))
                """)
        }
    }

    /// A code works once: of two that come at the same moment, one is refused.
    func useSecondFactor(_ user: ID<User>, step: Int64) throws(Refusal) {
        let changed = try run(
            "UPDATE second_factor SET last_step = \(step) WHERE user_id = \(user) AND last_step < \(step)")
        guard changed == 1 else { throw .conflict("This code was used already; wait for the next one.") }
    }

    func useRecoveryCode(_ user: ID<User>, _ digests: [TokenDigest]) throws(Refusal) {
        let used = try run(
            "DELETE FROM recovery_code WHERE user_id = \(user) AND digest \(in: digests.map(\.bytes))")
        guard used == 1 else { throw .conflict("This recovery code was used already; take another one.") }
    }
}
