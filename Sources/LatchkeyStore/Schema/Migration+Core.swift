import LatchkeyCore

extension Migration {
    /// Users, teams, resources, tokens, the audit log, usage, the change feed.
    ///
    /// Times are milliseconds since 1970. Where lists are sorted by a moment that may never have come, "never" is a
    /// number, because the engines disagree about where NULL sorts: 0 for a use or log-in, and the largest integer
    /// for an expiry.
    static let core = Migration(
        number: 1, name: "core", schema: accounts + tokens + logs,
        own: [.sqlite: sqliteAuditGuard, .postgres: postgresAuditGuard],
        rows: { now in
            [
                "INSERT INTO sequence (name, next) VALUES ('object', 2), ('token', 1)",
                """
                INSERT INTO team (id, name, name_folded, description, permission, is_public, created_at, version)
                VALUES (1, \(Team.publicName), \(Team.publicName.folded), 'Everyone.', 'Viewer', 1, \(now), 1)
                """,
            ]
        })

    private static let accounts = """
        CREATE TABLE instance (
            name TEXT PRIMARY KEY NOT NULL,
            value TEXT NOT NULL
        );
        CREATE TABLE sequence (
            name TEXT PRIMARY KEY NOT NULL,
            next BIGINT NOT NULL CHECK (next > 0)
        );
        CREATE TABLE user_account (
            id BIGINT PRIMARY KEY NOT NULL CHECK (id > 0),
            user_type TEXT NOT NULL CHECK (user_type IN ('Human', 'Service')),
            handle TEXT NOT NULL CHECK (handle <> ''),
            user_name TEXT NOT NULL,
            email TEXT,
            name TEXT NOT NULL CHECK (name <> ''),
            name_folded TEXT NOT NULL,
            role TEXT NOT NULL CHECK (role IN ('Member', 'Editor', 'Manager', 'Admin')),
            role_rank BIGINT NOT NULL CHECK (role_rank BETWEEN 0 AND 3),
            purpose TEXT,
            owner_id BIGINT REFERENCES user_account (id),
            created_at BIGINT NOT NULL,
            created_by BIGINT REFERENCES user_account (id),
            deactivated_at BIGINT,
            last_login_at BIGINT NOT NULL DEFAULT 0,
            last_used_at BIGINT NOT NULL DEFAULT 0,
            is_break_glass BIGINT NOT NULL CHECK (is_break_glass IN (0, 1)),
            version BIGINT NOT NULL CHECK (version > 0)
        );
        CREATE UNIQUE INDEX user_account_handle ON user_account (handle);
        CREATE INDEX user_account_created ON user_account (created_at, id);
        CREATE INDEX user_account_name ON user_account (name_folded, id);
        CREATE INDEX user_account_role ON user_account (role_rank, id);
        CREATE INDEX user_account_type ON user_account (user_type, id);
        CREATE INDEX user_account_last_login ON user_account (last_login_at, id);
        CREATE INDEX user_account_last_used ON user_account (last_used_at, id);
        CREATE INDEX user_account_active_admin ON user_account (id) WHERE role = 'Admin' AND deactivated_at IS NULL;
        CREATE TABLE team (
            id BIGINT PRIMARY KEY NOT NULL CHECK (id > 0),
            name TEXT NOT NULL CHECK (name <> ''),
            name_folded TEXT NOT NULL,
            description TEXT NOT NULL,
            permission TEXT NOT NULL CHECK (permission IN ('Reporter', 'Viewer', 'Drafter', 'Author', 'Editor')),
            is_public BIGINT NOT NULL CHECK (is_public IN (0, 1)),
            created_at BIGINT NOT NULL,
            created_by BIGINT REFERENCES user_account (id),
            version BIGINT NOT NULL CHECK (version > 0)
        );
        CREATE UNIQUE INDEX team_name ON team (name_folded);
        CREATE UNIQUE INDEX team_public ON team (is_public) WHERE is_public = 1;
        CREATE INDEX team_created ON team (created_at, id);
        CREATE TABLE team_member (
            team_id BIGINT NOT NULL REFERENCES team (id),
            user_id BIGINT NOT NULL REFERENCES user_account (id),
            PRIMARY KEY (team_id, user_id)
        );
        CREATE INDEX team_member_user ON team_member (user_id, team_id);
        CREATE TABLE resource (
            id BIGINT PRIMARY KEY NOT NULL CHECK (id > 0),
            kind TEXT NOT NULL CHECK (kind <> ''),
            name TEXT NOT NULL CHECK (name <> ''),
            name_folded TEXT NOT NULL,
            external_id TEXT,
            description TEXT NOT NULL,
            created_at BIGINT NOT NULL,
            created_by BIGINT REFERENCES user_account (id),
            version BIGINT NOT NULL CHECK (version > 0)
        );
        CREATE UNIQUE INDEX resource_name ON resource (kind, name);
        CREATE INDEX resource_folded ON resource (name_folded, id);
        CREATE TABLE team_resource (
            team_id BIGINT NOT NULL REFERENCES team (id),
            resource_id BIGINT NOT NULL REFERENCES resource (id),
            PRIMARY KEY (team_id, resource_id)
        );
        CREATE INDEX team_resource_resource ON team_resource (resource_id, team_id);

        """

