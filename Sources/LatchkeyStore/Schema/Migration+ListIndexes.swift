extension Migration {
    /// Indexes of lists that hold what narrows a list besides what orders it.
    ///
    /// A walk that passes over half a million rows to a page in the middle, or to the few that fit a filter, stays
    /// within the index: some hundredths of a second, where a look at each row took seconds. `deleted_at` and
    /// `is_deleted` are always the same there; SQLite needs them to know that the index says it all.
    static let listIndexes = Migration(
        number: 11, name: "list indexes", schema: tokenLists + userLists + activityLists + totals, own: [:],
        rows: { _ in [] })

    private static let tokenLists = """
        DROP INDEX token_created;
        DROP INDEX token_expires;
        DROP INDEX token_folded;
        DROP INDEX token_use_at;
        DROP INDEX token_use_late;
        CREATE INDEX token_created ON token (token_type, created_at, id, expires_at, revoked_at, deleted_at)
        WHERE deleted_at IS NULL;
        CREATE INDEX token_expires ON token (token_type, expires_at, id, revoked_at, deleted_at)
        WHERE deleted_at IS NULL;
        CREATE INDEX token_folded ON token (token_type, name_folded, id, expires_at, revoked_at, deleted_at)
        WHERE deleted_at IS NULL;
        CREATE INDEX token_scim ON token (is_scim_only, created_at, id) WHERE is_scim_only = 1 AND deleted_at IS NULL;
        CREATE INDEX token_use_at ON token_use (token_type, at, token_id, expires_at, revoked_at, is_deleted)
        WHERE is_deleted = 0;
        CREATE INDEX token_use_late ON token_use (token_type, at, token_id, revoked_at, is_deleted)
        WHERE is_deleted = 0 AND at > revoked_at;

        """

    /// `teams` counts the rows of `team_member`, by which a list is ordered: `Public` is not among them.
    private static let userLists = """
        ALTER TABLE user_account ADD COLUMN teams BIGINT NOT NULL DEFAULT 0;
        UPDATE user_account SET teams = (SELECT COUNT(*) FROM team_member m WHERE m.user_id = user_account.id);
        DROP INDEX user_account_created;
        DROP INDEX user_account_last_login;
        DROP INDEX user_account_name;
        DROP INDEX user_account_role;
        DROP INDEX user_account_type;
        CREATE INDEX user_account_created ON user_account (created_at, id, deactivated_at, user_type, role_rank);
        CREATE INDEX user_account_last_login ON user_account (last_login_at, id, deactivated_at, user_type, role_rank);
        CREATE INDEX user_account_name ON user_account (name_folded, id, deactivated_at, user_type, role_rank, handle);
        CREATE INDEX user_account_role ON user_account (role_rank, id, deactivated_at, user_type);
        CREATE INDEX user_account_teams ON user_account (teams, name_folded, id, deactivated_at, user_type, role_rank);
        CREATE INDEX user_account_type ON user_account (user_type, id, deactivated_at, role_rank);

        """

    /// Every one of them by the moment, so that what is narrowed to a span of time reads that span alone.
    private static let activityLists = """
        DROP INDEX audit_event_actor;
        DROP INDEX audit_event_object;
        DROP INDEX audit_event_token;
        DROP INDEX audit_event_verb;
        CREATE INDEX audit_event_actor ON audit_event (actor_id, at, seq);
        CREATE INDEX audit_event_address ON audit_event (address, at, seq);
        CREATE INDEX audit_event_object ON audit_event (object_type, object_id, at, seq);
        CREATE INDEX audit_event_token ON audit_event (actor_token_id, at, seq);
        CREATE INDEX audit_event_type ON audit_event (object_type, at, seq);
        CREATE INDEX audit_event_verb ON audit_event (verb, at, seq);

        """

    /// Days counted without their actors, who are thousands, and actors without what became of it: what a page of the
    /// log adds up over a month. `handle` names those who are no account, whose `actor_id` is 0.
    private static let totals = """
        CREATE TABLE activity_total (
            day BIGINT NOT NULL,
            is_automation BIGINT NOT NULL CHECK (is_automation IN (0, 1)),
            verb TEXT NOT NULL,
            object_type TEXT NOT NULL,
            outcome TEXT NOT NULL CHECK (outcome IN ('done', 'refused')),
            events BIGINT NOT NULL CHECK (events > 0),
            PRIMARY KEY (day, is_automation, verb, object_type, outcome)
        );
        CREATE TABLE activity_actor (
            day BIGINT NOT NULL,
            actor_id BIGINT NOT NULL,
            handle TEXT NOT NULL,
            verb TEXT NOT NULL,
            object_type TEXT NOT NULL,
            events BIGINT NOT NULL CHECK (events > 0),
            PRIMARY KEY (day, actor_id, handle, verb, object_type)
        );
        INSERT INTO activity_total (day, is_automation, verb, object_type, outcome, events)
        SELECT e.at / 86400000, CASE WHEN u.user_type = 'Service'
            OR (u.user_type IS NULL AND e.actor_handle LIKE 'job:%') THEN 1 ELSE 0 END,
            e.verb, e.object_type, e.outcome, COUNT(*)
        FROM audit_event e LEFT JOIN user_account u ON u.id = e.actor_id GROUP BY 1, 2, 3, 4, 5;
        INSERT INTO activity_actor (day, actor_id, handle, verb, object_type, events)
        SELECT e.at / 86400000, COALESCE(e.actor_id, 0), CASE WHEN e.actor_id IS NULL THEN e.actor_handle ELSE '' END,
            e.verb, e.object_type, COUNT(*)
        FROM audit_event e GROUP BY 1, 2, 3, 4, 5;
        CREATE INDEX activity_actor_counts ON activity_actor (day, actor_id, handle, verb, object_type, events);

        """
}
