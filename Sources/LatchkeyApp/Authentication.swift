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
            if let token = refused.token {
                let use = Use(
                    token: token, at: ambient.now(), method: method, route: route, address: origin.address,
                    userAgent: origin.userAgent, outcome: .refused)
                ledger.record(use, refused: refused)
            }
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
        let use = Use(
            token: bearer.token, at: ambient.now(), method: method, route: route, address: origin.address,
            userAgent: origin.userAgent, outcome: outcome)
        ledger.record(use, by: bearer)
    }

    /// The account behind a bearer, as it is now.
    public func account(_ id: ID<User>) -> Account? {
        index.account(id)?.account
    }

    func handle(of id: ID<User>) -> String? {
        account(id)?.handle
    }
}
