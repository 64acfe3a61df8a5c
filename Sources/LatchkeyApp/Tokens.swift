public import LatchkeyCore
import LatchkeyStore

/// A token that was just made, with its plaintext: in this value and nowhere else.
public struct IssuedToken: Sendable {
    public let summary: TokenSummary
    public let secret: TokenSecret
}

/// What a list of tokens may hold.
public enum TokenScope: Sendable {
    /// The caller's own.
    case own
    /// All service tokens.
    case service
}

/// Tokens: finding and issuing them.
extension App {
    public func listTokens(
        _ scope: TokenScope, _ filter: TokenFilter, _ page: PageRequest, as caller: Caller
    ) async throws(Refusal) -> Page<TokenSummary> {
        let filter = try scoped(filter, scope, caller)
        let page = try await store.read { db throws(Refusal) in try db.tokens(filter, page) }
        return page.map(withLatestUse)
    }

    /// Whether a search in this list looks at how names begin: of more than `limit` tokens, a page cannot read all
    /// names.
    public func searchesBeginnings(
        _ scope: TokenScope, above limit: Int = 200_000, as caller: Caller
    ) async throws(Refusal) -> Bool {
        let filter = try scoped(TokenFilter(now: ambient.now()), scope, caller)
        guard filter.owner == nil else { return false }
        return try await store.read { db throws(Refusal) in try db.tokenCount(filter) } > limit
    }

    /// The same as one list without pages, from `offset` on.
    public func listTokens(
        _ scope: TokenScope, _ filter: TokenFilter, limit: Int, offset: Int, as caller: Caller
    ) async throws(Refusal) -> [TokenSummary] {
        let filter = try scoped(filter, scope, caller)
        let tokens = try await store.read { db throws(Refusal) in
            try db.tokens(filter, limit: limit, offset: offset)
        }
        return tokens.map(withLatestUse)
    }

    private func scoped(
        _ filter: TokenFilter, _ scope: TokenScope, _ caller: Caller
    ) throws(Refusal) -> TokenFilter {
        var filter = filter
        filter.now = ambient.now()
        switch scope {
        case .own:
            try caller.require(.manageOwnTokens)
            if let asked = filter.owner, asked != caller.userID {
                filter.owner = ID(0)
            } else {
                filter.owner = caller.userID
            }
        case .service:
            try caller.require(.manageTokens)
            filter.type = .service
        }
        return filter
    }

    public func findToken(_ id: ID<Token>, as caller: Caller) async throws(Refusal) -> TokenSummary {
        try caller.require(.manageOwnTokens)
        let summary = try await store.read { db throws(Refusal) in
            let summary = try db.detail(of: id)
            try summary.token.requireReach(of: caller)
            return summary
        }
        return withLatestUse(summary)
    }

    /// Issues a token. The plaintext is in the result and nowhere else.
    public func issueToken(
        _ request: NewToken, as caller: Caller, keeping: ReplyKeeping<IssuedToken>? = nil
    ) async throws(Refusal) -> IssuedToken {
        try caller.require(request.owner == nil ? .manageOwnTokens : .manageTokens)
        if request.isSCIMOnly { try caller.require(.manageTokens) }
        try request.limits.requireKnownActions(of: policyInForce.current)
        guard let owner = request.owner ?? caller.userID, let subject = handle(of: owner) else {
            throw Token.notAServiceUser
        }
        let now = ambient.now()
        let use = request.isSCIMOnly ? TokenUse.scim : request.owner == nil ? .personal : .service
        _ = try policy.expiry(of: request.lifetime, at: now)
        let minted = try mint(
            try await tokenIDs.next(), subject: subject, use: use, lifetime: request.lifetime, at: now)
        return try await commit(as: caller, keeping: keeping) { db throws(Refusal) in
            guard let user = try db.user(owner) else { throw Token.notAServiceUser }
            let (token, decision) = try Token.issue(
                request, minted.minting, to: user, teams: try db.teams(of: owner),
                isNameTaken: try db.liveToken(owner: owner, name: request.name.trimmed) != nil, by: caller)
            try db.apply(decision)
            return IssuedToken(summary: try db.detail(of: token.id), secret: minted.secret)
        }
    }

    /// Every state that a token was in, oldest first.
    public func tokenHistory(_ id: ID<Token>, as caller: Caller) async throws(Refusal) -> [RecordedEvent] {
        try caller.require(.manageOwnTokens)
        return try await store.read { db throws(Refusal) in
            guard let token = try db.token(id) else { throw .notFound("token") }
            try token.requireReach(of: caller)
            return try db.history(of: .token, id.value)
        }
    }

    /// What a token did: its counts by hour, with those that were not written yet, as far as they can be now.
    public func tokenUsage(_ query: UsageQuery, as caller: Caller) async throws(Refusal) -> [UsageCount] {
        try caller.require(.manageOwnTokens)
        try? await flushUsage()
        return try await store.read { db throws(Refusal) in
            guard let token = try db.token(query.token) else { throw .notFound("token") }
            try token.requireReach(of: caller)
            return try db.usage(query)
        }
    }
}

/// A token made ready before its transaction.
struct Minted: Sendable {
    let secret: TokenSecret
    let minting: Minting
}

extension App {
    /// Signs a token: outside of any transaction, whose body may run twice and holds up others.
    func mint(
        _ id: ID<Token>, subject: String, use: TokenUse, lifetime: Lifetime, at now: Timestamp
    ) throws(Refusal) -> Minted {
        let expiry = try policy.expiry(of: lifetime, at: now)
        let claims = TokenClaims(
            token: id, issuer: settings.publicURL, subject: subject, issuedAt: now.wholeSecond, expiresAt: expiry,
            use: use)
        let made = try keys.current.mint(claims, random: ambient.randomBytes(16))
        let minting = Minting(
            id: id, digest: made.digest, hint: made.hint, signedBy: made.signedBy, expiresAt: expiry, at: now)
        return Minted(secret: made.secret, minting: minting)
    }

    /// A reader sees uses that are still on their way to the database.
    func withLatestUse(_ summary: TokenSummary) -> TokenSummary {
        guard let latest = ledger.lastUse(of: summary.token.id) else { return summary }
        if let stored = summary.lastUse, stored.at >= latest.at { return summary }
        return TokenSummary(
            token: summary.token, owner: summary.owner, createdBy: summary.createdBy, revokedBy: summary.revokedBy,
            lastUse: latest)
    }
}

extension Transaction {
    func detail(of id: ID<Token>) throws(Refusal) -> TokenSummary {
        guard let summary = try tokenDetail(id), summary.token.deletedAt == nil else { throw .notFound("token") }
        return summary
    }
}
