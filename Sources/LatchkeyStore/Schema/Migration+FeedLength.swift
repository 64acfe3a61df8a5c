extension Migration {
    /// How far the change feed was when, so that its old entries can go; and the tokens that were revoked, by number,
    /// for whoever begins to follow revocations.
    static let feedLength = Migration(
        number: 12, name: "feed length",
        schema: """
            CREATE TABLE feed_mark (
                seq BIGINT PRIMARY KEY NOT NULL CHECK (seq > 0),
                at BIGINT NOT NULL
            );
            CREATE INDEX token_revoked ON token (id) WHERE revoked_at IS NOT NULL;

            """,
        own: [:], rows: { _ in [] })
}
