public import LatchkeyCore
import LatchkeyStore

/// What a sign-in led to.
public enum SignInOutcome: Sendable {
    case signedIn(StartedSession)
    /// The password was right; a code is asked for as well.
    case secondFactor(PendingSignIn)
}

/// A session with the text of its cookie, which is told this once.
public struct StartedSession: Sendable {
    public let session: Session
    public let secret: SessionSecret
    public let user: User
}

/// Half a sign-in: who gave the right password, sealed, for five minutes.
public struct PendingSignIn: Sendable {
    public static let life = Duration.minutes(5)

    /// To be handed back with the code. It says nothing and opens nothing by itself.
    public let text: String
}

/// A password or a code opens a session.
extension App {
    private static let wrong = Refusal.invalid(
        "/password", "The mail address or the password is not right. After ten tries you have to wait.")

    private static let tooLate = Refusal.badRequest(
        "This sign-in has taken too long. Begin again with your password.")

    /// Takes as long for an account that is not there as for one that is.
    public func signIn(
        email: String, password: Password, from origin: Origin
    ) async throws(Refusal) -> SignInOutcome {
        let handle = email.trimmed.lowercased()
        guard !handle.hasSuffix(Handle.ending) else {
            throw .invalid("/email", "A service user can't sign in: it works with tokens alone. Sign in as a person.")
        }
        let now = ambient.now()
        let found = try await store.read { db throws(Refusal) in
            try db.signInFacts(handle, from: origin.address, at: now)
        }
        let place = TryPlace(origin.address, isKnown: found?.isKnownAddress ?? false)
        let counter = TryCounter.passwords(of: handle, place, keys.current)
        let (answer, attempt) = try await tryPassword(password, against: found?.hash, at: counter, from: origin)
        guard case .right(let rehashed) = answer, let found else {
            let reason = found == nil ? "unknown account" : "wrong password"
            try await record(refused: found?.user.id, reason, from: origin)
            throw Self.wrong
        }
        return try await proceed(found, after: attempt, rehashed: rehashed, from: origin)
    }

    /// After the right password.
    private func proceed(
        _ found: SignInFacts, after attempt: SignInTry, rehashed: PasswordHash?, from origin: Origin
    ) async throws(Refusal) -> SignInOutcome {
        var notes = [SignInNote.dropTry(attempt)]
        if let rehashed, let old = found.hash {
            notes.append(.rehash(found.user.id, from: old, to: rehashed))
        }
        guard found.hasSecondFactor else {
            return .signedIn(try await startSession(for: found.user.id, by: .password, noting: notes, from: origin))
        }
        try await store.write { [notes] db throws(Refusal) in for note in notes { try db.note(.signIn(note)) } }
        return .secondFactor(try pending(found.user.id, rehashed ?? found.hash, at: ambient.now()))
    }

    /// - Parameter pending: what ``signIn(email:password:from:)`` gave.
    /// - Parameter code: of the authenticator, or a recovery code.
    public func confirmSecondFactor(
        _ pending: String, code: String, from origin: Origin
    ) async throws(Refusal) -> StartedSession {
        let now = ambient.now()
        guard let (id, mark) = opened(pending, at: now) else { throw Self.tooLate }
        let (isKnown, hash) = try await store.read { db throws(Refusal) in
            (
                try db.hasSignedIn(id, from: origin.address, since: now - Self.knownAddressLife),
                try db.passwordHash(of: id)
            )
        }
        // Half a sign-in is of a password. Without one its mark would be no secret from whoever has the keys.
        guard let hash, Self.mark(of: hash) == mark else { throw Self.tooLate }
        let counter = TryCounter.codes(of: id, TryPlace(origin.address, isKnown: isKnown), keys.current)
        let attempt = try await beginTry(at: counter, from: origin)
        do throws(Refusal) {
            let note = try await proof(of: id, code: code, at: now)
            return try await startSession(for: id, by: .password, noting: [note, .dropTry(attempt)], from: origin)
        } catch {
            try await record(refused: id, "wrong code", from: origin)
            throw error
        }
    }

    /// Begins a session of somebody whose proof was already taken, such as by an identity provider.
    public func startSession(
        for id: ID<User>, by method: SignInMethod, from origin: Origin
    ) async throws(Refusal) -> StartedSession {
        try await startSession(for: id, by: method, noting: [], from: origin)
    }

    private func startSession(
        for id: ID<User>, by method: SignInMethod, noting notes: [SignInNote], from origin: Origin
    ) async throws(Refusal) -> StartedSession {
        let now = ambient.now()
        let secret = SessionSecret(random: ambient.randomBytes(SessionSecret.byteCount))
        let digest = keys.current.digest(of: secret)
        return try await commit(as: nil) { db throws(Refusal) in
            guard let user = try db.user(id), user.isActive, user.type == .human else { throw Self.wrong }
            try db.requireOn(method)
            for note in notes { try db.note(.signIn(note)) }
            return try db.begin(user, by: method, secret, digest, from: origin, at: now)
        }
    }
}

// The sealed half of a sign-in: it needs no row, and no node needs to know it.
extension App {
    private static let pendingContext = Array("pending sign-in".utf8)

    /// - Parameter hash: of the password that was given.
    func pending(_ user: ID<User>, _ hash: PasswordHash?, at now: Timestamp) throws(Refusal) -> PendingSignIn {
        let end = (now + PendingSignIn.life).milliseconds
        let content = Array("\(user.value) \(end) \(Self.mark(of: hash))".utf8)
        return PendingSignIn(text: try sealedText(content, context: Self.pendingContext))
    }

    private func opened(_ pending: String, at now: Timestamp) -> (ID<User>, mark: String)? {
        openedText(pending, context: Self.pendingContext).flatMap { Self.parts(of: $0, at: now) }
    }

    /// Of a content `user end mark`; `nil` from its end on.
    static func parts(of content: String, at now: Timestamp) -> (ID<User>, mark: String)? {
        let parts = content.split(separator: " ")
        guard parts.count == 3, let id = Int64(parts[0]), let end = Int64(parts[1]), now.milliseconds < end else {
            return nil
        }
        return (ID(id), String(parts[2]))
    }

    /// A text that only this instance can make and read, fit for a form.
    func sealedText(_ content: [UInt8], context: [UInt8]) throws(Refusal) -> String {
        let nonce = ambient.randomBytes(KeyRing.nonceByteCount)
        guard let sealed = keys.current.seal(content, context: context, nonce: nonce) else {
            throw .unavailable("The answer could not be sealed; try again.", retryAfter: .seconds(1))
        }
        return OpaqueText.text(sealed)
    }

    func openedText(_ text: String, context: [UInt8]) -> String? {
        guard text.utf8.count <= 2048, let sealed = OpaqueText.bytes(text),
            let content = keys.current.open(sealed, context: context)
        else { return nil }
        return String(decoding: content, as: UTF8.self)
    }
}
