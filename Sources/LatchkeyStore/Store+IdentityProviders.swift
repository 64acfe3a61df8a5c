public import LatchkeyCore

extension Transaction {
    public func identityProvider(_ id: ID<IdentityProvider>) throws(Refusal) -> IdentityProvider? {
        try providers("WHERE p.id = \(id)").first
    }

    public func identityProvider(issuer: String) throws(Refusal) -> IdentityProvider? {
        try providers("WHERE p.issuer = \(issuer)").first
    }

    /// Names are unique when folded, and are found so too.
    public func identityProvider(named name: String) throws(Refusal) -> IdentityProvider? {
        try providers("WHERE p.name_folded = \(name.folded)").first
    }

    /// All of them, by name; there are few.
    public func identityProviders() throws(Refusal) -> [IdentityProvider] {
        try providers("ORDER BY p.name_folded, p.id")
    }

    /// Those that are on, for the sign-in page.
    public func providerButtons() throws(Refusal) -> [ProviderButton] {
        try all(
            """
            SELECT p.id, p.name FROM identity_provider p WHERE p.turned_off_at IS NULL ORDER BY p.name_folded, p.id
            """
        ) { row in ProviderButton(id: row.id(0), name: row.text(1)) }
    }

    private func providers(_ rest: SQL) throws(Refusal) -> [IdentityProvider] {
        var providers = try all(
            "SELECT \(IdentityProvider.columns) FROM identity_provider p \(rest)", IdentityProvider.read)
        for place in providers.indices {
            providers[place].groups = try all(
                """
                SELECT g.group_name, g.team_id FROM identity_provider_group g
                WHERE g.provider_id = \(providers[place].id) ORDER BY g.place
                """
            ) { row in GroupRule(group: row.text(0), team: row.id(1)) }
        }
        return providers
    }

    /// The generations of the keys under which client secrets are sealed.
    func clientSecretSealings() throws(Refusal) -> Set<Int> {
        Set(
            try all("SELECT sealed_secret FROM identity_provider WHERE sealed_secret IS NOT NULL") { row in
                KeyRing.sealingGeneration(of: row.blob(0))
            }.compactMap { $0 })
    }
}

extension WriteTransaction {
    func insert(_ provider: IdentityProvider) throws(Refusal) {
        try run(
            """
            INSERT INTO identity_provider (id, name, name_folded, issuer, client_id, sealed_secret, scopes,
                groups_claim, mail_domains, makes_accounts, turned_off_at, created_at, created_by, version)
            VALUES (\(provider.id), \(provider.name), \(provider.name.folded), \(provider.issuer),
                \(provider.clientID), \(provider.sealedSecret), \(provider.scopes.joined(separator: " ")),
                \(provider.groupsClaim), \(provider.mailDomains.joined(separator: " ")), \(provider.makesAccounts),
                \(provider.turnedOffAt), \(provider.createdAt), \(provider.createdBy), \(provider.version))
            """)
        try insertGroups(of: provider)
    }

    func update(_ provider: IdentityProvider) throws(Refusal) {
        let changed = try run(
            """
            UPDATE identity_provider SET name = \(provider.name), name_folded = \(provider.name.folded),
                client_id = \(provider.clientID), sealed_secret = \(provider.sealedSecret),
                scopes = \(provider.scopes.joined(separator: " ")), groups_claim = \(provider.groupsClaim),
                mail_domains = \(provider.mailDomains.joined(separator: " ")),
                makes_accounts = \(provider.makesAccounts), turned_off_at = \(provider.turnedOffAt),
                version = \(provider.version)
            WHERE id = \(provider.id) AND version = \(provider.version - 1)
            """)
        try requireOne(changed, "identity provider")
        try run("DELETE FROM identity_provider_group WHERE provider_id = \(provider.id)")
        try insertGroups(of: provider)
    }

    private func insertGroups(of provider: IdentityProvider) throws(Refusal) {
        for (place, rule) in provider.groups.enumerated() {
            try run(
                """
                INSERT INTO identity_provider_group (provider_id, place, group_name, team_id)
                VALUES (\(provider.id), \(place), \(rule.group), \(rule.team))
                """)
        }
    }

    func deleteIdentityProvider(_ id: ID<IdentityProvider>) throws(Refusal) {
        try run("DELETE FROM identity_provider_group WHERE provider_id = \(id)")
        try requireOne(try run("DELETE FROM identity_provider WHERE id = \(id)"), "identity provider")
    }
}

extension IdentityProvider {
    fileprivate static let columns: SQL = """
        p.id, p.name, p.issuer, p.client_id, p.sealed_secret, p.scopes, p.groups_claim, p.mail_domains,
        p.makes_accounts, p.turned_off_at, p.created_at, p.created_by, p.version
        """

    /// Without its groups, which have rows of their own.
    fileprivate static func read(_ row: Row) throws(Refusal) -> IdentityProvider {
        IdentityProvider(
            id: row.id(0), name: row.text(1), issuer: row.text(2), clientID: row.text(3),
            sealedSecret: row.optionalBlob(4), scopes: row.words(5), groupsClaim: row.optionalText(6),
            mailDomains: row.words(7), makesAccounts: row.flag(8), turnedOffAt: row.optionalTime(9),
            createdAt: row.time(10), createdBy: row.optionalID(11), version: row.int(12))
    }
}

extension Row {
    /// Words that are kept with blanks between them.
    fileprivate func words(_ column: Int32) -> [String] {
        text(column).split(separator: " ").map(String.init)
    }
}
