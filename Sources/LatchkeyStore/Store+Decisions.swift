public import LatchkeyCore

extension WriteTransaction {
    /// Writes what was decided, and why: rows, their entries of the change feed, audit events, together or not at all.
    ///
    /// New rows come first, so that a row may name another of the same decision.
    ///
    /// - Returns: the last number of the change feed then; who has followed the feed to it has seen all of this.
    @discardableResult
    public func apply(_ decision: Decision) throws(Refusal) -> Int64 {
        let at = decision.events.first?.at ?? .never
        let (insertions, others) = decision.changes.parted(by: \.isInsertion)
        for change in insertions + others { try apply(change, at: at) }
        try touchGroups(of: decision.changes, at: at)
        for event in decision.events { try append(event) }
        return try lastSequence()
    }

    private func apply(_ change: Change, at now: Timestamp) throws(Refusal) {
        switch change {
        case .insertUser(let user): try insert(user)
        case .updateUser(let user): try update(user, at: now)
        case .insertToken(let token): try insert(token)
        case .updateToken(let token): try update(token)
        case .insertTrustedIssuer(let trust): try insert(trust)
        case .useWorkloadToken(let use): try insert(use, at: now)
        case .revokeAccessToken(let revocation): try insert(revocation, at: now)
        case .insertTeam(let team): try insert(team)
        case .updateTeam(let team): try update(team)
        case .deleteTeam(let team): try deleteTeam(noting: team)
        case .addMember(let user, let team): try addMember(user, to: team)
        case .removeMember(let user, let team): try removeMember(user, from: team)
        case .insertResource(let resource): try insert(resource)
        case .updateResource(let resource): try update(resource)
        case .deleteResource(let resource): try deleteResource(resource)
        case .grant(let resource, let team): try grant(resource, to: team)
        case .withdraw(let resource, let team): try withdraw(resource, from: team)
        case .signIn(let change): return try apply(change)
        case .signOn(let change): return try apply(change)
        case .setPersonEntry(let entry): try set(entry)
        case .setGroupEntry(let entry): try set(entry)
        case .releaseDirectory(let directory): try releaseDirectory(directory)
        }
        if let entry = change.feedEntry { try appendToFeed(entry.kind, entry.id) }
    }

    /// Its members stand in the feed too: each of them has one team less.
    private func deleteTeam(noting team: ID<Team>) throws(Refusal) {
        let members = try members(of: team)
        try deleteTeam(team)
        for member in members { try appendToFeed(.user, member.value) }
    }
}

extension Change {
    fileprivate var isInsertion: Bool {
        switch self {
        case .insertUser, .insertToken, .insertTrustedIssuer, .insertTeam, .insertResource: true
        case .updateUser, .updateToken, .useWorkloadToken, .revokeAccessToken, .updateTeam, .deleteTeam, .addMember,
            .removeMember, .updateResource, .deleteResource, .grant, .withdraw, .signIn, .setPersonEntry,
            .setGroupEntry, .releaseDirectory:
            false
        case .signOn(let change): change.isInsertion
        }
    }

    /// What a node that follows the feed has to load again, if anything.
    fileprivate var feedEntry: (kind: FeedEntry.Kind, id: Int64)? {
        switch self {
        case .insertUser(let user), .updateUser(let user): (.user, user.id.value)
        case .insertToken(let token), .updateToken(let token): (.token, token.id.value)
        case .revokeAccessToken(let revocation): (.token, revocation.token.value)
        case .insertTeam(let team), .updateTeam(let team): (.team, team.id.value)
        case .deleteTeam(let team): (.team, team.value)
        case .addMember(let user, _), .removeMember(let user, _): (.user, user.value)
        case .insertResource(let resource), .updateResource(let resource): (.resource, resource.id.value)
        case .deleteResource(let resource), .grant(let resource, _), .withdraw(let resource, _):
            (.resource, resource.value)
        case .signIn, .signOn, .insertTrustedIssuer, .useWorkloadToken: nil
        case .setPersonEntry(let entry): (.user, entry.user.value)
        case .setGroupEntry(let entry): (.team, entry.team.value)
        case .releaseDirectory(let directory): (.user, directory.value)
        }
    }
}

extension Array {
    /// Those that fit and those that do not, each in order.
    fileprivate func parted(by fits: (Element) -> Bool) -> (fitting: [Element], others: [Element]) {
        (filter(fits), filter { !fits($0) })
    }
}
