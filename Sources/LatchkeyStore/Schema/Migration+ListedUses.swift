extension Migration {
    /// Last uses as lists and counts know them, beside last uses as they are.
    ///
    /// Moving an entry of an index costs several times what the row costs. Where very many tokens are used all the
    /// time, `at` is written by itself, in no index and under no trigger (on PostgreSQL a heap-only update), and
    /// `listed_at` follows later. It is never beyond `at`.
    static let listedUses = Migration(
        number: 13, name: "listed uses", schema: listedColumns,
        own: [
            .sqlite: listedRows + listedIndexes + sqliteListedTriggers,
            .postgres: postgresRoom + listedRows + listedIndexes + postgresListedTriggers,
        ], rows: { _ in [] })

    private static let listedColumns = """
        ALTER TABLE token_use ADD COLUMN listed_at BIGINT NOT NULL DEFAULT 0;
        ALTER TABLE account_use ADD COLUMN listed_at BIGINT NOT NULL DEFAULT 0;

        """

    /// A heap-only update needs room in the row's own page: without it three in a hundred were that at most, in a trial
    /// with 200,000 rows, and rounds of updates made the table larger and took five times as long.
    private static let postgresRoom = """
        ALTER TABLE token_use SET (fillfactor = 70);
        ALTER TABLE account_use SET (fillfactor = 70);

        """

    private static let listedRows = """
        UPDATE token_use SET listed_at = at WHERE at <> 0;
        UPDATE account_use SET listed_at = at WHERE at <> 0;

        """

    private static let listedIndexes = """
        DROP INDEX token_use_at;
        DROP INDEX token_use_late;
        DROP INDEX account_use_at;
        CREATE INDEX token_use_listed ON token_use (token_type, listed_at, token_id, expires_at, revoked_at, is_deleted)
        WHERE is_deleted = 0;
        CREATE INDEX token_use_late ON token_use (token_type, listed_at, token_id, revoked_at, is_deleted)
        WHERE is_deleted = 0 AND listed_at > revoked_at;
        CREATE INDEX account_use_listed ON account_use (listed_at, user_id);

        """

    /// The days of the tally stay what they are: so far the two moments are the same.
    private static let sqliteListedTriggers = """
        DROP TRIGGER token_use_added;
        DROP TRIGGER token_use_changed;
        CREATE TRIGGER token_use_added AFTER INSERT ON token_use
        BEGIN
            \(countListed("NEW", by: 1))
        END;
        CREATE TRIGGER token_use_changed AFTER UPDATE OF listed_at, is_deleted, revoked_at ON token_use
        WHEN OLD.is_deleted <> NEW.is_deleted OR (OLD.revoked_at IS NULL) <> (NEW.revoked_at IS NULL)
            OR OLD.listed_at / 86400000 <> NEW.listed_at / 86400000
        BEGIN
            \(countListed("OLD", by: -1))
            \(countListed("NEW", by: 1))
        END;
        """

    private static let postgresListedTriggers = """
        CREATE OR REPLACE FUNCTION token_use_count() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' THEN
                \(countListed("OLD", by: -1))
            END IF;
            \(countListed("NEW", by: 1))
            RETURN NULL;
        END $$;
        DROP TRIGGER token_use_changed ON token_use;
        CREATE TRIGGER token_use_changed AFTER UPDATE OF listed_at, is_deleted, revoked_at ON token_use FOR EACH ROW
        WHEN (OLD.is_deleted <> NEW.is_deleted OR (OLD.revoked_at IS NULL) <> (NEW.revoked_at IS NULL)
            OR OLD.listed_at / 86400000 <> NEW.listed_at / 86400000)
        EXECUTE FUNCTION token_use_count();
        """

    private static func countListed(_ row: String, by step: Int) -> String {
        count(row, by: step, usedAt: "listed_at")
    }
}
