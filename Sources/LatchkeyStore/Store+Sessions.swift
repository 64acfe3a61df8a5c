public import LatchkeyCore

extension Transaction {
    /// The session with one of these digests, unless it was ended. Whether it is still live is Core's to say.
    public func session(digests: [TokenDigest]) throws(Refusal) -> Session? {
        try first(
            """
            SELECT \(Session.columns) FROM session
            WHERE digest \(in: digests.map(\.bytes)) AND ended_at IS NULL
            """, Session.read)
    }

    public func session(_ id: ID<Session>) throws(Refusal) -> Session? {
        try first("SELECT \(Session.columns) FROM session WHERE id = \(id) AND ended_at IS NULL", Session.read)
    }

    /// Those of one person that have not been ended, the newest first. Some may have run out meanwhile.
    public func sessions(of user: ID<User>) throws(Refusal) -> [Session] {
        try all(
            """
            SELECT \(Session.columns) FROM session WHERE user_id = \(user) AND ended_at IS NULL
            ORDER BY created_at DESC, id DESC
            """, Session.read)
    }

    /// Whether this person began a session from there; ended ones count. Any address of the same household counts:
    /// one of IPv6 changes by the day.
    public func hasSignedIn(_ user: ID<User>, from address: Address?, since: Timestamp) throws(Refusal) -> Bool {
        guard let household = address?.household else { return false }
        var found = false
        try rows(
            """
            SELECT DISTINCT address FROM session
            WHERE user_id = \(user) AND created_at >= \(since) AND address IS NOT NULL
            """
        ) { row in found = found || Address(row.text(0))?.household == household }
        return found
    }
}

extension WriteTransaction {
    func start(_ session: Session, _ digest: TokenDigest) throws(Refusal) {
        try run(
            """
            INSERT INTO session (id, user_id, digest, digest_generation, method, created_at, last_seen_at, address,
                agent)
            VALUES (\(session.id), \(session.user), \(digest.bytes), \(digest.generation), \(session.method.word),
                \(session.createdAt), \(session.lastSeenAt), \(session.address?.description), \(session.userAgent))
            """)
        try run(
            """
            UPDATE user_account SET last_login_at = \(session.createdAt)
            WHERE id = \(session.user) AND last_login_at < \(session.createdAt)
            """)
    }

    func end(_ session: ID<Session>, at moment: Timestamp) throws(Refusal) {
        try run("UPDATE session SET ended_at = \(moment) WHERE id = \(session) AND ended_at IS NULL")
    }

    func touch(_ session: ID<Session>, at moment: Timestamp) throws(Refusal) {
        try run("UPDATE session SET last_seen_at = \(moment) WHERE id = \(session) AND last_seen_at < \(moment)")
    }

    func forgetSessions(before moment: Timestamp) throws(Refusal) {
        try run("DELETE FROM session WHERE created_at < \(moment)")
    }
}

extension Session {
    fileprivate static let columns: SQL = "id, user_id, method, created_at, last_seen_at, address, agent"

    fileprivate static func read(_ row: Row) throws(Refusal) -> Session {
        guard let method = SignInMethod(word: row.text(2)) else {
            throw .unavailable(
                "The database holds a way to sign in that this program does not know; run the newest version.",
                retryAfter: .seconds(60))
        }
        return Session(
            id: row.id(0), user: row.id(1), method: method, createdAt: row.time(3), lastSeenAt: row.time(4),
            address: row.optionalText(5).flatMap { Address($0) }, userAgent: row.optionalText(6))
    }
}
