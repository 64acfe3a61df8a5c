public import LatchkeyCore
import LatchkeyStore

/// Somebody who is signed in, as pages know them.
public struct SignedInPerson: Sendable {
    public let caller: Caller
    public let session: Session
    public let account: Account
    /// `Public` first, then by name.
    public let teamNames: [String]
    /// They may do nothing else before they have set up an authenticator.
    public let mustSetUpSecondFactor: Bool

    public var id: ID<User> { account.id }
    public var name: String { account.name }
    public var role: Role { account.role }
}

/// Sessions: who is signed in, and how that ends.
extension App {
    /// A session in use is written down at most this often.
    private static let touchEvery = Duration.minutes(1)
    /// Ended sessions tell from which addresses somebody has signed in.
    static let sessionsAreKeptFor = knownAddressLife

    /// Whose cookie this is now. What has ended, run out, or belongs to somebody deactivated is refused alike.
    public func signedIn(_ cookie: Substring, from origin: Origin) async throws(Refusal) -> SignedInPerson {
        guard let secret = SessionSecret(presented: cookie) else { throw .unauthenticated(credentialSent: true) }
        let digests = keys.current.digests(of: secret)
        let now = ambient.now()
        let found = try await store.read { db throws(Refusal) -> (Session, needsFactor: Bool)? in
            guard let session = try db.session(digests: digests), session.isLive(at: now) else { return nil }
            return (session, try db.lacksRequiredFactor(session))
        }
        guard let (session, needsFactor) = found, let (account, membership) = index.account(session.user),
            account.isActive, account.type == .human
        else { throw .unauthenticated(credentialSent: true) }
        await touch(session, at: now)
        let person = Caller.SignedIn(
            user: account.id, handle: account.handle, role: account.role, session: session.id,
            teams: membership.teams)
        return SignedInPerson(
            caller: Caller(.session(person), origin: origin), session: session, account: account,
            teamNames: membership.names, mustSetUpSecondFactor: needsFactor)
    }

    /// A page is worth more than its note: on a full disk people can still look.
    private func touch(_ session: Session, at now: Timestamp) async {
        guard now - session.lastSeenAt >= Self.touchEvery else { return }
        try? await store.write { db throws(Refusal) in
            try db.note(.signIn(.touchSession(session.id, at: now)))
        }
    }

    public func signOut(as caller: Caller) async throws(Refusal) {
        guard let person = caller.signedIn else { throw .unauthenticated(credentialSent: false) }
        try await endSession(person.session, as: caller)
    }

    /// One's own live sessions, the newest first.
    public func listSessions(as caller: Caller) async throws(Refusal) -> [Session] {
        guard let user = caller.userID else { throw .unauthenticated(credentialSent: false) }
        let now = ambient.now()
        return try await store.read { db throws(Refusal) in
            try db.sessions(of: user).filter { $0.isLive(at: now) }
        }
    }

    /// One's own, of whatever browser.
    public func endSession(_ id: ID<Session>, as caller: Caller) async throws(Refusal) {
        let now = ambient.now()
        try await commit(as: caller) { db throws(Refusal) in
            guard let session = try db.session(id), session.user == caller.userID,
                let decision = User.ending([id], by: caller, at: now)
            else { throw .notFound("session") }
            try db.apply(decision)
        }
    }

    /// All of one's own but the one that asks, or that one too.
    public func endSessions(includingThis: Bool, as caller: Caller) async throws(Refusal) {
        guard let person = caller.signedIn else { throw .unauthenticated(credentialSent: false) }
        let now = ambient.now()
        try await commit(as: caller) { db throws(Refusal) in
            let ids = try db.sessions(of: person.user).map(\.id).filter { includingThis || $0 != person.session }
            if let decision = User.ending(ids, by: caller, at: now) { try db.apply(decision) }
        }
    }

    func forgetOldSessions() async throws(Refusal) {
        let now = ambient.now()
        try await store.write { db throws(Refusal) in
            try db.note(.signIn(.forgetSessions(before: now - Self.sessionsAreKeptFor)))
            try db.note(.signIn(.forgetTries(at: now)))
        }
    }
}

extension Transaction {
    /// Whoever came by a provider has met that provider's demands.
    func lacksRequiredFactor(_ session: Session) throws(Refusal) -> Bool {
        if case .provider = session.method { return false }
        guard try signInPolicy().requiresSecondFactor else { return false }
        return try secondFactor(of: session.user) == nil
    }
}
