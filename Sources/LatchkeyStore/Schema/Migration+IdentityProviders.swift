extension Migration {
    /// Identity providers, the teams that their groups open, and whom their subjects are here.
    ///
    /// An identity is an issuer's, not a provider's: when a provider is deleted and made again, its people are the
    /// same.
    static let identityProviders = Migration(
        number: 4, name: "identity providers", schema: providers + identities, own: [:], rows: { _ in [] })

    private static let providers = """
        CREATE TABLE identity_provider (
            id BIGINT PRIMARY KEY NOT NULL CHECK (id > 0),
            name TEXT NOT NULL CHECK (name <> ''),
            name_folded TEXT NOT NULL,
            issuer TEXT NOT NULL CHECK (issuer <> ''),
            client_id TEXT NOT NULL CHECK (client_id <> ''),
            sealed_secret BYTEA,
            scopes TEXT NOT NULL,
            groups_claim TEXT,
            mail_domains TEXT NOT NULL,
            makes_accounts BIGINT NOT NULL CHECK (makes_accounts IN (0, 1)),
            turned_off_at BIGINT,
            created_at BIGINT NOT NULL,
            created_by BIGINT REFERENCES user_account (id),
            version BIGINT NOT NULL CHECK (version > 0)
        );
        CREATE UNIQUE INDEX identity_provider_name ON identity_provider (name_folded);
        CREATE UNIQUE INDEX identity_provider_issuer ON identity_provider (issuer);
        CREATE TABLE identity_provider_group (
            provider_id BIGINT NOT NULL REFERENCES identity_provider (id) ON DELETE CASCADE,
            place BIGINT NOT NULL,
            group_name TEXT NOT NULL,
            team_id BIGINT NOT NULL REFERENCES team (id) ON DELETE CASCADE,
            PRIMARY KEY (provider_id, place)
        );
        CREATE INDEX identity_provider_group_team ON identity_provider_group (team_id);

        """

    private static let identities = """
        CREATE TABLE user_identity (
            issuer TEXT NOT NULL CHECK (issuer <> ''),
            subject TEXT NOT NULL CHECK (subject <> ''),
            user_id BIGINT NOT NULL REFERENCES user_account (id),
            linked_at BIGINT NOT NULL,
            linked_by BIGINT REFERENCES user_account (id),
            PRIMARY KEY (issuer, subject)
        );
        CREATE INDEX user_identity_user ON user_identity (user_id, issuer);

        """
}