    private static let tokens = """
        CREATE TABLE token (
            id BIGINT PRIMARY KEY NOT NULL CHECK (id > 0),
            owner_id BIGINT NOT NULL REFERENCES user_account (id),
            token_type TEXT NOT NULL CHECK (token_type IN ('Personal', 'Service')),
            is_scim_only BIGINT NOT NULL CHECK (is_scim_only IN (0, 1)),
            name TEXT NOT NULL CHECK (name <> ''),
            name_folded TEXT NOT NULL,
            digest BYTEA NOT NULL CHECK (LENGTH(digest) = 32),
            digest_generation BIGINT NOT NULL,
            hint TEXT NOT NULL,
            signed_by TEXT NOT NULL,
            created_at BIGINT NOT NULL,
            created_by BIGINT REFERENCES user_account (id),
            expires_at BIGINT NOT NULL,
            narrowing TEXT,
            revoked_at BIGINT,
            revoked_by BIGINT REFERENCES user_account (id),
            revoked_reason TEXT CHECK (revoked_reason IN
                ('unspecified', 'compromised', 'superseded', 'cessation', 'affiliation_changed')),
            deleted_at BIGINT,
            predecessor_id BIGINT REFERENCES token (id),
            successor_id BIGINT REFERENCES token (id),
            rotated_at BIGINT,
            overlap TEXT,
            proven_at BIGINT,
            retires_at BIGINT,
            aborted_at BIGINT,
            last_used_at BIGINT NOT NULL DEFAULT 0,
            last_used_address TEXT,
            last_used_agent TEXT,
            last_used_route TEXT,
            version BIGINT NOT NULL CHECK (version > 0),
            CHECK ((revoked_at IS NULL) = (revoked_reason IS NULL)),
            CHECK ((successor_id IS NULL) = (rotated_at IS NULL)),
            CHECK ((successor_id IS NULL) = (overlap IS NULL))
        );
        CREATE UNIQUE INDEX token_digest ON token (digest);
        CREATE UNIQUE INDEX token_name ON token (owner_id, name) WHERE deleted_at IS NULL;
        CREATE INDEX token_owner ON token (owner_id, created_at, id) WHERE deleted_at IS NULL;
        CREATE INDEX token_created ON token (token_type, created_at, id) WHERE deleted_at IS NULL;
        CREATE INDEX token_folded ON token (token_type, name_folded, id) WHERE deleted_at IS NULL;
        CREATE INDEX token_expires ON token (token_type, expires_at, id) WHERE deleted_at IS NULL;
        CREATE INDEX token_last_used ON token (token_type, last_used_at, id) WHERE deleted_at IS NULL;
        CREATE INDEX token_retires ON token (retires_at) WHERE retires_at IS NOT NULL AND revoked_at IS NULL;

        """

    private static let logs = """
        CREATE TABLE audit_event (
            seq BIGINT PRIMARY KEY NOT NULL CHECK (seq > 0),
            at BIGINT NOT NULL,
            request_id TEXT,
            actor_id BIGINT,
            actor_handle TEXT NOT NULL,
            actor_token_id BIGINT,
            address TEXT,
            user_agent TEXT,
            verb TEXT NOT NULL,
            object_type TEXT NOT NULL,
            object_id BIGINT NOT NULL,
            changes TEXT NOT NULL,
            outcome TEXT NOT NULL CHECK (outcome IN ('done', 'refused'))
        );
        CREATE INDEX audit_event_object ON audit_event (object_type, object_id, seq);
        CREATE INDEX audit_event_actor ON audit_event (actor_id, seq);
        CREATE INDEX audit_event_token ON audit_event (actor_token_id, seq);
        CREATE INDEX audit_event_verb ON audit_event (verb, seq);
        CREATE INDEX audit_event_at ON audit_event (at, seq);
        CREATE TABLE changes (
            seq BIGINT PRIMARY KEY NOT NULL CHECK (seq > 0),
            kind TEXT NOT NULL CHECK (kind IN ('token', 'user', 'team', 'resource', 'keys')),
            id BIGINT NOT NULL
        );
        CREATE TABLE usage_count (
            token_id BIGINT NOT NULL REFERENCES token (id),
            hour BIGINT NOT NULL,
            method TEXT NOT NULL,
            route TEXT NOT NULL,
            address TEXT NOT NULL,
            agent TEXT NOT NULL,
            outcome TEXT NOT NULL CHECK (outcome IN ('allowed', 'denied', 'refused', 'failed')),
            uses BIGINT NOT NULL CHECK (uses > 0),
            first_at BIGINT NOT NULL,
            last_at BIGINT NOT NULL,
            PRIMARY KEY (token_id, hour, method, route, address, agent, outcome)
        );
        CREATE TABLE idempotent_reply (
            caller_id BIGINT NOT NULL REFERENCES user_account (id),
            key TEXT NOT NULL,
            fingerprint BYTEA NOT NULL,
            at BIGINT NOT NULL,
            sealed_reply BYTEA,
            PRIMARY KEY (caller_id, key)
        );
        CREATE INDEX idempotent_reply_at ON idempotent_reply (at);

        """
}
