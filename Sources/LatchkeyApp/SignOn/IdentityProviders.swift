public import LatchkeyCore
import LatchkeyStore

/// Identity providers, which Admins set up.
extension App {
    public func listIdentityProviders(as caller: Caller) async throws(Refusal) -> [IdentityProvider] {
        try caller.require(.manageIdentityProviders)
        return try await store.read { db throws(Refusal) in try db.identityProviders() }
    }

    public func findIdentityProvider(
        _ id: ID<IdentityProvider>, as caller: Caller
    ) async throws(Refusal) -> IdentityProvider {
        try caller.require(.manageIdentityProviders)
        return try await store.read { db throws(Refusal) in try db.provider(id) }
    }

    public func createIdentityProvider(
        _ edit: IdentityProviderEdit, as caller: Caller
    ) async throws(Refusal) -> IdentityProvider {
        try caller.require(.manageIdentityProviders)
        let now = ambient.now()
        let sealed = try sealed(edit, issuer: edit.issuer ?? "")
        let allowsPlainHTTP = settings.allowsPrivateFetch
        return try await commit(as: caller) { db throws(Refusal) in
            let (provider, decision) = try IdentityProvider.create(
                edit, id: db.nextID(), sealed: sealed, allowsPlainHTTP: allowsPlainHTTP, by: caller, at: now)
            try db.requireFree(provider)
            try db.requireTeams(of: provider)
            try db.apply(decision)
            return provider
        }
    }

    /// Turning a provider off ends what came through it, at once.
    public func updateIdentityProvider(
        _ id: ID<IdentityProvider>, _ edit: IdentityProviderEdit, as caller: Caller
    ) async throws(Refusal) -> IdentityProvider {
        try caller.require(.manageIdentityProviders)
        let now = ambient.now()
        let issuer = try await findIdentityProvider(id, as: caller).issuer
        let sealed = try sealed(edit, issuer: issuer)
        return try await commit(as: caller) { db throws(Refusal) in
            let old = try db.provider(id)
            guard old.issuer == issuer else { throw .notFound("identity provider") }
            let (provider, decision) = try old.applying(edit, sealed: sealed, by: caller, at: now)
            guard let decision else { return old }
            try db.requireFree(provider)
            try db.requireTeams(of: provider)
            let isTurnedOff = old.isOn && !provider.isOn
            try db.apply(isTurnedOff ? decision.and(db.ending(of: old, by: caller, at: now)) : decision)
            return provider
        }
    }

    /// Whom its subjects are stays known: should the issuer come back, its people are the same.
    public func deleteIdentityProvider(_ id: ID<IdentityProvider>, as caller: Caller) async throws(Refusal) {
        try caller.require(.manageIdentityProviders)
        let now = ambient.now()
        try await commit(as: caller) { db throws(Refusal) -> Void in
            let provider = try db.provider(id)
            try db.apply(db.ending(of: provider, by: caller, at: now).and(provider.delete(by: caller, at: now)))
        }
    }

    /// The secret of an edit as it rests; it is sealed outside of the transaction, whose body may run twice.
    private func sealed(_ edit: IdentityProviderEdit, issuer: String) throws(Refusal) -> [UInt8]? {
        guard case .some(.some(let secret)) = edit.clientSecret else { return nil }
        let nonce = ambient.randomBytes(KeyRing.nonceByteCount)
        guard let sealed = keys.current.seal(secret, of: issuer, nonce: nonce) else {
            throw .unavailable("The client secret could not be sealed.", retryAfter: .seconds(1))
        }
        return sealed
    }
}

extension Transaction {
    fileprivate func provider(_ id: ID<IdentityProvider>) throws(Refusal) -> IdentityProvider {
        guard let provider = try identityProvider(id) else { throw .notFound("identity provider") }
        return provider
    }

    fileprivate func requireFree(_ provider: IdentityProvider) throws(Refusal) {
        if let other = try identityProvider(named: provider.name), other.id != provider.id {
            throw .conflict("There is a provider of this name already. Choose another name.", related: other.id.value)
        }
        if let other = try identityProvider(issuer: provider.issuer), other.id != provider.id {
            throw .conflict("There is a provider for this issuer already. Change that one.", related: other.id.value)
        }
    }

    fileprivate func requireTeams(of provider: IdentityProvider) throws(Refusal) {
        for (place, rule) in provider.groups.enumerated() {
            guard let team = try team(rule.team) else {
                throw .invalid("/groups/\(place)/team_id", "There is no team \(rule.team).")
            }
            guard !team.isPublic else { throw .invalid("/groups/\(place)/team_id", "holds everyone anyway") }
        }
    }

    fileprivate func ending(
        of provider: IdentityProvider, by caller: Caller, at now: Timestamp
    ) throws(Refusal) -> Decision {
        let stranded = try usersWithNoWayIn(without: provider)
        let tokens = try activeTokens(ofPeople: stranded, at: now)
        return try provider.ending(tokens: tokens, of: stranded, by: caller, at: now)
    }
}
