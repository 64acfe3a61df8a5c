public import LatchkeyCore
import LatchkeyStore

/// Which identities open which account. An identity is connected by somebody's act: an Admin's, or that of the person
/// who has just proven both sides. Never because two mail addresses are alike.
extension App {
    static let pendingPurpose = "pending identity"

    /// One's own, or as an Admin anybody's.
    public func listIdentities(of user: ID<User>, as caller: Caller) async throws(Refusal) -> [IdentityLink] {
        try caller.require(user == caller.userID ? .readSelf : .manageUsers)
        return try await store.read { db throws(Refusal) in
            guard try db.user(user) != nil else { throw .notFound("user") }
            return try db.identities(of: user)
        }
    }

    /// An Admin says who somebody is.
    public func linkIdentity(
        _ subject: String, at provider: ID<IdentityProvider>, to user: ID<User>, as caller: Caller
    ) async throws(Refusal) -> IdentityLink {
        try caller.require(.manageUsers)
        guard ExternalIdentity.isSubject(subject) else {
            throw .invalid("/subject", "must have 1 to \(ExternalIdentity.longestSubject) visible ASCII characters")
        }
        let now = ambient.now()
        return try await commit(as: caller) { db throws(Refusal) in
            guard let provider = try db.identityProvider(provider) else {
                throw .invalid("/provider_id", "must be the id of an identity provider")
            }
            guard let account = try db.user(user) else { throw .notFound("user") }
            try account.requireIdentity(by: caller)
            let identity = ExternalIdentity(issuer: provider.issuer, subject: subject)
            return try db.link(identity, to: user, by: caller, at: now)
        }
    }

    /// What a browser has proven and would like to connect, for the question to the person.
    public func pendingIdentity(_ cookie: String) throws(Refusal) -> PendingIdentity {
        let pending = keys.current.opened(cookie, purpose: Self.pendingPurpose, as: PendingIdentity.self)
        guard let pending, pending.isFresh(at: ambient.now()) else { throw SignOnFault.strayReturn.refusal }
        return pending
    }

    /// A signed-in person says that the identity, which their browser has just proven, is theirs.
    public func connect(_ cookie: String, as caller: Caller) async throws(Refusal) -> IdentityLink {
        try caller.require(.readSelf)
        guard let user = caller.userID else { throw .unauthenticated(credentialSent: false) }
        let pending = try pendingIdentity(cookie)
        let now = ambient.now()
        return try await commit(as: caller) { db throws(Refusal) in
            guard let provider = try db.identityProvider(issuer: pending.identity.issuer), provider.isOn else {
                throw .notFound("identity provider")
            }
            return try db.link(pending.identity, to: user, by: caller, at: now)
        }
    }

    func sealed(_ profile: ExternalProfile, _ provider: IdentityProvider) throws(Refusal) -> String {
        let pending = PendingIdentity(profile, provider: provider, at: ambient.now())
        let nonce = ambient.randomBytes(KeyRing.nonceByteCount)
        guard let text = keys.current.sealedText(pending, purpose: Self.pendingPurpose, nonce: nonce) else {
            throw .unavailable("The sign-in could not be finished.", retryAfter: .seconds(1))
        }
        return text
    }

    /// Disconnects one's own, or as an Admin anybody's. Sessions that began with it end.
    public func unlinkIdentity(
        _ identity: ExternalIdentity, from user: ID<User>, as caller: Caller
    ) async throws(Refusal) {
        let isOwn = user == caller.userID
        try caller.require(isOwn ? .readSelf : .manageUsers)
        let now = ambient.now()
        try await commit(as: caller) { db throws(Refusal) -> Void in
            guard let account = try db.user(user) else { throw .notFound("user") }
            guard try db.user(identity)?.id == user else { throw .notFound("identity") }
            if isOwn, try !db.hasWayIn(user, without: identity) {
                throw .conflict("This is your only way in. Ask an Admin for a password link first.")
            }
            try db.apply(account.unlink(identity, by: caller, at: now))
        }
    }
}

extension WriteTransaction {
    fileprivate func link(
        _ identity: ExternalIdentity, to id: ID<User>, by caller: Caller, at now: Timestamp
    ) throws(Refusal) -> IdentityLink {
        guard let user = try user(id) else { throw .notFound("user") }
        let holder = try self.user(identity)?.id
        if let decision = try user.link(identity, opens: holder, by: caller, at: now) { try apply(decision) }
        guard let link = try identities(of: id).first(where: { $0.identity == identity }) else {
            throw .notFound("identity")
        }
        return link
    }
}
