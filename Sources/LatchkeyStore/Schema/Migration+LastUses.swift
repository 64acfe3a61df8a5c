extension Migration {
    /// Last uses in narrow tables of their own.
    ///
    /// Each use of a token moves its last use, ten thousand at a time; in the wide rows of tokens and accounts that
    /// wrote nearly every page of them every other second. Each token and each account has its row from the start, so
    /// that lists ordered by last use walk an index. Owner, kind and deletion are copied from the token: the first two
    /// never change, and ``WriteTransaction`` keeps the third.
    static let lastUses = Migration(
        number: 2, name: "last uses", schema: lastUseTables + lastUseMove, own: [:], rows: { _ in [] })

    private static let lastUseTables = """
        CREATE TABLE token_use (
            token_id BIGINT PRIMARY KEY NOT NULL REFERENCES token (id),
            owner_id BIGINT NOT NULL,
            token_type TEXT NOT NULL,
            is_deleted BIGINT NOT NULL CHECK (is_deleted IN (0, 1)),
            at BIGINT NOT NULL,
            address TEXT,
            agent TEXT,
            route TEXT
        );
        CREATE TABLE account_use (
            user_id BIGINT PRIMARY KEY NOT NULL REFERENCES user_account (id),
            at BIGINT NOT NULL
        );

        """

    private static let lastUseMove = """
        INSERT INTO token_use (token_id, owner_id, token_type, is_deleted, at, address, agent, route)
        SELECT id, owner_id, token_type, CASE WHEN deleted_at IS NULL THEN 0 ELSE 1 END, last_used_at,
            last_used_address, last_used_agent, last_used_route
        FROM token ORDER BY id;
        INSERT INTO account_use (user_id, at) SELECT id, last_used_at FROM user_account ORDER BY id;
        DROP INDEX token_last_used;
        ALTER TABLE token DROP COLUMN last_used_at;
        ALTER TABLE token DROP COLUMN last_used_address;
        ALTER TABLE token DROP COLUMN last_used_agent;
        ALTER TABLE token DROP COLUMN last_used_route;
        DROP INDEX user_account_last_used;
        ALTER TABLE user_account DROP COLUMN last_used_at;
        CREATE INDEX token_use_at ON token_use (token_type, at, token_id) WHERE is_deleted = 0;
        CREATE INDEX account_use_at ON account_use (at, user_id);

        """
}
