import LatchkeyCore

extension Transaction {
    /// Of every secret of signing in that is kept.
    func signInDigestGenerations() throws(Refusal) -> [Int] {
        try all(
            """
            SELECT digest_generation FROM session WHERE ended_at IS NULL
            UNION SELECT digest_generation FROM recovery_code
            UNION SELECT digest_generation FROM invitation WHERE accepted_at IS NULL AND withdrawn_at IS NULL
            """
        ) { row in Int(row.int(0)) }
    }
}

extension WriteTransaction {
    func apply(_ change: SignInChange) throws(Refusal) {
        switch change {
        case .startSession(let session, let digest): try start(session, digest)
        case .endSession(let session, let moment): try end(session, at: moment)
        case .setPassword(let user, let hash, let moment): try setPassword(user, hash, at: moment)
        case .setSecondFactor(let factor): try set(factor)
        case .removeSecondFactor(let user): try removeSecondFactor(user)
        case .setRecoveryCodes(let user, let codes): try setRecoveryCodes(user, codes)
        case .insertInvitation(let invitation, let digest): try insert(invitation, digest)
        case .closeInvitation(let invitation): try close(invitation)
        }
    }

    func note(_ note: SignInNote) throws(Refusal) {
        switch note {
        case .touchSession(let session, let moment): try touch(session, at: moment)
        case .addTry(let attempt): try add(attempt)
        case .dropTry(let attempt): try drop(attempt)
        case .forgetTries(let moment): try forgetTries(at: moment)
        case .forgetSessions(let moment): try forgetSessions(before: moment)
        case .useSecondFactor(let user, let step): try useSecondFactor(user, step: step)
        case .useRecoveryCode(let user, let digests): try useRecoveryCode(user, digests)
        case .rehash(let user, let old, let new): try rehash(user, from: old, to: new)
        }
    }
}
