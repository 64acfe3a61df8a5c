public import LatchkeyCore

extension Transaction {
    public func invitation(_ id: ID<Invitation>) throws(Refusal) -> Invitation? {
        try invitations("WHERE i.id = \(id)").first
    }

    public func invitation(digests: [TokenDigest]) throws(Refusal) -> Invitation? {
        try invitations("WHERE i.digest \(in: digests.map(\.bytes))").first
    }

    /// Those that may still be accepted, the newest first.
    public func openInvitations(_ page: PageRequest, at now: Timestamp) throws(Refusal) -> Page<Invitation> {
        let condition: SQL = "i.accepted_at IS NULL AND i.withdrawn_at IS NULL AND i.expires_at > \(now)"
        let items = try invitations(
            "WHERE \(condition) ORDER BY i.created_at DESC, i.id DESC LIMIT \(page.size) OFFSET \(page.offset)")
        let total = Int(try number("SELECT COUNT(*) FROM invitation i WHERE \(condition)"))
        return Page(items: items, total: total, request: page)
    }

    public func openInvitation(email: String) throws(Refusal) -> Invitation? {
        try invitations(
            "WHERE i.email_folded = \(email.folded) AND i.accepted_at IS NULL AND i.withdrawn_at IS NULL"
        ).first
    }

    private func invitations(_ rest: SQL) throws(Refusal) -> [Invitation] {
        let bare = try all(
            """
            SELECT i.id, i.email, i.name, i.role, i.created_at, i.created_by, i.expires_at, i.accepted_at,
                i.withdrawn_at
            FROM invitation i \(rest)
            """
        ) { row throws(Refusal) in
            Invitation(
                id: row.id(0), email: row.text(1), name: row.text(2), role: try row.word(3), teams: [],
                createdAt: row.time(4), createdBy: row.optionalID(5), expiresAt: row.time(6),
                acceptedAt: row.optionalTime(7), withdrawnAt: row.optionalTime(8))
        }
        let teams = try teams(of: bare.map(\.id))
        return bare.map { $0.with(teams: teams[$0.id] ?? []) }
    }

    private func teams(of ids: [ID<Invitation>]) throws(Refusal) -> [ID<Invitation>: [ID<Team>]] {
        var teams: [ID<Invitation>: [ID<Team>]] = [:]
        try rows(
            "SELECT invitation_id, team_id FROM invitation_team WHERE invitation_id \(in: ids) ORDER BY team_id"
        ) { row in teams[row.id(0), default: []].append(row.id(1)) }
        return teams
    }
}

extension WriteTransaction {
    func insert(_ invitation: Invitation, _ digest: TokenDigest) throws(Refusal) {
        try run(
            """
            INSERT INTO invitation (id, digest, digest_generation, email, email_folded, name, role, created_at,
                created_by, expires_at)
            VALUES (\(invitation.id), \(digest.bytes), \(digest.generation), \(invitation.email),
                \(invitation.email.folded), \(invitation.name), \(invitation.role),
                \(invitation.createdAt), \(invitation.createdBy), \(invitation.expiresAt))
            """)
        for team in invitation.teams {
            try run("INSERT INTO invitation_team (invitation_id, team_id) VALUES (\(invitation.id), \(team))")
        }
    }

    /// A link works once: of two that come at the same moment, one is refused.
    func close(_ invitation: Invitation) throws(Refusal) {
        let changed = try run(
            """
            UPDATE invitation SET accepted_at = \(invitation.acceptedAt), withdrawn_at = \(invitation.withdrawnAt)
            WHERE id = \(invitation.id) AND accepted_at IS NULL AND withdrawn_at IS NULL
            """)
        guard changed == 1 else { throw .conflict("This invitation was accepted or withdrawn meanwhile.") }
    }
}

extension Invitation {
    fileprivate func with(teams: [ID<Team>]) -> Invitation {
        Invitation(
            id: id, email: email, name: name, role: role, teams: teams, createdAt: createdAt, createdBy: createdBy,
            expiresAt: expiresAt, acceptedAt: acceptedAt, withdrawnAt: withdrawnAt)
    }
}
