CREATE TABLE access_revocation (
    token_id INTEGER NOT NULL REFERENCES token (id),
    nonce BLOB NOT NULL CHECK (LENGTH(nonce) = 16),
    ends_at INTEGER NOT NULL,
    PRIMARY KEY (token_id, nonce)
) STRICT;

CREATE INDEX access_revocation_end ON access_revocation (ends_at);

CREATE TABLE account_use (
    user_id INTEGER PRIMARY KEY NOT NULL REFERENCES user_account (id),
    at INTEGER NOT NULL
, listed_at INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE INDEX account_use_listed ON account_use (listed_at, user_id);

CREATE TABLE activity_actor (
    day INTEGER NOT NULL,
    actor_id INTEGER NOT NULL,
    handle TEXT NOT NULL,
    verb TEXT NOT NULL,
    object_type TEXT NOT NULL,
    events INTEGER NOT NULL CHECK (events > 0),
    PRIMARY KEY (day, actor_id, handle, verb, object_type)
) STRICT;

CREATE INDEX activity_actor_counts ON activity_actor (day, actor_id, handle, verb, object_type, events);

CREATE TABLE activity_day (
    day INTEGER NOT NULL,
    actor_id INTEGER NOT NULL,
    actor_handle TEXT NOT NULL,
    verb TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('done', 'refused')),
    events INTEGER NOT NULL CHECK (events > 0),
    PRIMARY KEY (day, actor_id, actor_handle, verb, outcome)
) STRICT;

CREATE TABLE activity_total (
    day INTEGER NOT NULL,
    is_automation INTEGER NOT NULL CHECK (is_automation IN (0, 1)),
    verb TEXT NOT NULL,
    object_type TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('done', 'refused')),
    events INTEGER NOT NULL CHECK (events > 0),
    PRIMARY KEY (day, is_automation, verb, object_type, outcome)
) STRICT;

CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event
BEGIN SELECT RAISE(ABORT, 'audit_event cannot be deleted'); END;

CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event
BEGIN SELECT RAISE(ABORT, 'audit_event cannot be changed'); END;

CREATE TABLE audit_event (
    seq INTEGER PRIMARY KEY NOT NULL CHECK (seq > 0),
    at INTEGER NOT NULL,
    request_id TEXT,
    actor_id INTEGER,
    actor_handle TEXT NOT NULL,
    actor_token_id INTEGER,
    address TEXT,
    user_agent TEXT,
    verb TEXT NOT NULL,
    object_type TEXT NOT NULL,
    object_id INTEGER NOT NULL,
    changes TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('done', 'refused'))
) STRICT;

CREATE INDEX audit_event_actor ON audit_event (actor_id, at, seq);

CREATE INDEX audit_event_address ON audit_event (address, at, seq);

CREATE INDEX audit_event_at ON audit_event (at, seq);

CREATE INDEX audit_event_object ON audit_event (object_type, object_id, at, seq);

CREATE INDEX audit_event_token ON audit_event (actor_token_id, at, seq);

CREATE INDEX audit_event_type ON audit_event (object_type, at, seq);

CREATE INDEX audit_event_verb ON audit_event (verb, at, seq);

CREATE TABLE changes (
    seq INTEGER PRIMARY KEY NOT NULL CHECK (seq > 0),
    kind TEXT NOT NULL CHECK (kind IN ('token', 'user', 'team', 'resource', 'keys')),
    id INTEGER NOT NULL
) STRICT;

CREATE TABLE directory_block (
    kind TEXT NOT NULL CHECK (kind IN ('person', 'group')),
    directory_id INTEGER NOT NULL,
    block INTEGER NOT NULL,
    held INTEGER NOT NULL CHECK (held >= 0),
    PRIMARY KEY (kind, directory_id, block)
) STRICT;

CREATE TABLE directory_email (
    address_folded TEXT NOT NULL,
    user_id INTEGER NOT NULL REFERENCES user_account (id),
    PRIMARY KEY (address_folded, user_id)
) STRICT;

CREATE INDEX directory_email_of_user ON directory_email (user_id);

