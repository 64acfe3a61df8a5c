extension Migration {
    /// Issuers whose word lets workloads act as service users, and what has to be remembered for as long as a short
    /// token lives: which of theirs were exchanged, and which of ours were given up.
    static let trustedIssuers = Migration(
        number: 9, name: "trusted issuers",
        schema: """
            CREATE TABLE trusted_issuer (
                token_id BIGINT PRIMARY KEY NOT NULL REFERENCES token (id),
                issuer TEXT NOT NULL CHECK (issuer <> ''),
                audience TEXT NOT NULL CHECK (audience <> ''),
                subject TEXT NOT NULL CHECK (subject <> ''),
                claims TEXT NOT NULL,
                lifetime_seconds BIGINT NOT NULL CHECK (lifetime_seconds BETWEEN 300 AND 3600)
            );
            CREATE INDEX trusted_issuer_issuer ON trusted_issuer (issuer, token_id);
            CREATE TABLE workload_token_use (
                issuer TEXT NOT NULL,
                fingerprint BYTEA NOT NULL CHECK (LENGTH(fingerprint) = 32),
                forgettable_from BIGINT NOT NULL,
                PRIMARY KEY (issuer, fingerprint)
            );
            CREATE INDEX workload_token_use_end ON workload_token_use (forgettable_from);
            CREATE TABLE access_revocation (
                token_id BIGINT NOT NULL REFERENCES token (id),
                nonce BYTEA NOT NULL CHECK (LENGTH(nonce) = 16),
                ends_at BIGINT NOT NULL,
                PRIMARY KEY (token_id, nonce)
            );
            CREATE INDEX access_revocation_end ON access_revocation (ends_at);

            """,
        own: [:], rows: { _ in [] })
}
