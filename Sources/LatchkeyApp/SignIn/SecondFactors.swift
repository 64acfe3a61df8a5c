public import LatchkeyCore
import LatchkeyStore

/// An authenticator about to be set up. Nothing is kept of it until a code of it has come back.
public struct OfferedSecondFactor: Sendable {
    /// For a QR code: what authenticators read.
    public let link: String
    /// The same to be typed.
    public let key: String
    /// Sealed, to be handed back with the first code.
    public let sealed: String

    init(_ code: OneTimeCode, to person: Caller.SignedIn, sealed: String) {
        link = code.link(issuer: "Latchkey", account: person.handle)
        key = code.key
        self.sealed = sealed
    }
}

extension OfferedSecondFactor: CustomStringConvertible, CustomReflectable {
    public var description: String { "OfferedSecondFactor(redacted)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// What a person has to know of their second factor.
public struct SecondFactorStanding: Hashable, Sendable {
    public let since: Timestamp?
    public let recoveryCodesLeft: Int

    public var isOn: Bool { since != nil }
}

extension App {
    public func secondFactor(as caller: Caller) async throws(Refusal) -> SecondFactorStanding {
        let person = try person(caller)
        return try await store.read { db throws(Refusal) in
            SecondFactorStanding(
                since: try db.secondFactor(of: person.user)?.createdAt,
                recoveryCodesLeft: try db.recoveryCodesLeft(of: person.user))
        }
    }

    public func offerSecondFactor(as caller: Caller) async throws(Refusal) -> OfferedSecondFactor {
        let person = try person(caller)
        try await store.read { db throws(Refusal) in try db.requireSecondFactor(of: person.user, isThere: false) }
        let code = OneTimeCode(secret: ambient.randomBytes(OneTimeCode.secretByteCount))
        let sealed = try sealedText(
            Array(code.bytes.map { String($0) }.joined(separator: " ").utf8), context: offer(person))
        return OfferedSecondFactor(code, to: person, sealed: sealed)
    }

    /// The same offer once more, for a form that was refused.
    public func offerSecondFactor(again sealed: String, as caller: Caller) throws(Refusal) -> OfferedSecondFactor {
        let person = try person(caller)
        return OfferedSecondFactor(OneTimeCode(secret: try offered(sealed, to: person)), to: person, sealed: sealed)
    }

    private func offered(_ sealed: String, to person: Caller.SignedIn) throws(Refusal) -> [UInt8] {
        guard let content = openedText(sealed, context: offer(person)) else {
            throw .badRequest("This set-up has been left for too long. Begin again.")
        }
        return content.split(separator: " ").compactMap { UInt8($0) }
    }

    /// Ends all other sessions: they began with the password alone.
    ///
    /// - Returns: new recovery codes, told this once.
    public func setUpSecondFactor(
        _ sealed: String, code: String, as caller: Caller
    ) async throws(Refusal) -> [RecoveryCode] {
        let person = try person(caller)
        let now = ambient.now()
        let secret = try offered(sealed, to: person)
        guard let step = OneTimeCode(secret: secret).step(of: code, at: now, after: 0) else {
            throw .invalid(
                "/code", "is not the code that this authenticator shows now; look at the clock of the device")
        }
        let context = SecondFactor.context(of: person.user)
        let nonce = ambient.randomBytes(KeyRing.nonceByteCount)
        guard let kept = keys.current.seal(secret, context: context, nonce: nonce) else {
            throw .unavailable("The authenticator could not be kept; try again.", retryAfter: .seconds(1))
        }
        let factor = SecondFactor(user: person.user, sealedSecret: kept, createdAt: now.wholeSecond, lastStep: step)
        return try await renewCodes(of: person.user, hasFactor: false, as: caller) {
            db, user, digests throws(Refusal) in
            let others = try db.sessions(of: user.id).map(\.id).filter { $0 != person.session }
            let decision = user.setting(factor, recovery: digests, by: caller, at: now)
            return User.ending(others, by: caller, at: now).map(decision.and) ?? decision
        }
    }

    /// Whoever does this holds the authenticator, or a recovery code.
    public func removeSecondFactor(code: String, as caller: Caller) async throws(Refusal) {
        let person = try person(caller)
        let now = ambient.now()
        let notes = try await proof(of: person, code: code, from: caller.origin)
        try await commit(as: caller) { db throws(Refusal) in
            for note in notes { try db.note(.signIn(note)) }
            guard let user = try db.user(person.user) else { throw .notFound("user") }
            try db.apply(user.removingSecondFactor(by: caller, at: now))
        }
    }

    public func renewRecoveryCodes(code: String, as caller: Caller) async throws(Refusal) -> [RecoveryCode] {
        let person = try person(caller)
        let now = ambient.now()
        let notes = try await proof(of: person, code: code, from: caller.origin)
        return try await renewCodes(of: person.user, noting: notes, as: caller) { _, user, digests in
            user.setting(recovery: digests, by: caller, at: now)
        }
    }

    /// For somebody who has lost both authenticator and codes, by an Admin who knows who asks.
    public func resetSecondFactor(of id: ID<User>, as caller: Caller) async throws(Refusal) {
        try caller.require(.manageUsers)
        let now = ambient.now()
        try await commit(as: caller) { db throws(Refusal) in
            guard let user = try db.user(id) else { throw .notFound("user") }
            try user.requireHelp(by: caller)
            guard try db.secondFactor(of: id) != nil else { throw .conflict("This person has no second factor.") }
            let decision = user.removingSecondFactor(by: caller, at: now)
            let sessions = try db.sessions(of: id).map(\.id)
            try db.apply(User.ending(sessions, by: caller, at: now).map(decision.and) ?? decision)
        }
    }

    private func renewCodes(
        of id: ID<User>, hasFactor: Bool = true, noting notes: [SignInNote] = [], as caller: Caller,
        _ decide: @escaping @Sendable (Transaction, User, [TokenDigest]) throws(Refusal) -> Decision
    ) async throws(Refusal) -> [RecoveryCode] {
        let codes = (0..<RecoveryCode.count).map { _ in
            RecoveryCode(random: ambient.randomBytes(RecoveryCode.byteCount))
        }
        let ring = keys.current
        let digests = codes.compactMap { ring.digests(of: $0).first }
        try await commit(as: caller) { db throws(Refusal) in
            try db.requireSecondFactor(of: id, isThere: hasFactor)
            for note in notes { try db.note(.signIn(note)) }
            guard let user = try db.user(id) else { throw .notFound("user") }
            try db.apply(try decide(db, user, digests))
        }
        return codes
    }

    private func offer(_ person: Caller.SignedIn) -> [UInt8] {
        Array("offered second factor \(person.session)".utf8)
    }

    func person(_ caller: Caller) throws(Refusal) -> Caller.SignedIn {
        guard let person = caller.signedIn else {
            throw .forbidden("Only a person who is signed in may do this, in the browser.")
        }
        return person
    }
}

// Codes.
extension App {
    /// Of somebody who is signed in: whoever finds their browser must not guess.
    private func proof(
        of person: Caller.SignedIn, code: String, from origin: Origin
    ) async throws(Refusal) -> [SignInNote] {
        let counter = TryCounter.codes(of: person.user, .session(person.session), keys.current)
        let attempt = try await beginTry(at: counter, from: origin)
        return [try await proof(of: person.user, code: code, at: ambient.now()), .dropTry(attempt)]
    }

    /// What to note so that this code is not taken a second time; refused when it is no code of theirs.
    func proof(of user: ID<User>, code: String, at now: Timestamp) async throws(Refusal) -> SignInNote {
        let ring = keys.current
        let recovery = RecoveryCode(typed: code).map { ring.digests(of: $0) }
        let (factor, isRecovery) = try await store.read { db throws(Refusal) in
            (
                try db.secondFactor(of: user),
                try recovery.map { digests throws(Refusal) in try db.hasRecoveryCode(user, digests: digests) } ?? false
            )
        }
        if let recovery, isRecovery { return .useRecoveryCode(user, recovery) }
        guard let factor, let secret = ring.open(factor.sealedSecret, context: SecondFactor.context(of: user)),
            let step = OneTimeCode(secret: secret).step(of: code, at: now, after: factor.lastStep)
        else { throw .invalid("/code", "This code is not right, or was used already. Wait for the next one.") }
        return .useSecondFactor(user, step: step)
    }
}

extension Transaction {
    /// A second factor is not replaced but removed first, which takes a code of it: whoever finds a browser signed in
    /// must not be able to put their own in its place.
    fileprivate func requireSecondFactor(of user: ID<User>, isThere: Bool) throws(Refusal) {
        guard try (secondFactor(of: user) != nil) != isThere else { return }
        throw .conflict(
            isThere ? "You have no second factor." : "You have a second factor already. Remove it first, with a code.")
    }
}
