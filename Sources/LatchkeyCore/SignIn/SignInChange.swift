/// One change of how people sign in. None of them matters to the verification of tokens, so none stands in the feed.
public enum SignInChange: Sendable {
    case startSession(Session, TokenDigest)
    case endSession(ID<Session>, at: Timestamp)
    case setPassword(ID<User>, PasswordHash, at: Timestamp)
    case setSecondFactor(SecondFactor)
    case removeSecondFactor(ID<User>)
    /// All that there were stop working.
    case setRecoveryCodes(ID<User>, [TokenDigest])
    case insertInvitation(Invitation, TokenDigest)
    /// Accepted or withdrawn.
    case closeInvitation(Invitation)
}

/// Bookkeeping of signing in.
public enum SignInNote: Sendable {
    /// Somebody is still there.
    case touchSession(ID<Session>, at: Timestamp)
    /// A try that has begun; also forgets those that count no more.
    case addTry(SignInTry)
    case dropTry(SignInTry)
    case forgetTries(at: Timestamp)
    /// Drops sessions that began before this.
    case forgetSessions(before: Timestamp)
    /// The step of a code that was used: it works once.
    case useSecondFactor(ID<User>, step: Int64)
    case useRecoveryCode(ID<User>, [TokenDigest])
    /// The same password under a hash of today's cost, unless there is another password by now.
    case rehash(ID<User>, from: PasswordHash, to: PasswordHash)
}
