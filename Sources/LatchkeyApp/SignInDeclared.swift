public import LatchkeyCore
import LatchkeyStore
import Synchronization

/// A session's secret, as the cookie holds it.
public struct SessionSecret: Sendable, CustomStringConvertible, CustomReflectable {
    private let text: String

    init(_ text: String) { self.text = text }

    public func reveal() -> String { text }
    public var description: String { "SessionSecret(redacted)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// The person behind a session, as they are now.
public struct SignedInPerson: Sendable {
    public let caller: Caller
    public let session: ID<Session>
    public let name: String
    public let role: Role
    public let mustSetUpSecondFactor: Bool
}

public struct StartedSession: Sendable {
    public let session: ID<Session>
    public let secret: SessionSecret
    public let user: ID<User>
}

public struct PendingSignIn: Sendable {
    public let secret: SessionSecret
}

public enum SignInOutcome: Sendable {
    case signedIn(StartedSession)
    case secondFactor(PendingSignIn)
}

public enum SignInMethod: Sendable {
    case password
}

/// What pages ask of signing in, until passwords and stored sessions are there: sessions live in memory alone, and no
/// password is right.
extension App {
    public func signIn(email: String, password: String, from origin: Origin) async throws(Refusal) -> SignInOutcome {
        throw .invalid("/password", "is not right, or there is no such account")
    }

    public func startSession(
        for id: ID<User>, by method: SignInMethod, from origin: Origin
    ) async throws(Refusal) -> StartedSession {
        let secret = ambient.randomBytes(32).map { String($0, radix: 16) }.joined(separator: "-")
        sessions.withLock { $0[secret] = id }
        return StartedSession(session: ID(id.value), secret: SessionSecret(secret), user: id)
    }

    public func signedIn(_ cookie: Substring, from origin: Origin) async throws(Refusal) -> SignedInPerson {
        let id = sessions.withLock { $0[String(cookie)] }
        guard let id else { throw .unauthenticated(credentialSent: true) }
        let found = try await store.read { db throws(Refusal) in (try db.user(id), try db.teams(of: id)) }
        guard let user = found.0, user.isActive else { throw .unauthenticated(credentialSent: true) }
        let person = Caller.SignedIn(
            user: id, handle: user.handle, role: user.role, session: ID(id.value), teams: Set(found.1.map(\.id)))
        return SignedInPerson(
            caller: Caller(.session(person), origin: origin), session: person.session, name: user.name,
            role: user.role, mustSetUpSecondFactor: false)
    }

    public func signOut(as caller: Caller) async throws(Refusal) {
        guard let user = caller.userID else { return }
        sessions.withLock { $0 = $0.filter { $0.value != user } }
    }
}
