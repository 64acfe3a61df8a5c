import LatchkeyCore
import LatchkeyStore

extension TokenFacts {
    init(_ row: borrowing TokenRow) {
        let digest = row.withDigest { bytes in
            bytes.count == TokenDigest.byteCount ? bytes.loadUnaligned(as: SIMD4<UInt64>.self) : .zero
        }
        self.init(
            id: row.id, owner: row.owner, isPersonal: row.isPersonal, isSCIMOnly: row.isSCIMOnly,
            digest: TokenDigest(words: digest, generation: row.digestGeneration), name: row.name,
            createdAt: row.createdAt, expiresAt: row.expiresAt, revokedAt: row.revokedAt, retiresAt: row.retiresAt,
            provenAt: row.provenAt, predecessor: row.predecessor, narrowing: Narrowing(stored: row.narrowing))
    }
}

extension AccountFacts {
    init(_ row: AccountRow) {
        account = Account(
            id: row.id, handle: row.handle, userName: row.userName, email: row.email, name: row.name, type: row.type,
            role: row.role, isActive: row.isActive)
        teams = row.teams
    }
}

extension FeedNews {
    /// Reads the feed behind `seq` and what its entries name as it is now, `nil` at its end.
    ///
    /// Everything is read in one transaction. What it sees may be newer than the entries; then later entries bring the
    /// same once more, which changes nothing.
    init?(after seq: Int64, limit: Int, in db: Transaction) throws(Refusal) {
        let entries = try db.changes(after: seq, limit: limit)
        guard let first = entries.first, let last = entries.last else { return nil }
        guard first.seq == seq + 1 else {
            throw .unavailable(
                "This server was away for so long that the change feed does not reach back. Start it again.",
                retryAfter: .seconds(60))
        }
        reached = last.seq
        func ids<Kind>(_ kind: FeedEntry.Kind) -> Set<ID<Kind>> {
            Set(entries.lazy.filter { $0.kind == kind }.map { ID($0.id) })
        }
        try readTeams(ids(.team), in: db)
        try readAccounts(ids(.user), in: db)
        try readTokens(ids(.token), in: db)
        try readResources(ids(.resource), in: db)
    }

    private mutating func readTeams(_ ids: Set<ID<Team>>, in db: Transaction) throws(Refusal) {
        for id in ids {
            if let team = try db.team(id) { teams.append(team) } else { goneTeams.append(id) }
        }
    }

    private mutating func readAccounts(_ ids: Set<ID<User>>, in db: Transaction) throws(Refusal) {
        accounts = try db.accounts(Array(ids)).map { AccountFacts($0) }
    }

    private mutating func readTokens(_ ids: Set<ID<Token>>, in db: Transaction) throws(Refusal) {
        var (found, gone): ([TokenFacts], [ID<Token>]) = ([], [])
        try db.eachToken(Array(ids)) { row in
            if row.deletedAt == nil { found.append(TokenFacts(row)) } else { gone.append(row.id) }
        }
        (tokens, goneTokens) = (found, gone)
        accessRevocations = ids.isEmpty ? [] : try db.accessRevocations(of: Array(ids))
    }

    private mutating func readResources(_ ids: Set<ID<Resource>>, in db: Transaction) throws(Refusal) {
        guard !ids.isEmpty else { return }
        resources = try db.grantedResources(Array(ids))
        goneResources = Array(ids.subtracting(resources.map(\.resource.id)))
    }
}
