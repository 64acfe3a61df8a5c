public import LatchkeyCore
import LatchkeyStore

/// How somebody comes in, as an Admin sees it.
public struct PersonAccess: Hashable, Sendable {
    public let passwordChangedAt: Timestamp?
    public let secondFactorSince: Timestamp?
    /// In how many browsers they are signed in now.
    public let sessions: Int
    public let identities: [ConnectedIdentity]
}

/// An identity that opens an account, with the provider that it is of.
public struct ConnectedIdentity: Hashable, Sendable {
    public let link: IdentityLink
    /// `nil` when the provider has been deleted.
    public let provider: ProviderButton?
    /// Whether one comes in by it now.
    public let isOn: Bool
}

/// One's own identities, and the providers at which one could have another.
public struct OwnIdentities: Hashable, Sendable {
    public let connected: [ConnectedIdentity]
    public let connectable: [ProviderButton]
}

extension App {
    public func access(of id: ID<User>, as caller: Caller) async throws(Refusal) -> PersonAccess {
        try caller.require(.manageUsers)
        let now = ambient.now()
        return try await store.read { db throws(Refusal) in
            guard try db.user(id) != nil else { throw .notFound("user") }
            return PersonAccess(
                passwordChangedAt: try db.passwordChangedAt(of: id),
                secondFactorSince: try db.secondFactor(of: id)?.createdAt,
                sessions: try db.sessions(of: id).count { $0.isLive(at: now) },
                identities: try db.connectedIdentities(of: id))
        }
    }

    public func ownIdentities(as caller: Caller) async throws(Refusal) -> OwnIdentities {
        let person = try person(caller)
        return try await store.read { db throws(Refusal) in
            let connected = try db.connectedIdentities(of: person.user)
            let known = Set(connected.compactMap(\.provider?.id))
            return OwnIdentities(
                connected: connected, connectable: try db.providerButtons().filter { !known.contains($0.id) })
        }
    }

    /// Signs somebody out of every browser. They can sign in again: deactivating is what keeps them out.
    ///
    /// - Returns: how many sessions have ended.
    public func endSessions(of id: ID<User>, as caller: Caller) async throws(Refusal) -> Int {
        try caller.require(.manageUsers)
        let now = ambient.now()
        return try await commit(as: caller) { db throws(Refusal) in
            guard let user = try db.user(id) else { throw .notFound("user") }
            try user.requireHelp(by: caller)
            let sessions = try db.sessions(of: id)
            if let decision = User.ending(sessions.map(\.id), by: caller, at: now) { try db.apply(decision) }
            return sessions.count { $0.isLive(at: now) }
        }
    }
}

extension Transaction {
    fileprivate func connectedIdentities(of user: ID<User>) throws(Refusal) -> [ConnectedIdentity] {
        var connected: [ConnectedIdentity] = []
        for link in try identities(of: user) {
            let provider = try identityProvider(issuer: link.identity.issuer)
            connected.append(
                ConnectedIdentity(
                    link: link, provider: provider.map { ProviderButton(id: $0.id, name: $0.name) },
                    isOn: provider?.isOn ?? false))
        }
        return connected
    }
}
