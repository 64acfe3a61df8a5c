import LatchkeyCore

extension Migration {
    /// How people sign in: passwords, sessions, second factors, invitations. Of every secret only a keyed digest, a
    /// slow hash or a sealed box is kept.
    static let signIn = Migration(
        number: 3, name: "sign-in",
        schema: """
            CREATE TABLE password (
                user_id BIGINT PRIMARY KEY NOT NULL REFERENCES user_account (id),
                hash TEXT NOT NULL,
                changed_at BIGINT NOT NULL
            );
            CREATE TABLE session (
                id BIGINT PRIMARY KEY NOT NULL CHECK (id > 0),
                user_id BIGINT NOT NULL REFERENCES user_account (id),
                digest BYTEA NOT NULL CHECK (LENGTH(digest) = 32),
                digest_generation BIGINT NOT NULL,
                method TEXT NOT NULL,
                created_at BIGINT NOT NULL,
                last_seen_at BIGINT NOT NULL,
                address TEXT,
                agent TEXT,
                ended_at BIGINT
            );
            CREATE UNIQUE INDEX session_digest ON session (digest);
            CREATE INDEX session_of_user ON session (user_id, created_at);
            CREATE INDEX session_created ON session (created_at);
            CREATE TABLE second_factor (
                user_id BIGINT PRIMARY KEY NOT NULL REFERENCES user_account (id),
                sealed_secret BYTEA NOT NULL,
                created_at BIGINT NOT NULL,
                last_step BIGINT NOT NULL
            );
            CREATE TABLE recovery_code (
                user_id BIGINT NOT NULL REFERENCES user_account (id),
                digest BYTEA NOT NULL CHECK (LENGTH(digest) = 32),
                digest_generation BIGINT NOT NULL,
                PRIMARY KEY (user_id, digest)
            );
            CREATE TABLE invitation (
                id BIGINT PRIMARY KEY NOT NULL CHECK (id > 0),
                digest BYTEA NOT NULL CHECK (LENGTH(digest) = 32),
                digest_generation BIGINT NOT NULL,
                email TEXT NOT NULL CHECK (email <> ''),
                email_folded TEXT NOT NULL,
                name TEXT NOT NULL CHECK (name <> ''),
                role TEXT NOT NULL CHECK (role IN ('Member', 'Editor', 'Manager', 'Admin')),
                created_at BIGINT NOT NULL,
                created_by BIGINT REFERENCES user_account (id),
                expires_at BIGINT NOT NULL,
                accepted_at BIGINT,
                withdrawn_at BIGINT
            );
            CREATE UNIQUE INDEX invitation_digest ON invitation (digest);
            CREATE UNIQUE INDEX invitation_open ON invitation (email_folded)
                WHERE accepted_at IS NULL AND withdrawn_at IS NULL;
            CREATE TABLE invitation_team (
                invitation_id BIGINT NOT NULL REFERENCES invitation (id),
                team_id BIGINT NOT NULL,
                PRIMARY KEY (invitation_id, team_id)
            );

            """,
        own: [:], rows: { _ in [] })
}
