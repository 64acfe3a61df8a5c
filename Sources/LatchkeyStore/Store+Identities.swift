public import LatchkeyCore

extension Transaction {
    /// The account that an identity opens.
    public func user(_ identity: ExternalIdentity) throws(Refusal) -> User? {
        try first(
            """
            SELECT \(User.columns) FROM user_identity i JOIN user_account u ON u.id = i.user_id
            WHERE i.issuer = \(identity.issuer) AND i.subject = \(identity.subject)
            """, User.read)
    }

    /// The identities that open an account, by issuer and subject.
    public func identities(of user: ID<User>) throws(Refusal) -> [IdentityLink] {
        try all(
            """
            SELECT i.issuer, i.subject, i.user_id, i.linked_at, i.linked_by FROM user_identity i
            WHERE i.user_id = \(user) ORDER BY i.issuer, i.subject
            """
        ) { row in
            IdentityLink(
                identity: ExternalIdentity(issuer: row.text(0), subject: row.text(1)), user: row.id(2),
                linkedAt: row.time(3), linkedBy: row.optionalID(4))
        }
    }
}

extension SignOnChange {
    var isInsertion: Bool {
        if case .insertProvider = self { true } else { false }
    }
}

extension WriteTransaction {
    func apply(_ change: SignOnChange) throws(Refusal) {
        switch change {
        case .insertProvider(let provider): try insert(provider)
        case .updateProvider(let provider): try update(provider)
        case .deleteProvider(let provider): try deleteIdentityProvider(provider)
        case .link(let link): try insert(link)
        case .unlink(let identity, let user, let moment):
            try delete(identity, of: user)
            try endSessions(of: user, from: identity.issuer, at: moment)
        case .endSessions(let provider, let moment): try endSessions(of: provider, at: moment)
        }
    }

    private func insert(_ link: IdentityLink) throws(Refusal) {
        try run(
            """
            INSERT INTO user_identity (issuer, subject, user_id, linked_at, linked_by)
            VALUES (\(link.identity.issuer), \(link.identity.subject), \(link.user), \(link.linkedAt),
                \(link.linkedBy))
            """)
    }

    private func delete(_ identity: ExternalIdentity, of user: ID<User>) throws(Refusal) {
        try run(
            """
            DELETE FROM user_identity
            WHERE issuer = \(identity.issuer) AND subject = \(identity.subject) AND user_id = \(user)
            """)
    }
}
