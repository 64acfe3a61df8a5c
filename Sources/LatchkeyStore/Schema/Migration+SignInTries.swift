extension Migration {
    /// Tries to sign in of the last quarter of an hour: in the database, so that their limits hold over all nodes and
    /// restarts. `counter` is a keyed digest of what they are counted by: no name and no address can be read here.
    static let signInTries = Migration(
        number: 8, name: "sign-in tries",
        schema: """
            CREATE TABLE sign_in_try (
                counter BYTEA NOT NULL CHECK (LENGTH(counter) = 32),
                at BIGINT NOT NULL,
                mark BYTEA NOT NULL,
                PRIMARY KEY (counter, at, mark)
            );
            CREATE INDEX sign_in_try_at ON sign_in_try (at);

            """,
        own: [:], rows: { _ in [] })
}
