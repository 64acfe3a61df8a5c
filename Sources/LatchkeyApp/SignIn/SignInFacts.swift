import LatchkeyCore
import LatchkeyStore

/// What a sign-in with a password has to know of an account that may use one.
struct SignInFacts: Sendable {
    let user: User
    let hash: PasswordHash?
    let hasSecondFactor: Bool
    let isKnownAddress: Bool
}

extension App {
    /// For so long an address counts as one of the person's own.
    static let knownAddressLife = Duration.days(30)
}

extension Transaction {
    /// `nil` when nobody of this handle could sign in.
    func signInFacts(
        _ handle: String, from address: Address?, at now: Timestamp
    ) throws(Refusal) -> SignInFacts? {
        guard let user = try user(handle: handle), user.type == .human, user.isActive else { return nil }
        return SignInFacts(
            user: user, hash: try passwordHash(of: user.id), hasSecondFactor: try secondFactor(of: user.id) != nil,
            isKnownAddress: try hasSignedIn(user.id, from: address, since: now - App.knownAddressLife))
    }
}

extension WriteTransaction {
    func begin(
        _ user: User, by method: SignInMethod, _ secret: SessionSecret, _ digest: TokenDigest, from origin: Origin,
        at now: Timestamp
    ) throws(Refusal) -> StartedSession {
        let session = Session(
            id: try nextID(), user: user.id, method: method, createdAt: now, lastSeenAt: now,
            address: origin.address, userAgent: origin.userAgent)
        let surplus = try sessions(of: user.id).filter { $0.isLive(at: now) }.dropFirst(Session.mostPerPerson - 1)
        if let end = User.ending(surplus.map(\.id), by: Caller(.job("sign-in"), origin: origin), at: now) {
            try apply(end)
        }
        try apply(user.signingIn(session, digest: digest, from: origin, at: now))
        return StartedSession(session: session, secret: secret, user: user)
    }
}
