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
        return try await commit(as: caller) { db throws(Refusal) in
            try db.note(.signIn(.dropTry(attempt)))
            guard let asking = try db.session(person.session) else { throw .unauthenticated(credentialSent: true) }
            let sessions = try db.sessions(of: user.id).map(\.id)
            let decision = user.settingPassword(made, by: caller, at: now)
            try db.apply(User.ending(sessions, by: caller, at: now).map(decision.and) ?? decision)
            return try db.begin(user, by: asking.method, secret, digest, from: caller.origin, at: now)
        }
    }

    /// Whoever finds a browser signed in must not guess the password there.
    private func proveAgain(
        _ password: Password, against hash: PasswordHash, of person: Caller.SignedIn, from origin: Origin
    ) async throws(Refusal) -> SignInTry {
        let counter = TryCounter.passwords(of: person.handle, .session(person.session), keys.current)
        let (answer, attempt) = try await tryPassword(password, against: hash, at: counter, from: origin)
        guard case .right = answer else {
            try await record(refused: person.user, "wrong password", from: origin)
            throw .invalid("/current", "is not your password")
        }
        return attempt
    }

    /// Changes with the password, so that what was made before is dead after: links, and halves of sign-ins.
    ///
    /// - Parameter seed: what else it is to depend on.
    static func mark(of hash: PasswordHash?, seed: String = "") -> String {
        let digest = SHA256.hash(data: Array(((hash?.stored ?? "none") + seed).utf8))
        return OpaqueText.text(Array(digest.prefix(12)))
    }
}

extension User {
    /// What nobody's password should be made of.
    var ownWords: [String] {
        [name, email ?? "", userName] + (email ?? "").split(separator: "@").prefix(1).map(String.init)
    }
}
