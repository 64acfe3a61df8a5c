extension User {
    /// Whose means to sign in somebody may handle: those of a person who is not above them. Of oneself the account page
    /// asks for a proof, which whoever finds a browser signed in does not have.
    public func requireHelp(by caller: Caller) throws(Refusal) {
        guard type == .human else {
            throw .conflict("A service user does not sign in: it works with tokens alone.")
        }
        try caller.requireRole(atLeast: role, pointer: "This user")
        guard caller.signedIn?.user != id else {
            throw .conflict("This is your own account: your account page has what you need.")
        }
    }
}

extension User {
    /// Who may say, on their own word, which identity opens this account. That is a way in for good and without limits,
    /// so no token that has an early end or a limit gives it; and the account that is kept for the day when nothing
    /// else works hangs on no provider.
    public func requireIdentity(by caller: Caller) throws(Refusal) {
        try caller.requireLasting()
        guard caller.narrowing.isNone else {
            throw .forbidden("A token with limits connects no identity, which would have none. Use one without limits.")
        }
        guard !isBreakGlass else {
            throw .conflict("This is a break-glass account: only its owner connects an identity with it.")
        }
        try caller.requireRole(atLeast: role, pointer: "This user")
    }
}

// What becomes of a person's means to sign in. Values of secrets never stand in an event.
extension User {
    public func settingPassword(_ hash: PasswordHash, by caller: Caller, at now: Timestamp) -> Decision {
        Decision(event("password", "changed", by: caller, at: now), [.signIn(.setPassword(id, hash, at: now))])
    }

    public func setting(
        _ factor: SecondFactor, recovery codes: [TokenDigest], by caller: Caller, at now: Timestamp
    ) -> Decision {
        Decision(
            event("second_factor", "on", by: caller, at: now),
            [.signIn(.setSecondFactor(factor)), .signIn(.setRecoveryCodes(id, codes))])
    }

    public func removingSecondFactor(by caller: Caller, at now: Timestamp) -> Decision {
        Decision(event("second_factor", "off", by: caller, at: now), [.signIn(.removeSecondFactor(id))])
    }

    public func setting(recovery codes: [TokenDigest], by caller: Caller, at now: Timestamp) -> Decision {
        Decision(event("recovery_codes", "renewed", by: caller, at: now), [.signIn(.setRecoveryCodes(id, codes))])
    }

    /// A log-in that succeeded, with the session that it began.
    public func signingIn(
        _ session: Session, digest: TokenDigest, from origin: Origin, at now: Timestamp
    ) -> Decision {
        let caller = Caller(
            .session(Caller.SignedIn(user: id, handle: handle, role: role, session: session.id, teams: [])),
            origin: origin)
        let changes = [FieldChange("method", after: .text(session.method.word))]
        return Decision(
            AuditEvent(.signIn, .session, session.id.value, changes: changes, by: caller, at: now),
            [.signIn(.startSession(session, digest))])
    }

    /// A log-in that was refused, of an account that exists. `reason` is for the log alone.
    public static func refusedSignIn(
        _ user: ID<User>?, reason: String, from origin: Origin, at now: Timestamp
    ) -> Decision {
        Decision(
            AuditEvent(
                .signIn, .user, user?.value ?? 0, changes: [FieldChange("reason", after: .text(reason))],
                outcome: .refused, by: Caller(.anonymous, origin: origin), at: now))
    }

    /// Ends sessions of this person; `nil` when there are none.
    public static func ending(
        _ sessions: [ID<Session>], by caller: Caller, at now: Timestamp
    ) -> Decision? {
        let decisions = sessions.map { session in
            Decision(
                AuditEvent(.signOut, .session, session.value, by: caller, at: now),
                [.signIn(.endSession(session, at: now))])
        }
        return decisions.dropFirst().reduce(decisions.first) { $0?.and($1) }
    }

    /// A person who came by a link of ours, and has no account yet.
    public static func person(
        id: ID<User>, email: String, name: String, role: Role, createdBy: ID<User>?, at now: Timestamp
    ) throws(Refusal) -> User {
        let email = try EmailAddress.checked(email, at: "/email")
        return User(
            id: id, type: .human, handle: email.lowercased(), userName: email, email: email,
            name: try Names.checked(name, at: "/name"), role: role, createdAt: now.wholeSecond, createdBy: createdBy)
    }

    /// The first Admin, who came by the set-up link.
    public static func founder(
        email: String, name: String, id: ID<User>, by caller: Caller, at now: Timestamp
    ) throws(Refusal) -> (user: User, decision: Decision) {
        let user = try person(id: id, email: email, name: name, role: .admin, createdBy: nil, at: now)
        return (user, user.insertion(teams: [], by: caller, at: now))
    }

    private func event(_ field: String, _ word: String, by caller: Caller, at now: Timestamp) -> AuditEvent {
        AuditEvent(
            .update, .user, id.value, changes: [FieldChange(field, after: .text(word))], by: caller, at: now)
    }
}

extension SignInMethod {
    /// As the log and the database name it.
    public var word: String {
        switch self {
        case .password: "password"
        case .link: "link"
        case .provider(let number): "provider:\(number)"
        }
    }

    public init?(word: String) {
        switch word {
        case "password": self = .password
        case "link": self = .link
        default:
            guard word.hasPrefix("provider:"), let number = Int64(word.dropFirst(9)) else { return nil }
            self = .provider(number)
        }
    }
}