CREATE TABLE directory_fault (
    directory_id INTEGER NOT NULL,
    operation TEXT NOT NULL,
    status INTEGER NOT NULL,
    detail TEXT NOT NULL,
    token_id INTEGER NOT NULL REFERENCES token (id),
    subject TEXT NOT NULL,
    faults INTEGER NOT NULL CHECK (faults > 0),
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (directory_id, operation, status, detail)
) STRICT;

CREATE INDEX directory_fault_last ON directory_fault (directory_id, last_at);

CREATE TABLE directory_group (
    team_id INTEGER PRIMARY KEY NOT NULL REFERENCES team (id),
    directory_id INTEGER NOT NULL,
    external_id TEXT,
    revision INTEGER NOT NULL CHECK (revision > 0),
    changed_at INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX directory_group_external ON directory_group (directory_id, external_id)
    WHERE external_id IS NOT NULL;

CREATE INDEX directory_group_listed ON directory_group (directory_id, team_id);

CREATE TABLE directory_person (
    user_id INTEGER PRIMARY KEY NOT NULL REFERENCES user_account (id),
    directory_id INTEGER NOT NULL,
    external_id TEXT,
    user_name_folded TEXT NOT NULL,
    display_name_folded TEXT NOT NULL,
    attributes TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    hidden_at INTEGER
) STRICT;

CREATE INDEX directory_person_changed ON directory_person (directory_id, changed_at)
    WHERE hidden_at IS NULL;

CREATE INDEX directory_person_display ON directory_person (display_name_folded, user_id);

CREATE UNIQUE INDEX directory_person_external ON directory_person (directory_id, external_id)
    WHERE external_id IS NOT NULL AND hidden_at IS NULL;

CREATE INDEX directory_person_listed ON directory_person (directory_id, user_id) WHERE hidden_at IS NULL;

CREATE UNIQUE INDEX directory_person_user_name ON directory_person (user_name_folded)
    WHERE hidden_at IS NULL;

CREATE TABLE directory_sync (
    token_id INTEGER NOT NULL REFERENCES token (id),
    began_at INTEGER NOT NULL,
    directory_id INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    people_created INTEGER NOT NULL,
    people_updated INTEGER NOT NULL,
    people_deactivated INTEGER NOT NULL,
    people_reactivated INTEGER NOT NULL,
    people_deleted INTEGER NOT NULL,
    groups_created INTEGER NOT NULL,
    groups_updated INTEGER NOT NULL,
    groups_deleted INTEGER NOT NULL,
    members_added INTEGER NOT NULL,
    members_removed INTEGER NOT NULL,
    PRIMARY KEY (token_id, began_at)
) STRICT;

CREATE INDEX directory_sync_last ON directory_sync (last_at);

CREATE TABLE feed_mark (
    seq INTEGER PRIMARY KEY NOT NULL CHECK (seq > 0),
    at INTEGER NOT NULL
) STRICT;

CREATE TABLE idempotent_reply (
    caller_id INTEGER NOT NULL REFERENCES user_account (id),
    key TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    at INTEGER NOT NULL,
    sealed_reply BLOB,
    PRIMARY KEY (caller_id, key)
) STRICT;

CREATE INDEX idempotent_reply_at ON idempotent_reply (at);

CREATE TABLE identity_provider (
    id INTEGER PRIMARY KEY NOT NULL CHECK (id > 0),
    name TEXT NOT NULL CHECK (name <> ''),
    name_folded TEXT NOT NULL,
    issuer TEXT NOT NULL CHECK (issuer <> ''),
    client_id TEXT NOT NULL CHECK (client_id <> ''),
    sealed_secret BLOB,
    scopes TEXT NOT NULL,
    groups_claim TEXT,
    mail_domains TEXT NOT NULL,
    makes_accounts INTEGER NOT NULL CHECK (makes_accounts IN (0, 1)),
    turned_off_at INTEGER,
    created_at INTEGER NOT NULL,
    created_by INTEGER REFERENCES user_account (id),
    version INTEGER NOT NULL CHECK (version > 0)
) STRICT;

CREATE UNIQUE INDEX identity_provider_issuer ON identity_provider (issuer);

CREATE UNIQUE INDEX identity_provider_name ON identity_provider (name_folded);

CREATE TABLE identity_provider_group (
    provider_id INTEGER NOT NULL REFERENCES identity_provider (id) ON DELETE CASCADE,
    place INTEGER NOT NULL,
    group_name TEXT NOT NULL,
    team_id INTEGER NOT NULL REFERENCES team (id) ON DELETE CASCADE,
    PRIMARY KEY (provider_id, place)
) STRICT;

CREATE INDEX identity_provider_group_team ON identity_provider_group (team_id);

CREATE TABLE instance (
    name TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE instance_day (
    day INTEGER PRIMARY KEY NOT NULL,
    uses INTEGER NOT NULL,
    refusals INTEGER NOT NULL
) STRICT;

CREATE TABLE invitation (
    id INTEGER PRIMARY KEY NOT NULL CHECK (id > 0),
    digest BLOB NOT NULL CHECK (LENGTH(digest) = 32),
    digest_generation INTEGER NOT NULL,
    email TEXT NOT NULL CHECK (email <> ''),
    email_folded TEXT NOT NULL,
    name TEXT NOT NULL CHECK (name <> ''),
    role TEXT NOT NULL CHECK (role IN ('Member', 'Editor', 'Manager', 'Admin')),
    created_at INTEGER NOT NULL,
    created_by INTEGER REFERENCES user_account (id),
    expires_at INTEGER NOT NULL,
    accepted_at INTEGER,
    withdrawn_at INTEGER
) STRICT;

CREATE UNIQUE INDEX invitation_digest ON invitation (digest);

CREATE UNIQUE INDEX invitation_open ON invitation (email_folded)
    WHERE accepted_at IS NULL AND withdrawn_at IS NULL;

CREATE TABLE invitation_team (
    invitation_id INTEGER NOT NULL REFERENCES invitation (id),
    team_id INTEGER NOT NULL,
    PRIMARY KEY (invitation_id, team_id)
) STRICT;

CREATE TABLE migration (
    number INTEGER PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    applied_at INTEGER NOT NULL
) STRICT;

CREATE TABLE password (
    user_id INTEGER PRIMARY KEY NOT NULL REFERENCES user_account (id),
    hash TEXT NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;

CREATE TABLE recovery_code (
    user_id INTEGER NOT NULL REFERENCES user_account (id),
    digest BLOB NOT NULL CHECK (LENGTH(digest) = 32),
    digest_generation INTEGER NOT NULL,
    PRIMARY KEY (user_id, digest)
) STRICT;

CREATE TABLE resource (
    id INTEGER PRIMARY KEY NOT NULL CHECK (id > 0),
    kind TEXT NOT NULL CHECK (kind <> ''),
    name TEXT NOT NULL CHECK (name <> ''),
    name_folded TEXT NOT NULL,
    external_id TEXT,
    description TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by INTEGER REFERENCES user_account (id),
    version INTEGER NOT NULL CHECK (version > 0)
) STRICT;

CREATE INDEX resource_folded ON resource (name_folded, id);

CREATE UNIQUE INDEX resource_name ON resource (kind, name);

CREATE TABLE second_factor (
    user_id INTEGER PRIMARY KEY NOT NULL REFERENCES user_account (id),
    sealed_secret BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    last_step INTEGER NOT NULL
) STRICT;

CREATE TABLE sequence (
    name TEXT PRIMARY KEY NOT NULL,
    next INTEGER NOT NULL CHECK (next > 0)
) STRICT;

CREATE TABLE session (
    id INTEGER PRIMARY KEY NOT NULL CHECK (id > 0),
    user_id INTEGER NOT NULL REFERENCES user_account (id),
    digest BLOB NOT NULL CHECK (LENGTH(digest) = 32),
    digest_generation INTEGER NOT NULL,
    method TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    address TEXT,
    agent TEXT,
    ended_at INTEGER
) STRICT;

CREATE INDEX session_created ON session (created_at);

CREATE UNIQUE INDEX session_digest ON session (digest);

CREATE INDEX session_of_user ON session (user_id, created_at);

CREATE TABLE sign_in_try (
    counter BLOB NOT NULL CHECK (LENGTH(counter) = 32),
    at INTEGER NOT NULL,
    mark BLOB NOT NULL,
    PRIMARY KEY (counter, at, mark)
) STRICT;

CREATE INDEX sign_in_try_at ON sign_in_try (at);

CREATE TABLE team (
    id INTEGER PRIMARY KEY NOT NULL CHECK (id > 0),
    name TEXT NOT NULL CHECK (name <> ''),
    name_folded TEXT NOT NULL,
    description TEXT NOT NULL,
    permission TEXT NOT NULL CHECK (permission IN ('Reporter', 'Viewer', 'Drafter', 'Author', 'Editor')),
    is_public INTEGER NOT NULL CHECK (is_public IN (0, 1)),
    created_at INTEGER NOT NULL,
    created_by INTEGER REFERENCES user_account (id),
    version INTEGER NOT NULL CHECK (version > 0)
) STRICT;

CREATE INDEX team_created ON team (created_at, id);

CREATE UNIQUE INDEX team_name ON team (name_folded);

CREATE UNIQUE INDEX team_public ON team (is_public) WHERE is_public = 1;

CREATE TABLE team_member (
    team_id INTEGER NOT NULL REFERENCES team (id),
    user_id INTEGER NOT NULL REFERENCES user_account (id),
    PRIMARY KEY (team_id, user_id)
) STRICT;

CREATE INDEX team_member_user ON team_member (user_id, team_id);

CREATE TABLE team_resource (
    team_id INTEGER NOT NULL REFERENCES team (id),
    resource_id INTEGER NOT NULL REFERENCES resource (id),
    PRIMARY KEY (team_id, resource_id)
) STRICT;

CREATE INDEX team_resource_resource ON team_resource (resource_id, team_id);

CREATE TABLE token (
    id INTEGER PRIMARY KEY NOT NULL CHECK (id > 0),
    owner_id INTEGER NOT NULL REFERENCES user_account (id),
    token_type TEXT NOT NULL CHECK (token_type IN ('Personal', 'Service')),
    is_scim_only INTEGER NOT NULL CHECK (is_scim_only IN (0, 1)),
    name TEXT NOT NULL CHECK (name <> ''),
    name_folded TEXT NOT NULL,
    digest BLOB NOT NULL CHECK (LENGTH(digest) = 32),
    digest_generation INTEGER NOT NULL,
    hint TEXT NOT NULL,
    signed_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by INTEGER REFERENCES user_account (id),
    expires_at INTEGER NOT NULL,
    narrowing TEXT,
    revoked_at INTEGER,
    revoked_by INTEGER REFERENCES user_account (id),
    revoked_reason TEXT CHECK (revoked_reason IN
        ('unspecified', 'compromised', 'superseded', 'cessation', 'affiliation_changed')),
    deleted_at INTEGER,
    predecessor_id INTEGER REFERENCES token (id),
    successor_id INTEGER REFERENCES token (id),
    rotated_at INTEGER,
    overlap TEXT,
    proven_at INTEGER,
    retires_at INTEGER,
    aborted_at INTEGER,
    version INTEGER NOT NULL CHECK (version > 0),
    CHECK ((revoked_at IS NULL) = (revoked_reason IS NULL)),
    CHECK ((successor_id IS NULL) = (rotated_at IS NULL)),
    CHECK ((successor_id IS NULL) = (overlap IS NULL))
) STRICT;

CREATE INDEX token_created ON token (token_type, created_at, id, expires_at, revoked_at, deleted_at)
WHERE deleted_at IS NULL;

CREATE UNIQUE INDEX token_digest ON token (digest);

CREATE INDEX token_expires ON token (token_type, expires_at, id, revoked_at, deleted_at)
WHERE deleted_at IS NULL;

CREATE INDEX token_folded ON token (token_type, name_folded, id, expires_at, revoked_at, deleted_at)
WHERE deleted_at IS NULL;

CREATE UNIQUE INDEX token_name ON token (owner_id, name) WHERE deleted_at IS NULL;

CREATE INDEX token_owner ON token (owner_id, created_at, id) WHERE deleted_at IS NULL;

CREATE INDEX token_retires ON token (retires_at) WHERE retires_at IS NOT NULL AND revoked_at IS NULL;

CREATE INDEX token_revoked ON token (id) WHERE revoked_at IS NOT NULL;

CREATE INDEX token_scim ON token (is_scim_only, created_at, id) WHERE is_scim_only = 1 AND deleted_at IS NULL;

CREATE TABLE token_day (
    token_id INTEGER NOT NULL REFERENCES token (id),
    day INTEGER NOT NULL,
    uses INTEGER NOT NULL,
    refusals INTEGER NOT NULL,
    PRIMARY KEY (token_id, day)
) STRICT;

CREATE TABLE token_tally (
    counted_by TEXT NOT NULL CHECK (counted_by IN ('end', 'use')),
    token_type TEXT NOT NULL,
    is_revoked INTEGER NOT NULL CHECK (is_revoked IN (0, 1)),
    day INTEGER NOT NULL,
    tokens INTEGER NOT NULL,
    PRIMARY KEY (counted_by, token_type, is_revoked, day)
) STRICT;

CREATE TRIGGER token_use_added AFTER INSERT ON token_use
BEGIN
    INSERT INTO token_tally (counted_by, token_type, is_revoked, day, tokens)
SELECT v.counted_by, NEW.token_type, CASE WHEN NEW.revoked_at IS NULL THEN 0 ELSE 1 END, v.day, 1
FROM (SELECT 'end' AS counted_by, NEW.expires_at / 86400000 AS day
    UNION ALL SELECT 'use', NEW.listed_at / 86400000) AS v
WHERE NEW.is_deleted = 0
ON CONFLICT (counted_by, token_type, is_revoked, day)
DO UPDATE SET tokens = token_tally.tokens + excluded.tokens;
END;

CREATE TRIGGER token_use_changed AFTER UPDATE OF listed_at, is_deleted, revoked_at ON token_use
WHEN OLD.is_deleted <> NEW.is_deleted OR (OLD.revoked_at IS NULL) <> (NEW.revoked_at IS NULL)
    OR OLD.listed_at / 86400000 <> NEW.listed_at / 86400000
BEGIN
    INSERT INTO token_tally (counted_by, token_type, is_revoked, day, tokens)
SELECT v.counted_by, OLD.token_type, CASE WHEN OLD.revoked_at IS NULL THEN 0 ELSE 1 END, v.day, -1
FROM (SELECT 'end' AS counted_by, OLD.expires_at / 86400000 AS day
    UNION ALL SELECT 'use', OLD.listed_at / 86400000) AS v
WHERE OLD.is_deleted = 0
ON CONFLICT (counted_by, token_type, is_revoked, day)
DO UPDATE SET tokens = token_tally.tokens + excluded.tokens;
    INSERT INTO token_tally (counted_by, token_type, is_revoked, day, tokens)
SELECT v.counted_by, NEW.token_type, CASE WHEN NEW.revoked_at IS NULL THEN 0 ELSE 1 END, v.day, 1
FROM (SELECT 'end' AS counted_by, NEW.expires_at / 86400000 AS day
    UNION ALL SELECT 'use', NEW.listed_at / 86400000) AS v
WHERE NEW.is_deleted = 0
ON CONFLICT (counted_by, token_type, is_revoked, day)
DO UPDATE SET tokens = token_tally.tokens + excluded.tokens;
END;

CREATE TABLE token_use (
    token_id INTEGER PRIMARY KEY NOT NULL REFERENCES token (id),
    owner_id INTEGER NOT NULL,
    token_type TEXT NOT NULL,
    is_deleted INTEGER NOT NULL CHECK (is_deleted IN (0, 1)),
    at INTEGER NOT NULL,
    address TEXT,
    agent TEXT,
    route TEXT
, expires_at INTEGER NOT NULL DEFAULT 0, revoked_at INTEGER, listed_at INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE INDEX token_use_end ON token_use (token_type, expires_at, token_id) WHERE is_deleted = 0;

CREATE INDEX token_use_late ON token_use (token_type, listed_at, token_id, revoked_at, is_deleted)
WHERE is_deleted = 0 AND listed_at > revoked_at;

CREATE INDEX token_use_listed ON token_use (token_type, listed_at, token_id, expires_at, revoked_at, is_deleted)
WHERE is_deleted = 0;

CREATE TABLE trusted_issuer (
    token_id INTEGER PRIMARY KEY NOT NULL REFERENCES token (id),
    issuer TEXT NOT NULL CHECK (issuer <> ''),
    audience TEXT NOT NULL CHECK (audience <> ''),
    subject TEXT NOT NULL CHECK (subject <> ''),
    claims TEXT NOT NULL,
    lifetime_seconds INTEGER NOT NULL CHECK (lifetime_seconds BETWEEN 300 AND 3600)
) STRICT;

CREATE INDEX trusted_issuer_issuer ON trusted_issuer (issuer, token_id);

CREATE TABLE usage_count (
    token_id INTEGER NOT NULL REFERENCES token (id),
    hour INTEGER NOT NULL,
    method TEXT NOT NULL,
    route TEXT NOT NULL,
    address TEXT NOT NULL,
    agent TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('allowed', 'denied', 'refused', 'failed')),
    uses INTEGER NOT NULL CHECK (uses > 0),
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (token_id, hour, method, route, address, agent, outcome)
) STRICT;

CREATE TABLE user_account (
    id INTEGER PRIMARY KEY NOT NULL CHECK (id > 0),
    user_type TEXT NOT NULL CHECK (user_type IN ('Human', 'Service')),
    handle TEXT NOT NULL CHECK (handle <> ''),
    user_name TEXT NOT NULL,
    email TEXT,
    name TEXT NOT NULL CHECK (name <> ''),
    name_folded TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('Member', 'Editor', 'Manager', 'Admin')),
    role_rank INTEGER NOT NULL CHECK (role_rank BETWEEN 0 AND 3),
    purpose TEXT,
    owner_id INTEGER REFERENCES user_account (id),
    created_at INTEGER NOT NULL,
    created_by INTEGER REFERENCES user_account (id),
    deactivated_at INTEGER,
    last_login_at INTEGER NOT NULL DEFAULT 0,
    is_break_glass INTEGER NOT NULL CHECK (is_break_glass IN (0, 1)),
    version INTEGER NOT NULL CHECK (version > 0)
, teams INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE INDEX user_account_active ON user_account (user_type, role_rank) WHERE deactivated_at IS NULL;

CREATE INDEX user_account_active_admin ON user_account (id) WHERE role = 'Admin' AND deactivated_at IS NULL;

CREATE INDEX user_account_created ON user_account (created_at, id, deactivated_at, user_type, role_rank);

CREATE INDEX user_account_deactivated ON user_account (id) WHERE deactivated_at IS NOT NULL;

CREATE UNIQUE INDEX user_account_handle ON user_account (handle);

CREATE INDEX user_account_last_login ON user_account (last_login_at, id, deactivated_at, user_type, role_rank);

CREATE INDEX user_account_name ON user_account (name_folded, id, deactivated_at, user_type, role_rank, handle);

CREATE INDEX user_account_owned ON user_account (owner_id) WHERE owner_id IS NOT NULL;

CREATE INDEX user_account_ownerless ON user_account (user_type, created_at, id)
WHERE deactivated_at IS NULL AND owner_id IS NULL;

CREATE INDEX user_account_purposeless ON user_account (user_type, created_at, id)
WHERE deactivated_at IS NULL AND purpose IS NULL;

CREATE INDEX user_account_role ON user_account (role_rank, id, deactivated_at, user_type);

CREATE INDEX user_account_teams ON user_account (teams, name_folded, id, deactivated_at, user_type, role_rank);

CREATE INDEX user_account_type ON user_account (user_type, id, deactivated_at, role_rank);

CREATE TABLE user_identity (
    issuer TEXT NOT NULL CHECK (issuer <> ''),
    subject TEXT NOT NULL CHECK (subject <> ''),
    user_id INTEGER NOT NULL REFERENCES user_account (id),
    linked_at INTEGER NOT NULL,
    linked_by INTEGER REFERENCES user_account (id),
    PRIMARY KEY (issuer, subject)
) STRICT;

CREATE INDEX user_identity_user ON user_identity (user_id, issuer);

CREATE TABLE workload_token_use (
    issuer TEXT NOT NULL,
    fingerprint BLOB NOT NULL CHECK (LENGTH(fingerprint) = 32),
    forgettable_from INTEGER NOT NULL,
    PRIMARY KEY (issuer, fingerprint)
) STRICT;

CREATE INDEX workload_token_use_end ON workload_token_use (forgettable_from);
