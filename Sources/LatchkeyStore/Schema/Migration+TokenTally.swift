extension Migration {
    /// Tokens counted by the day on which they end and by the day of their last use, kept by the database itself.
    ///
    /// Counting a million rows takes a tenth of a second; adding up some hundred days takes none, and the rest of one
    /// day is counted row by row. Triggers, because they cannot be forgotten: every row of `token_use` that comes or
    /// changes is counted in its own transaction. Days are numbered from 1970; "never ends" falls into a day of its
    /// own at the end of time, and "never used" into the first.
    static let tokenTally = Migration(
        number: 7, name: "token tally", schema: tallyTables + tallyRows,
        own: [.sqlite: sqliteTallyTriggers, .postgres: postgresTallyTriggers], rows: { _ in [] })

    private static let tallyTables = """
        CREATE TABLE token_tally (
            counted_by TEXT NOT NULL CHECK (counted_by IN ('end', 'use')),
            token_type TEXT NOT NULL,
            is_revoked BIGINT NOT NULL CHECK (is_revoked IN (0, 1)),
            day BIGINT NOT NULL,
            tokens BIGINT NOT NULL,
            PRIMARY KEY (counted_by, token_type, is_revoked, day)
        );
        ALTER TABLE token_use ADD COLUMN expires_at BIGINT NOT NULL DEFAULT 0;
        ALTER TABLE token_use ADD COLUMN revoked_at BIGINT;

        """

    private static let tallyRows = """
        UPDATE token_use SET expires_at = (SELECT t.expires_at FROM token t WHERE t.id = token_use.token_id),
            revoked_at = (SELECT t.revoked_at FROM token t WHERE t.id = token_use.token_id);
        INSERT INTO token_tally (counted_by, token_type, is_revoked, day, tokens)
        SELECT 'end', token_type, CASE WHEN revoked_at IS NULL THEN 0 ELSE 1 END, expires_at / 86400000, COUNT(*)
        FROM token_use WHERE is_deleted = 0 GROUP BY 1, 2, 3, 4;
        INSERT INTO token_tally (counted_by, token_type, is_revoked, day, tokens)
        SELECT 'use', token_type, CASE WHEN revoked_at IS NULL THEN 0 ELSE 1 END, at / 86400000, COUNT(*)
        FROM token_use WHERE is_deleted = 0 GROUP BY 1, 2, 3, 4;
        CREATE INDEX token_use_end ON token_use (token_type, expires_at, token_id) WHERE is_deleted = 0;
        CREATE INDEX token_use_late ON token_use (token_type, at, token_id) WHERE is_deleted = 0 AND at > revoked_at;
        CREATE INDEX user_account_active ON user_account (user_type, role_rank) WHERE deactivated_at IS NULL;
        CREATE INDEX user_account_ownerless ON user_account (user_type, created_at, id)
        WHERE deactivated_at IS NULL AND owner_id IS NULL;
        CREATE INDEX user_account_purposeless ON user_account (user_type, created_at, id)
        WHERE deactivated_at IS NULL AND purpose IS NULL;

        """

    private static let sqliteTallyTriggers = """
        CREATE TRIGGER token_use_added AFTER INSERT ON token_use
        BEGIN
            \(count("NEW", by: 1))
        END;
        CREATE TRIGGER token_use_changed AFTER UPDATE ON token_use
        WHEN OLD.is_deleted <> NEW.is_deleted OR (OLD.revoked_at IS NULL) <> (NEW.revoked_at IS NULL)
            OR OLD.at / 86400000 <> NEW.at / 86400000
        BEGIN
            \(count("OLD", by: -1))
            \(count("NEW", by: 1))
        END;
        """

    private static let postgresTallyTriggers = """
        CREATE FUNCTION token_use_count() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' THEN
                \(count("OLD", by: -1))
            END IF;
            \(count("NEW", by: 1))
            RETURN NULL;
        END $$;
        CREATE TRIGGER token_use_added AFTER INSERT ON token_use
        FOR EACH ROW EXECUTE FUNCTION token_use_count();
        CREATE TRIGGER token_use_changed AFTER UPDATE ON token_use FOR EACH ROW
        WHEN (OLD.is_deleted <> NEW.is_deleted OR (OLD.revoked_at IS NULL) <> (NEW.revoked_at IS NULL)
            OR OLD.at / 86400000 <> NEW.at / 86400000)
        EXECUTE FUNCTION token_use_count();
        """

    /// Adds a row of `token_use` to the tally, or takes it from there; its last use is the moment in this column.
    static func count(_ row: String, by step: Int, usedAt column: String = "at") -> String {
        """
        INSERT INTO token_tally (counted_by, token_type, is_revoked, day, tokens)
        SELECT v.counted_by, \(row).token_type, CASE WHEN \(row).revoked_at IS NULL THEN 0 ELSE 1 END, v.day, \(step)
        FROM (SELECT 'end' AS counted_by, \(row).expires_at / 86400000 AS day
            UNION ALL SELECT 'use', \(row).\(column) / 86400000) AS v
        WHERE \(row).is_deleted = 0
        ON CONFLICT (counted_by, token_type, is_revoked, day)
        DO UPDATE SET tokens = token_tally.tokens + excluded.tokens;
        """
    }
}
