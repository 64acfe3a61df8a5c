public import LatchkeyCore
import LatchkeyStore

/// What somebody, or some token, may do, and what says so.
extension App {
    /// One's own, or, for those who may see users, anybody's.
    public func userRights(_ id: ID<User>, as caller: Caller) async throws(Refusal) -> EffectiveRights {
        try caller.require(caller.userID == id ? .readSelf : .readUsers)
        let now = ambient.now()
        return try await store.read { db throws(Refusal) in
            guard let user = try db.user(id) else { throw .notFound("user") }
            return try db.rights(of: RightsHolder(user, at: now))
        }
    }

    public func tokenRights(_ id: ID<Token>, as caller: Caller) async throws(Refusal) -> EffectiveRights {
        try caller.require(.manageOwnTokens)
        let now = ambient.now()
        return try await store.read { db throws(Refusal) in
            guard let token = try db.token(id) else { throw .notFound("token") }
            try token.requireReach(of: caller)
            guard let user = try db.user(token.owner) else { throw .notFound("token") }
            return try db.rights(of: RightsHolder(user, token: token, at: now))
        }
    }
}

extension Transaction {
    /// How many resources a page names; how many there are is told beside them.
    private static let mostResources = 100

    fileprivate func rights(of holder: RightsHolder) throws(Refusal) -> EffectiveRights {
        let teams = try teams(of: holder.user.id)
        guard !holder.isAboveTeams, holder.obstacle == nil else {
            return holder.rights(teams: teams, grants: [], total: 0)
        }
        let counting = Set(holder.counting(teams).map(\.id))
        let (grants, total) = try grants(to: counting, limit: Self.mostResources)
        return holder.rights(teams: teams, grants: grants, total: total)
    }
}
