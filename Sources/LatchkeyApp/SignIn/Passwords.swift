import Crypto
public import LatchkeyCore
import LatchkeyStore

/// Choosing passwords.
extension App {
    /// Ends all sessions, the one that asks among them: whoever else knew the old password is out, and whoever has
    /// copied this browser's cookie too.
    ///
    /// - Returns: the new session of the browser that asks.
    public func changePassword(
        from old: Password, to new: Password, as caller: Caller
    ) async throws(Refusal) -> StartedSession {
        let person = try person(caller)
        let now = ambient.now()
        let (user, hash) = try await store.read { db throws(Refusal) in
            (try db.user(person.user), try db.passwordHash(of: person.user))
        }
        guard let user else { throw .notFound("user") }
        guard let hash else {
            throw .conflict("You have no password here: you sign in through your organisation. Ask an Admin for one.")
        }
        try new.check(for: user.ownWords, at: "/password")
        let attempt = try await proveAgain(old, against: hash, of: person, from: caller.origin)
        let made = try await passwords.hash(new)
        let secret = SessionSecret(random: ambient.randomBytes(SessionSecret.byteCount))
        let digest = keys.current.digest(of: secret)
        return try await commit { db throws(Refusal) in
            try db.note(.signIn(.dropTry(attempt)))
            guard let asking = try db.session(person.session) else { throw .unauthenticated(credentialSent: true) }
            let sessions = try db.sessions(of: user.id).map(\.id)
            let decision = user.settingPassword(made, by: caller, at: now)
            try db.apply(User.ending(sessions, by: caller, at: now).map(decision.and) ?? decision)
            return try db.begin(user, by: asking.method, secret, digest, from: caller.origin, at: now)
        }
    }

    public static let passwordLinkLife = Duration.days(1)

    /// Whoever finds a browser signed in must not guess the password there.
    private func proveAgain(
        _ password: Password, against hash: PasswordHash, of person: Caller.SignedIn, from origin: Origin
    ) async throws(Refusal) -> SignInTry {
        let counter = TryCounter.passwords(of: person.handle, .session(person.session), keys.current)
        let (answer, attempt) = try await passwords.check(password, against: hash) { () throws(Refusal) in
            try await beginTry(at: counter, from: origin)
        }
        guard case .right = answer else {
            try await record(refused: person.user, "wrong password", from: origin)
            throw .invalid("/current", "is not your password")
        }
        return attempt
    }

    /// The text of a link by which a person chooses a password: an Admin hands it over, to somebody who has none or has
    /// forgotten it. It works for a day, until it was used or the password has changed.
    public func passwordLink(for id: ID<User>, as caller: Caller) async throws(Refusal) -> String {
        try caller.require(.manageUsers)
        let now = ambient.now()
        let (user, hash) = try await commit { db throws(Refusal) in
            guard let user = try db.user(id) else { throw .notFound("user") }
            try user.requireHelp(by: caller)
            guard user.isActive else { throw .conflict("This person is deactivated. Restore them first.") }
            let event = AuditEvent(
                .issue, .user, id.value, changes: [FieldChange("password_link", after: .text("made"))], by: caller,
                at: now)
            try db.apply(Decision(event))
            return (user, try db.passwordHash(of: id))
        }
        let content = "\(user.id.value) \((now + Self.passwordLinkLife).milliseconds) \(Self.mark(of: hash))"
        return try sealedText(Array(content.utf8), context: Self.passwordLinkContext)
    }

    /// Whom such a link is for, before anything is typed.
    public func person(behind link: String) async throws(Refusal) -> User {
        guard let (id, mark) = opened(link: link, at: ambient.now()) else { throw Self.deadLink }
        let (user, hash) = try await store.read { db throws(Refusal) in
            (try db.user(id), try db.passwordHash(of: id))
        }
        guard let user, user.isActive, Self.mark(of: hash) == mark else { throw Self.deadLink }
        return user
    }

    /// Also signs in: whoever has the link and the new password. Where a second factor is on, its code is still asked
    /// for, because a link that an Admin handed over, or somebody caught on its way, is none.
    public func choosePassword(
        link: String, password: Password, from origin: Origin
    ) async throws(Refusal) -> SignInOutcome {
        let now = ambient.now()
        guard let (id, mark) = opened(link: link, at: now),
            let user = try await store.read({ db throws(Refusal) in try db.user(id) }), user.isActive
        else { throw Self.deadLink }
        try password.check(for: user.ownWords, at: "/password")
        let made = try await passwords.hash(password)
        let hasSecondFactor = try await commit { db throws(Refusal) in
            guard try Self.mark(of: db.passwordHash(of: id)) == mark else { throw Self.deadLink }
            let caller = Caller(.job("password link"), origin: origin)
            let decision = user.settingPassword(made, by: caller, at: now)
            let sessions = try db.sessions(of: id).map(\.id)
            try db.apply(User.ending(sessions, by: caller, at: now).map(decision.and) ?? decision)
            return try db.secondFactor(of: id) != nil
        }
        guard !hasSecondFactor else { return .secondFactor(try pending(id, made, at: ambient.now())) }
        return .signedIn(try await startSession(for: id, by: .link, from: origin))
    }

    private static let passwordLinkContext = Array("password link".utf8)
    static let deadLink = Refusal.badRequest(
        "This link no longer works: it was used, or its time is over. Ask an Admin for a new one.")

    private func opened(link: String, at now: Timestamp) -> (ID<User>, mark: String)? {
        openedText(link, context: Self.passwordLinkContext).flatMap { Self.parts(of: $0, at: now) }
    }

    /// Changes with the password, so that what was made before is dead after: links, and halves of sign-ins.
    static func mark(of hash: PasswordHash?) -> String {
        let digest = SHA256.hash(data: Array((hash?.stored ?? "none").utf8))
        return OpaqueText.text(Array(digest.prefix(12)))
    }
}

extension User {
    /// What nobody's password should be made of.
    var ownWords: [String] {
        [name, email ?? "", userName] + (email ?? "").split(separator: "@").prefix(1).map(String.init)
    }
}
