public import LatchkeyCore
import LatchkeyStore

/// Issuers whose word lets workloads act as a service user. Whoever may manage the tokens of service users may manage
/// these; the console and the token endpoints show them as the tokens that they stand on.
extension App {
    public func listTrustedIssuers(
        of owner: ID<User>, as caller: Caller
    ) async throws(Refusal) -> [TrustedIssuerSummary] {
        try caller.require(.manageTokens)
        let summaries = try await store.read { db throws(Refusal) in
            guard try db.user(owner) != nil else { throw .notFound("user") }
            return try db.trustedIssuers(of: owner)
        }
        return summaries.map { TrustedIssuerSummary(trust: $0.trust, token: withLatestUse($0.token)) }
    }

    public func findTrustedIssuer(_ id: ID<Token>, as caller: Caller) async throws(Refusal) -> TrustedIssuerSummary {
        try caller.require(.manageTokens)
        let summary = try await store.read { db throws(Refusal) in try db.trust(id) }
        return TrustedIssuerSummary(trust: summary.trust, token: withLatestUse(summary.token))
    }

    public func establishTrust(
        _ request: NewTrustedIssuer, as caller: Caller, keeping: ReplyKeeping<TrustedIssuerSummary>? = nil
    ) async throws(Refusal) -> TrustedIssuerSummary {
        try caller.require(.manageTokens)
        try request.limits.requireKnownActions(of: policyInForce.current)
        let now = ambient.now()
        let expiry = try policy.expiry(of: request.lifetime ?? policy.longestLifetime, at: now)
        let (chance, generation) = (ambient.randomBytes(TokenDigest.byteCount), keys.current.newestDigestGeneration)
        let terms = TrustTerms(
            allowsPlainHTTP: settings.allowsPrivateFetch, usualLifetime: policy.usualAccessLifetime)
        let number = try await tokenIDs.next()
        return try await commit(as: caller, keeping: keeping) { db throws(Refusal) in
            let digest = TokenDigest(bytes: chance, generation: generation)
            let minting = Minting.keyless(number, digest: digest, expiresAt: expiry, at: now)
            guard let user = try db.user(request.owner) else { throw Token.notAServiceUser }
            let (trust, decision) = try request.establish(
                minting, for: user, teams: try db.teams(of: user.id),
                isNameTaken: try db.liveToken(owner: user.id, name: request.name.trimmed) != nil,
                under: terms, by: caller)
            try db.apply(decision)
            return TrustedIssuerSummary(trust: trust, token: try db.detail(of: trust.id))
        }
    }

    /// Ends a trust, and with it every access token that came of it.
    public func withdrawTrust(_ id: ID<Token>, as caller: Caller) async throws(Refusal) {
        try caller.require(.manageTokens)
        let now = ambient.now()
        try await commit(as: caller) { db throws(Refusal) -> Void in
            _ = try db.trust(id)
            var (token, _) = try db.controlled(id, by: caller)
            try db.carryOut(token.revoke(.cessation, by: caller, at: now), &token)
            try db.apply(try token.delete(by: caller, at: now))
        }
    }
}

extension Transaction {
    fileprivate func trust(_ id: ID<Token>) throws(Refusal) -> TrustedIssuerSummary {
        guard let trust = try trustedIssuer(id), let token = try tokenDetail(id), token.token.deletedAt == nil else {
            throw .notFound("trusted issuer")
        }
        return TrustedIssuerSummary(trust: trust, token: token)
    }
}
