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
    /// Explains what would become of a request with the caller's own token, or with another's, or for a user, for who
    /// manages tokens.
    ///
    /// - Parameters:
    ///   - target: path and query.
    ///   - subject: `nil` for the caller.
    ///   - address: where the subject's token comes from; `nil` for where the caller does.
    public func explain(
        method: String, target: String, subject: Evaluation.Subject? = nil, from address: Address? = nil,
        as caller: Caller
    ) throws(Refusal) -> PolicyExplanation {
        try caller.require(.readSelf)
        let (asker, teams) = try asker(subject, from: address, caller)
        let path: RequestPath
        do throws(RequestPath.Flaw) {
            path = try RequestPath(target)
        } catch {
            throw .invalid("path", "would be denied before any rule sees it. \(error.rawValue)")
        }
        let standing = policyInForce.standing
        let policy = standing.edition.policy
        let ruling = policy.ruling(method: method, path, for: asker) { index.level(on: $0, of: teams) }
        return PolicyExplanation(
            policy: policy.name, source: standing.source, method: method, path: path.text, ruling: ruling,
            level: ruling.resource.flatMap { index.level(on: $0, of: teams) })
    }

    private func asker(
        _ subject: Evaluation.Subject?, from address: Address?, _ caller: Caller
    ) throws(Refusal) -> (Asker, Set<ID<Team>>) {
        guard let subject else { return (caller.asker, caller.teams) }
        if case .token(let token) = subject, token == caller.credential?.token {
            if address == nil { return (caller.asker, caller.teams) }
        } else {
            try caller.require(.manageTokens)
        }
        let address = address ?? caller.origin.address
        switch subject {
        case .user(let handle): return try asker(handle)
        case .bearer(let text):
            return try Self.asker(verifier.verify(text, from: address, at: ambient.now())) { _ in true }
        case .token(let id):
            return try Self.asker(verifier.standing(of: id, from: address, at: ambient.now())) { bearer in
                bearer.type == .service || bearer.account.id == caller.userID
            }
        }
    }

    private func asker(_ handle: String) throws(Refusal) -> (Asker, Set<ID<Team>>) {
        guard let found = index.account(handle: handle) else { throw .notFound("user") }
        guard found.account.isActive else {
            throw .conflict("\(handle) is deactivated, so every token of it is refused.")
        }
        return (Asker(role: found.account.role), found.membership.teams)
    }

    /// - Parameter isShown: whether the caller may know of this one.
    private static func asker(
        _ verdict: Verdict, _ isShown: (Bearer) -> Bool
    ) throws(Refusal) -> (Asker, Set<ID<Team>>) {
        switch verdict {
        case .valid(let bearer) where isShown(bearer): return (bearer.asker, bearer.teams)
        case .refused(let refused) where refused.reason != .unknown && refused.reason != .malformed:
            throw .conflict("This token would be refused before any rule is asked: \(refused.reason.rawValue).")
        case .valid, .refused: throw .notFound("token")
        }
    }
}
