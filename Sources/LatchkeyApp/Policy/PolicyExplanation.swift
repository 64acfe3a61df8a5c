public import LatchkeyCore

/// Which rule decides a request, and why.
public struct PolicyExplanation: Sendable {
    public let policy: String
    public let source: String
    public let method: String
    /// As rules see it.
    public let path: String
    public let ruling: Ruling
    /// What the asker's teams open of the resource.
    public let level: TeamPermission?
}

extension App {
    /// Explains what would become of a request with the caller's own token, or with another's for who manages tokens.
    ///
    /// - Parameters:
    ///   - target: path and query.
    ///   - token: `nil` for the caller's own.
    public func explain(
        method: String, target: String, token: ID<Token>?, as caller: Caller
    ) async throws(Refusal) -> PolicyExplanation {
        try caller.require(.readSelf)
        let (asker, teams) = try asker(token, caller)
        let path: RequestPath
        do throws(RequestPath.Flaw) {
            path = try RequestPath(target)
        } catch {
            throw .invalid("path", "would be denied before any rule sees it. \(error.rawValue)")
        }
        let policy = policyInForce.current
        let ruling = policy.ruling(method: method, path, for: asker) { index.level(on: $0, of: teams) }
        return PolicyExplanation(
            policy: policy.name, source: policyInForce.source, method: method, path: path.text, ruling: ruling,
            level: ruling.resource.flatMap { index.level(on: $0, of: teams) })
    }

    private func asker(_ token: ID<Token>?, _ caller: Caller) throws(Refusal) -> (Asker, Set<ID<Team>>) {
        guard let token, token != caller.credential?.token else {
            return (caller.asker, caller.teams)
        }
        try caller.require(.manageTokens)
        let verdict = verifier.standing(of: token, from: caller.origin.address, at: ambient.now())
        switch verdict {
        case .valid(let bearer) where bearer.type == .service || bearer.account.id == caller.userID:
            return (bearer.asker, bearer.teams)
        case .refused(let refused) where refused.reason != .unknown:
            throw .conflict("This token would be refused before any rule is asked: \(refused.reason.rawValue).")
        case .valid, .refused: throw .notFound("token")
        }
    }
}
