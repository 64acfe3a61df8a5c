public import LatchkeyCore

/// Finding out who asks.
extension App {
    /// Whose token this is, or a refusal that does not say why. Every door that takes a bearer token comes here.
    ///
    /// On a hit nothing is waited for. A token that bears our tag and is not known yet was made elsewhere a moment ago,
    /// beside this server by `latchkey admin bootstrap` or on another node: then the feed is read once, first.
    ///
    /// A credential that works is never refused here for what others present. Of those that do not, an address has so
    /// many (`limit.refused`); beyond, they are `limited`.
    ///
    /// - Parameters:
    ///   - method: of the request, for the record of a refused use.
    ///   - route: its template.
    public func authenticate(
        _ presented: Substring, method: String, route: String, from origin: Origin
    ) async throws(Refusal) -> Bearer {
        let quick = try authenticateAtOnce(presented, method: method, route: route, from: origin, isCaughtUp: false)
        if let quick { return quick }
        try await catchUp()
        let found = try authenticateAtOnce(presented, method: method, route: route, from: origin, isCaughtUp: true)
        guard let found else { throw .unauthenticated(credentialSent: true) }
        return found
    }

    /// The same without waiting, for doors on the event loop.
    ///
    /// - Parameter isCaughtUp: the feed was read after the token came in, so one that is not there is gone.
    /// - Returns: `nil` when the feed must be read first; then nothing has been counted.
    public func authenticateAtOnce(
        _ presented: Substring, method: String, route: String, from origin: Origin, isCaughtUp: Bool
    ) throws(Refusal) -> Bearer? {
        let verdict = verifier.verify(presented, from: origin.address, at: ambient.now())
        if !isCaughtUp, verdict.refusal?.reason == .deleted { return nil }
        return try settle(verdict, method: method, route: route, from: origin)
    }

    /// Takes in what was committed until now, by this server or another.
    public func catchUp() async throws(Refusal) { try await feed.catchUpTogether() }

    /// Counts what became of a presented token; a refused use of a known one is recorded.
    func settle(
        _ verdict: Verdict, method: String, route: String, from origin: Origin
    ) throws(Refusal) -> Bearer {
        verifications.count(verdict)
        switch verdict {
        case .valid(let bearer): return bearer
        case .refused(let refused):
            record(refused, method: method, route: route, from: origin)
            if let wait = limits.countRefused(from: origin.address, at: ambient.now()) {
                throw .limited(retryAfter: wait)
            }
            throw .unauthenticated(credentialSent: true)
        }
    }

    /// Counts a request that a valid token made.
    public func recordUse(
        by bearer: Bearer, method: String, route: String, from origin: Origin, outcome: UseOutcome
    ) {
        ledger.record(use(of: bearer.token, bearer.account.id, method, route, origin, outcome), by: bearer)
    }

    /// Counts a request that was refused as nobody's after its token had been let in. Where the token lost its access
    /// while the request was under way, the record of it is that of any other refused use. Where it works, what was
    /// said beside it was wrong; and that an access token has run out says nothing about the token that it came of.
    public func recordRefusal(of bearer: Bearer, method: String, route: String, from origin: Origin) {
        let verdict = verifier.standing(of: bearer.credential, from: origin.address, at: ambient.now())
        guard let refused = verdict.refusal, refused.token != nil else {
            return recordUse(by: bearer, method: method, route: route, from: origin, outcome: .failed)
        }
        record(refused, method: method, route: route, from: origin)
    }

    /// That a known token was refused; of others there is no record.
    private func record(_ refused: RefusedUse, method: String, route: String, from origin: Origin) {
        guard let token = refused.token else { return }
        ledger.record(use(of: token, refused.owner, method, route, origin, .refused), refused: refused)
    }

    private func use(
        of token: ID<Token>, _ owner: ID<User>?, _ method: String, _ route: String, _ origin: Origin,
        _ outcome: UseOutcome
    ) -> Use {
        Use(
            token: token, at: ambient.now(), method: method, route: route, address: origin.address,
            userAgent: origin.userAgent, outcome: outcome, owner: owner)
    }

    /// The account behind a bearer, as it is now.
    public func account(_ id: ID<User>) -> Account? {
        index.account(id)?.account
    }

    func handle(of id: ID<User>) -> String? {
        account(id)?.handle
    }
}
