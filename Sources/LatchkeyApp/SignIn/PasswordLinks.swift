public import LatchkeyCore
import LatchkeyStore

/// Links by which people choose passwords.
///
/// Such a link is sealed, and that alone is not enough: whoever has stolen the key file could make one for each account
/// without a password. So it depends on random bytes too, which were drawn for it and are in the database alone.
extension App {
    public static let passwordLinkLife = Duration.days(1)

    /// The text of a link that an Admin hands over, to somebody who has no password or has forgotten it. It works for a
    /// day, until it was used, the password has changed, or another one was made.
    public func passwordLink(for id: ID<User>, as caller: Caller) async throws(Refusal) -> String {
        try caller.require(.manageUsers)
        let now = ambient.now()
        let seed = OpaqueText.text(ambient.randomBytes(Self.passwordLinkSeedByteCount))
        let mark = try await commit(as: caller) { db throws(Refusal) in
            guard let user = try db.user(id) else { throw .notFound("user") }
            try user.requireHelp(by: caller)
            guard user.isActive else { throw .conflict("This person is deactivated. Restore them first.") }
            try db.note(.setInstanceValue(name: Self.passwordLinkSeed(of: id), value: seed))
            let event = AuditEvent(
                .issue, .user, id.value, changes: [FieldChange("password_link", after: .text("made"))], by: caller,
                at: now)
            try db.apply(Decision(event))
            return Self.mark(of: try db.passwordHash(of: id), seed: seed)
        }
        let content = "\(id.value) \((now + Self.passwordLinkLife).milliseconds) \(mark)"
        return try sealedText(Array(content.utf8), context: Self.passwordLinkContext)
    }

    /// Whom such a link is for, before anything is typed.
    public func person(behind link: String) async throws(Refusal) -> User {
        guard let (id, mark) = opened(link: link, at: ambient.now()) else { throw Self.deadLink }
        return try await store.read { db throws(Refusal) in
            try db.requirePasswordLink(for: id, mark)
            guard let user = try db.user(id), user.isActive else { throw Self.deadLink }
            return user
        }
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
        let hasSecondFactor = try await commit(as: nil) { db throws(Refusal) in
            try db.requirePasswordLink(for: id, mark)
            let caller = Caller(.job("password link"), origin: origin)
            let decision = user.settingPassword(made, by: caller, at: now)
            let sessions = try db.sessions(of: id).map(\.id)
            try db.apply(User.ending(sessions, by: caller, at: now).map(decision.and) ?? decision)
            return try db.secondFactor(of: id) != nil
        }
        guard !hasSecondFactor else { return .secondFactor(try pending(id, made, at: ambient.now())) }
        return .signedIn(try await startSession(for: id, by: .link, from: origin))
    }

    private static let passwordLinkSeedByteCount = 16
    private static let passwordLinkContext = Array("password link".utf8)
    static let deadLink = Refusal.badRequest(
        "This link no longer works: it was used, or its time is over. Ask an Admin for a new one.")

    /// Where the random bytes of an account's latest link are.
    fileprivate static func passwordLinkSeed(of id: ID<User>) -> String { "password_link \(id.value)" }

    private func opened(link: String, at now: Timestamp) -> (ID<User>, mark: String)? {
        openedText(link, context: Self.passwordLinkContext).flatMap { Self.parts(of: $0, at: now) }
    }
}

extension Transaction {
    fileprivate func requirePasswordLink(for id: ID<User>, _ mark: String) throws(Refusal) {
        guard let seed = try instanceValue(App.passwordLinkSeed(of: id)),
            App.mark(of: try passwordHash(of: id), seed: seed) == mark
        else { throw App.deadLink }
    }
}
