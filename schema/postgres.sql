CREATE TABLE access_revocation (
    token_id bigint NOT NULL,
    nonce bytea NOT NULL,
    ends_at bigint NOT NULL,
    CONSTRAINT access_revocation_nonce_check CHECK ((length(nonce) = 16)),
    CONSTRAINT access_revocation_pkey PRIMARY KEY (token_id, nonce),
    CONSTRAINT access_revocation_token_id_fkey FOREIGN KEY (token_id) REFERENCES token(id)
);

CREATE INDEX access_revocation_end ON access_revocation USING btree (ends_at);

CREATE TABLE account_use (
    user_id bigint NOT NULL,
    at bigint NOT NULL,
    listed_at bigint NOT NULL DEFAULT 0,
    CONSTRAINT account_use_pkey PRIMARY KEY (user_id),
    CONSTRAINT account_use_user_id_fkey FOREIGN KEY (user_id) REFERENCES user_account(id)
);

CREATE INDEX account_use_listed ON account_use USING btree (listed_at, user_id);

CREATE TABLE activity_actor (
    day bigint NOT NULL,
    actor_id bigint NOT NULL,
    handle text COLLATE "C" NOT NULL,
    verb text COLLATE "C" NOT NULL,
    object_type text COLLATE "C" NOT NULL,
    events bigint NOT NULL,
    CONSTRAINT activity_actor_events_check CHECK ((events > 0)),
    CONSTRAINT activity_actor_pkey PRIMARY KEY (day, actor_id, handle, verb, object_type)
);

CREATE INDEX activity_actor_counts ON activity_actor USING btree (day, actor_id, handle, verb, object_type, events);

CREATE TABLE activity_day (
    day bigint NOT NULL,
    actor_id bigint NOT NULL,
    actor_handle text COLLATE "C" NOT NULL,
    verb text COLLATE "C" NOT NULL,
    outcome text COLLATE "C" NOT NULL,
    events bigint NOT NULL,
    CONSTRAINT activity_day_events_check CHECK ((events > 0)),
    CONSTRAINT activity_day_outcome_check CHECK ((outcome = ANY (ARRAY['done'::text, 'refused'::text]))),
    CONSTRAINT activity_day_pkey PRIMARY KEY (day, actor_id, actor_handle, verb, outcome)
);

CREATE TABLE activity_total (
    day bigint NOT NULL,
    is_automation bigint NOT NULL,
    verb text COLLATE "C" NOT NULL,
    object_type text COLLATE "C" NOT NULL,
    outcome text COLLATE "C" NOT NULL,
    events bigint NOT NULL,
    CONSTRAINT activity_total_events_check CHECK ((events > 0)),
    CONSTRAINT activity_total_is_automation_check CHECK ((is_automation = ANY (ARRAY[(0)::bigint, (1)::bigint]))),
    CONSTRAINT activity_total_outcome_check CHECK ((outcome = ANY (ARRAY['done'::text, 'refused'::text]))),
    CONSTRAINT activity_total_pkey PRIMARY KEY (day, is_automation, verb, object_type, outcome)
);

CREATE TABLE audit_event (
    seq bigint NOT NULL,
    at bigint NOT NULL,
    request_id text COLLATE "C",
    actor_id bigint,
    actor_handle text COLLATE "C" NOT NULL,
    actor_token_id bigint,
    address text COLLATE "C",
    user_agent text COLLATE "C",
    verb text COLLATE "C" NOT NULL,
    object_type text COLLATE "C" NOT NULL,
    object_id bigint NOT NULL,
    changes text COLLATE "C" NOT NULL,
    outcome text COLLATE "C" NOT NULL,
    CONSTRAINT audit_event_outcome_check CHECK ((outcome = ANY (ARRAY['done'::text, 'refused'::text]))),
    CONSTRAINT audit_event_pkey PRIMARY KEY (seq),
    CONSTRAINT audit_event_seq_check CHECK ((seq > 0))
);

CREATE INDEX audit_event_actor ON audit_event USING btree (actor_id, at, seq);

CREATE INDEX audit_event_address ON audit_event USING btree (address, at, seq);

CREATE INDEX audit_event_at ON audit_event USING btree (at, seq);

CREATE INDEX audit_event_object ON audit_event USING btree (object_type, object_id, at, seq);

CREATE INDEX audit_event_token ON audit_event USING btree (actor_token_id, at, seq);

CREATE INDEX audit_event_type ON audit_event USING btree (object_type, at, seq);

CREATE INDEX audit_event_verb ON audit_event USING btree (verb, at, seq);

CREATE TRIGGER audit_event_no_change BEFORE DELETE OR UPDATE ON audit_event FOR EACH ROW EXECUTE FUNCTION audit_event_refuse();

CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON audit_event FOR EACH STATEMENT EXECUTE FUNCTION audit_event_refuse();

CREATE TABLE changes (
    seq bigint NOT NULL,
    kind text COLLATE "C" NOT NULL,
    id bigint NOT NULL,
    CONSTRAINT changes_kind_check CHECK ((kind = ANY (ARRAY['token'::text, 'user'::text, 'team'::text, 'resource'::text, 'keys'::text]))),
    CONSTRAINT changes_pkey PRIMARY KEY (seq),
    CONSTRAINT changes_seq_check CHECK ((seq > 0))
);

CREATE TABLE directory_block (
    kind text COLLATE "C" NOT NULL,
    directory_id bigint NOT NULL,
    block bigint NOT NULL,
    held bigint NOT NULL,
    CONSTRAINT directory_block_held_check CHECK ((held >= 0)),
    CONSTRAINT directory_block_kind_check CHECK ((kind = ANY (ARRAY['person'::text, 'group'::text]))),
    CONSTRAINT directory_block_pkey PRIMARY KEY (kind, directory_id, block)
);

CREATE TABLE directory_email (
    address_folded text COLLATE "C" NOT NULL,
    user_id bigint NOT NULL,
    CONSTRAINT directory_email_pkey PRIMARY KEY (address_folded, user_id),
    CONSTRAINT directory_email_user_id_fkey FOREIGN KEY (user_id) REFERENCES user_account(id)
);

CREATE INDEX directory_email_of_user ON directory_email USING btree (user_id);

CREATE TABLE directory_fault (
    directory_id bigint NOT NULL,
    operation text COLLATE "C" NOT NULL,
    status bigint NOT NULL,
    detail text COLLATE "C" NOT NULL,
    token_id bigint NOT NULL,
    subject text COLLATE "C" NOT NULL,
    faults bigint NOT NULL,
    first_at bigint NOT NULL,
    last_at bigint NOT NULL,
    CONSTRAINT directory_fault_faults_check CHECK ((faults > 0)),
    CONSTRAINT directory_fault_pkey PRIMARY KEY (directory_id, operation, status, detail),
    CONSTRAINT directory_fault_token_id_fkey FOREIGN KEY (token_id) REFERENCES token(id)
);

CREATE INDEX directory_fault_last ON directory_fault USING btree (directory_id, last_at);

CREATE TABLE directory_group (
    team_id bigint NOT NULL,
    directory_id bigint NOT NULL,
    external_id text COLLATE "C",
    revision bigint NOT NULL,
    changed_at bigint NOT NULL,
    CONSTRAINT directory_group_pkey PRIMARY KEY (team_id),
    CONSTRAINT directory_group_revision_check CHECK ((revision > 0)),
    CONSTRAINT directory_group_team_id_fkey FOREIGN KEY (team_id) REFERENCES team(id)
);

CREATE UNIQUE INDEX directory_group_external ON directory_group USING btree (directory_id, external_id) WHERE (external_id IS NOT NULL);

CREATE INDEX directory_group_listed ON directory_group USING btree (directory_id, team_id);

CREATE TABLE directory_person (
    user_id bigint NOT NULL,
    directory_id bigint NOT NULL,
    external_id text COLLATE "C",
    user_name_folded text COLLATE "C" NOT NULL,
    display_name_folded text COLLATE "C" NOT NULL,
    attributes text COLLATE "C" NOT NULL,
    changed_at bigint NOT NULL,
    hidden_at bigint,
    CONSTRAINT directory_person_pkey PRIMARY KEY (user_id),
    CONSTRAINT directory_person_user_id_fkey FOREIGN KEY (user_id) REFERENCES user_account(id)
);

CREATE INDEX directory_person_changed ON directory_person USING btree (directory_id, changed_at) WHERE (hidden_at IS NULL);

CREATE INDEX directory_person_display ON directory_person USING btree (display_name_folded, user_id);

CREATE UNIQUE INDEX directory_person_external ON directory_person USING btree (directory_id, external_id) WHERE ((external_id IS NOT NULL) AND (hidden_at IS NULL));

CREATE INDEX directory_person_listed ON directory_person USING btree (directory_id, user_id) WHERE (hidden_at IS NULL);

CREATE UNIQUE INDEX directory_person_user_name ON directory_person USING btree (user_name_folded) WHERE (hidden_at IS NULL);

CREATE TABLE directory_sync (
    token_id bigint NOT NULL,
    began_at bigint NOT NULL,
    directory_id bigint NOT NULL,
    last_at bigint NOT NULL,
    people_created bigint NOT NULL,
    people_updated bigint NOT NULL,
    people_deactivated bigint NOT NULL,
    people_reactivated bigint NOT NULL,
    people_deleted bigint NOT NULL,
    groups_created bigint NOT NULL,
    groups_updated bigint NOT NULL,
    groups_deleted bigint NOT NULL,
    members_added bigint NOT NULL,
    members_removed bigint NOT NULL,
    CONSTRAINT directory_sync_pkey PRIMARY KEY (token_id, began_at),
    CONSTRAINT directory_sync_token_id_fkey FOREIGN KEY (token_id) REFERENCES token(id)
);

CREATE INDEX directory_sync_last ON directory_sync USING btree (last_at);

CREATE TABLE feed_mark (
    seq bigint NOT NULL,
    at bigint NOT NULL,
    CONSTRAINT feed_mark_pkey PRIMARY KEY (seq),
    CONSTRAINT feed_mark_seq_check CHECK ((seq > 0))
);

CREATE TABLE idempotent_reply (
    caller_id bigint NOT NULL,
    key text COLLATE "C" NOT NULL,
    fingerprint bytea NOT NULL,
    at bigint NOT NULL,
    sealed_reply bytea,
    CONSTRAINT idempotent_reply_caller_id_fkey FOREIGN KEY (caller_id) REFERENCES user_account(id),
    CONSTRAINT idempotent_reply_pkey PRIMARY KEY (caller_id, key)
);

CREATE INDEX idempotent_reply_at ON idempotent_reply USING btree (at);

CREATE TABLE identity_provider (
    id bigint NOT NULL,
    name text COLLATE "C" NOT NULL,
    name_folded text COLLATE "C" NOT NULL,
    issuer text COLLATE "C" NOT NULL,
    client_id text COLLATE "C" NOT NULL,
    sealed_secret bytea,
    scopes text COLLATE "C" NOT NULL,
    groups_claim text COLLATE "C",
    mail_domains text COLLATE "C" NOT NULL,
    makes_accounts bigint NOT NULL,
    turned_off_at bigint,
    created_at bigint NOT NULL,
    created_by bigint,
    version bigint NOT NULL,
    CONSTRAINT identity_provider_client_id_check CHECK ((client_id <> ''::text)),
    CONSTRAINT identity_provider_created_by_fkey FOREIGN KEY (created_by) REFERENCES user_account(id),
    CONSTRAINT identity_provider_id_check CHECK ((id > 0)),
    CONSTRAINT identity_provider_issuer_check CHECK ((issuer <> ''::text)),
    CONSTRAINT identity_provider_makes_accounts_check CHECK ((makes_accounts = ANY (ARRAY[(0)::bigint, (1)::bigint]))),
    CONSTRAINT identity_provider_name_check CHECK ((name <> ''::text)),
    CONSTRAINT identity_provider_pkey PRIMARY KEY (id),
    CONSTRAINT identity_provider_version_check CHECK ((version > 0))
);

CREATE UNIQUE INDEX identity_provider_issuer ON identity_provider USING btree (issuer);

CREATE UNIQUE INDEX identity_provider_name ON identity_provider USING btree (name_folded);

CREATE TABLE identity_provider_group (
    provider_id bigint NOT NULL,
    place bigint NOT NULL,
    group_name text COLLATE "C" NOT NULL,
    team_id bigint NOT NULL,
    CONSTRAINT identity_provider_group_pkey PRIMARY KEY (provider_id, place),
    CONSTRAINT identity_provider_group_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES identity_provider(id) ON DELETE CASCADE,
    CONSTRAINT identity_provider_group_team_id_fkey FOREIGN KEY (team_id) REFERENCES team(id) ON DELETE CASCADE
);

CREATE INDEX identity_provider_group_team ON identity_provider_group USING btree (team_id);

CREATE TABLE instance (
    name text COLLATE "C" NOT NULL,
    value text COLLATE "C" NOT NULL,
    CONSTRAINT instance_pkey PRIMARY KEY (name)
);

CREATE TABLE instance_day (
    day bigint NOT NULL,
    uses bigint NOT NULL,
    refusals bigint NOT NULL,
    CONSTRAINT instance_day_pkey PRIMARY KEY (day)
);

CREATE TABLE invitation (
    id bigint NOT NULL,
    digest bytea NOT NULL,
    digest_generation bigint NOT NULL,
    email text COLLATE "C" NOT NULL,
    email_folded text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    role text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    created_by bigint,
    expires_at bigint NOT NULL,
    accepted_at bigint,
    withdrawn_at bigint,
    CONSTRAINT invitation_created_by_fkey FOREIGN KEY (created_by) REFERENCES user_account(id),
    CONSTRAINT invitation_digest_check CHECK ((length(digest) = 32)),
    CONSTRAINT invitation_email_check CHECK ((email <> ''::text)),
    CONSTRAINT invitation_id_check CHECK ((id > 0)),
    CONSTRAINT invitation_name_check CHECK ((name <> ''::text)),
    CONSTRAINT invitation_pkey PRIMARY KEY (id),
    CONSTRAINT invitation_role_check CHECK ((role = ANY (ARRAY['Member'::text, 'Editor'::text, 'Manager'::text, 'Admin'::text])))
);

CREATE UNIQUE INDEX invitation_digest ON invitation USING btree (digest);

CREATE UNIQUE INDEX invitation_open ON invitation USING btree (email_folded) WHERE ((accepted_at IS NULL) AND (withdrawn_at IS NULL));

CREATE TABLE invitation_team (
    invitation_id bigint NOT NULL,
    team_id bigint NOT NULL,
    CONSTRAINT invitation_team_invitation_id_fkey FOREIGN KEY (invitation_id) REFERENCES invitation(id),
    CONSTRAINT invitation_team_pkey PRIMARY KEY (invitation_id, team_id)
);

CREATE TABLE migration (
    number bigint NOT NULL,
    name text COLLATE "C" NOT NULL,
    applied_at bigint NOT NULL,
    CONSTRAINT migration_pkey PRIMARY KEY (number)
);

CREATE TABLE password (
    user_id bigint NOT NULL,
    hash text COLLATE "C" NOT NULL,
    changed_at bigint NOT NULL,
    CONSTRAINT password_pkey PRIMARY KEY (user_id),
    CONSTRAINT password_user_id_fkey FOREIGN KEY (user_id) REFERENCES user_account(id)
);

CREATE TABLE recovery_code (
    user_id bigint NOT NULL,
    digest bytea NOT NULL,
    digest_generation bigint NOT NULL,
    CONSTRAINT recovery_code_digest_check CHECK ((length(digest) = 32)),
    CONSTRAINT recovery_code_pkey PRIMARY KEY (user_id, digest),
    CONSTRAINT recovery_code_user_id_fkey FOREIGN KEY (user_id) REFERENCES user_account(id)
);

CREATE TABLE resource (
    id bigint NOT NULL,
    kind text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    name_folded text COLLATE "C" NOT NULL,
    external_id text COLLATE "C",
    description text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    created_by bigint,
    version bigint NOT NULL,
    CONSTRAINT resource_created_by_fkey FOREIGN KEY (created_by) REFERENCES user_account(id),
    CONSTRAINT resource_id_check CHECK ((id > 0)),
    CONSTRAINT resource_kind_check CHECK ((kind <> ''::text)),
    CONSTRAINT resource_name_check CHECK ((name <> ''::text)),
    CONSTRAINT resource_pkey PRIMARY KEY (id),
    CONSTRAINT resource_version_check CHECK ((version > 0))
);

CREATE INDEX resource_folded ON resource USING btree (name_folded, id);

CREATE UNIQUE INDEX resource_name ON resource USING btree (kind, name);

CREATE TABLE second_factor (
    user_id bigint NOT NULL,
    sealed_secret bytea NOT NULL,
    created_at bigint NOT NULL,
    last_step bigint NOT NULL,
    CONSTRAINT second_factor_pkey PRIMARY KEY (user_id),
    CONSTRAINT second_factor_user_id_fkey FOREIGN KEY (user_id) REFERENCES user_account(id)
);

CREATE TABLE sequence (
    name text COLLATE "C" NOT NULL,
    next bigint NOT NULL,
    CONSTRAINT sequence_next_check CHECK ((next > 0)),
    CONSTRAINT sequence_pkey PRIMARY KEY (name)
);

CREATE TABLE session (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    digest bytea NOT NULL,
    digest_generation bigint NOT NULL,
    method text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    last_seen_at bigint NOT NULL,
    address text COLLATE "C",
    agent text COLLATE "C",
    ended_at bigint,
    CONSTRAINT session_digest_check CHECK ((length(digest) = 32)),
    CONSTRAINT session_id_check CHECK ((id > 0)),
    CONSTRAINT session_pkey PRIMARY KEY (id),
    CONSTRAINT session_user_id_fkey FOREIGN KEY (user_id) REFERENCES user_account(id)
);

CREATE INDEX session_created ON session USING btree (created_at);

CREATE UNIQUE INDEX session_digest ON session USING btree (digest);

CREATE INDEX session_of_user ON session USING btree (user_id, created_at);

CREATE TABLE sign_in_try (
    counter bytea NOT NULL,
    at bigint NOT NULL,
    mark bytea NOT NULL,
    CONSTRAINT sign_in_try_counter_check CHECK ((length(counter) = 32)),
    CONSTRAINT sign_in_try_pkey PRIMARY KEY (counter, at, mark)
);

CREATE INDEX sign_in_try_at ON sign_in_try USING btree (at);

CREATE TABLE team (
    id bigint NOT NULL,
    name text COLLATE "C" NOT NULL,
    name_folded text COLLATE "C" NOT NULL,
    description text COLLATE "C" NOT NULL,
    permission text COLLATE "C" NOT NULL,
    is_public bigint NOT NULL,
    created_at bigint NOT NULL,
    created_by bigint,
    version bigint NOT NULL,
    CONSTRAINT team_created_by_fkey FOREIGN KEY (created_by) REFERENCES user_account(id),
    CONSTRAINT team_id_check CHECK ((id > 0)),
    CONSTRAINT team_is_public_check CHECK ((is_public = ANY (ARRAY[(0)::bigint, (1)::bigint]))),
    CONSTRAINT team_name_check CHECK ((name <> ''::text)),
    CONSTRAINT team_permission_check CHECK ((permission = ANY (ARRAY['Reporter'::text, 'Viewer'::text, 'Drafter'::text, 'Author'::text, 'Editor'::text]))),
    CONSTRAINT team_pkey PRIMARY KEY (id),
    CONSTRAINT team_version_check CHECK ((version > 0))
);

CREATE INDEX team_created ON team USING btree (created_at, id);

CREATE UNIQUE INDEX team_name ON team USING btree (name_folded);

CREATE UNIQUE INDEX team_public ON team USING btree (is_public) WHERE (is_public = 1);

CREATE TABLE team_member (
    team_id bigint NOT NULL,
    user_id bigint NOT NULL,
    CONSTRAINT team_member_pkey PRIMARY KEY (team_id, user_id),
    CONSTRAINT team_member_team_id_fkey FOREIGN KEY (team_id) REFERENCES team(id),
    CONSTRAINT team_member_user_id_fkey FOREIGN KEY (user_id) REFERENCES user_account(id)
);

CREATE INDEX team_member_user ON team_member USING btree (user_id, team_id);

CREATE TABLE team_resource (
    team_id bigint NOT NULL,
    resource_id bigint NOT NULL,
    CONSTRAINT team_resource_pkey PRIMARY KEY (team_id, resource_id),
    CONSTRAINT team_resource_resource_id_fkey FOREIGN KEY (resource_id) REFERENCES resource(id),
    CONSTRAINT team_resource_team_id_fkey FOREIGN KEY (team_id) REFERENCES team(id)
);

CREATE INDEX team_resource_resource ON team_resource USING btree (resource_id, team_id);

CREATE TABLE token (
    id bigint NOT NULL,
    owner_id bigint NOT NULL,
    token_type text COLLATE "C" NOT NULL,
    is_scim_only bigint NOT NULL,
    name text COLLATE "C" NOT NULL,
    name_folded text COLLATE "C" NOT NULL,
    digest bytea NOT NULL,
    digest_generation bigint NOT NULL,
    hint text COLLATE "C" NOT NULL,
    signed_by text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    created_by bigint,
    expires_at bigint NOT NULL,
    narrowing text COLLATE "C",
    revoked_at bigint,
    revoked_by bigint,
    revoked_reason text COLLATE "C",
    deleted_at bigint,
    predecessor_id bigint,
    successor_id bigint,
    rotated_at bigint,
    overlap text COLLATE "C",
    proven_at bigint,
    retires_at bigint,
    aborted_at bigint,
    version bigint NOT NULL,
    CONSTRAINT token_check CHECK (((revoked_at IS NULL) = (revoked_reason IS NULL))),
    CONSTRAINT token_check1 CHECK (((successor_id IS NULL) = (rotated_at IS NULL))),
    CONSTRAINT token_check2 CHECK (((successor_id IS NULL) = (overlap IS NULL))),
    CONSTRAINT token_created_by_fkey FOREIGN KEY (created_by) REFERENCES user_account(id),
    CONSTRAINT token_digest_check CHECK ((length(digest) = 32)),
    CONSTRAINT token_id_check CHECK ((id > 0)),
    CONSTRAINT token_is_scim_only_check CHECK ((is_scim_only = ANY (ARRAY[(0)::bigint, (1)::bigint]))),
    CONSTRAINT token_name_check CHECK ((name <> ''::text)),
    CONSTRAINT token_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES user_account(id),
    CONSTRAINT token_pkey PRIMARY KEY (id),
    CONSTRAINT token_predecessor_id_fkey FOREIGN KEY (predecessor_id) REFERENCES token(id),
    CONSTRAINT token_revoked_by_fkey FOREIGN KEY (revoked_by) REFERENCES user_account(id),
    CONSTRAINT token_revoked_reason_check CHECK ((revoked_reason = ANY (ARRAY['unspecified'::text, 'compromised'::text, 'superseded'::text, 'cessation'::text, 'affiliation_changed'::text]))),
    CONSTRAINT token_successor_id_fkey FOREIGN KEY (successor_id) REFERENCES token(id),
    CONSTRAINT token_token_type_check CHECK ((token_type = ANY (ARRAY['Personal'::text, 'Service'::text]))),
    CONSTRAINT token_version_check CHECK ((version > 0))
);

CREATE INDEX token_created ON token USING btree (token_type, created_at, id, expires_at, revoked_at, deleted_at) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX token_digest ON token USING btree (digest);

CREATE INDEX token_expires ON token USING btree (token_type, expires_at, id, revoked_at, deleted_at) WHERE (deleted_at IS NULL);

CREATE INDEX token_folded ON token USING btree (token_type, name_folded, id, expires_at, revoked_at, deleted_at) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX token_name ON token USING btree (owner_id, name) WHERE (deleted_at IS NULL);

CREATE INDEX token_owner ON token USING btree (owner_id, created_at, id) WHERE (deleted_at IS NULL);

CREATE INDEX token_retires ON token USING btree (retires_at) WHERE ((retires_at IS NOT NULL) AND (revoked_at IS NULL));

CREATE INDEX token_revoked ON token USING btree (id) WHERE (revoked_at IS NOT NULL);

CREATE INDEX token_scim ON token USING btree (is_scim_only, created_at, id) WHERE ((is_scim_only = 1) AND (deleted_at IS NULL));

CREATE TABLE token_day (
    token_id bigint NOT NULL,
    day bigint NOT NULL,
    uses bigint NOT NULL,
    refusals bigint NOT NULL,
    CONSTRAINT token_day_pkey PRIMARY KEY (token_id, day),
    CONSTRAINT token_day_token_id_fkey FOREIGN KEY (token_id) REFERENCES token(id)
);

CREATE TABLE token_tally (
    counted_by text COLLATE "C" NOT NULL,
    token_type text COLLATE "C" NOT NULL,
    is_revoked bigint NOT NULL,
    day bigint NOT NULL,
    tokens bigint NOT NULL,
    CONSTRAINT token_tally_counted_by_check CHECK ((counted_by = ANY (ARRAY['end'::text, 'use'::text]))),
    CONSTRAINT token_tally_is_revoked_check CHECK ((is_revoked = ANY (ARRAY[(0)::bigint, (1)::bigint]))),
    CONSTRAINT token_tally_pkey PRIMARY KEY (counted_by, token_type, is_revoked, day)
);

CREATE TABLE token_use (
    token_id bigint NOT NULL,
    owner_id bigint NOT NULL,
    token_type text COLLATE "C" NOT NULL,
    is_deleted bigint NOT NULL,
    at bigint NOT NULL,
    address text COLLATE "C",
    agent text COLLATE "C",
    route text COLLATE "C",
    expires_at bigint NOT NULL DEFAULT 0,
    revoked_at bigint,
    listed_at bigint NOT NULL DEFAULT 0,
    CONSTRAINT token_use_is_deleted_check CHECK ((is_deleted = ANY (ARRAY[(0)::bigint, (1)::bigint]))),
    CONSTRAINT token_use_pkey PRIMARY KEY (token_id),
    CONSTRAINT token_use_token_id_fkey FOREIGN KEY (token_id) REFERENCES token(id)
);

CREATE INDEX token_use_end ON token_use USING btree (token_type, expires_at, token_id) WHERE (is_deleted = 0);

CREATE INDEX token_use_late ON token_use USING btree (token_type, listed_at, token_id, revoked_at, is_deleted) WHERE ((is_deleted = 0) AND (listed_at > revoked_at));

CREATE INDEX token_use_listed ON token_use USING btree (token_type, listed_at, token_id, expires_at, revoked_at, is_deleted) WHERE (is_deleted = 0);

CREATE TRIGGER token_use_added AFTER INSERT ON token_use FOR EACH ROW EXECUTE FUNCTION token_use_count();

CREATE TRIGGER token_use_changed AFTER UPDATE OF listed_at, is_deleted, revoked_at ON token_use FOR EACH ROW WHEN (((old.is_deleted <> new.is_deleted) OR ((old.revoked_at IS NULL) <> (new.revoked_at IS NULL)) OR ((old.listed_at / 86400000) <> (new.listed_at / 86400000)))) EXECUTE FUNCTION token_use_count();

CREATE TABLE trusted_issuer (
    token_id bigint NOT NULL,
    issuer text COLLATE "C" NOT NULL,
    audience text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    claims text COLLATE "C" NOT NULL,
    lifetime_seconds bigint NOT NULL,
    CONSTRAINT trusted_issuer_audience_check CHECK ((audience <> ''::text)),
    CONSTRAINT trusted_issuer_issuer_check CHECK ((issuer <> ''::text)),
    CONSTRAINT trusted_issuer_lifetime_seconds_check CHECK (((lifetime_seconds >= 300) AND (lifetime_seconds <= 3600))),
    CONSTRAINT trusted_issuer_pkey PRIMARY KEY (token_id),
    CONSTRAINT trusted_issuer_subject_check CHECK ((subject <> ''::text)),
    CONSTRAINT trusted_issuer_token_id_fkey FOREIGN KEY (token_id) REFERENCES token(id)
);

CREATE INDEX trusted_issuer_issuer ON trusted_issuer USING btree (issuer, token_id);

CREATE TABLE usage_count (
    token_id bigint NOT NULL,
    hour bigint NOT NULL,
    method text COLLATE "C" NOT NULL,
    route text COLLATE "C" NOT NULL,
    address text COLLATE "C" NOT NULL,
    agent text COLLATE "C" NOT NULL,
    outcome text COLLATE "C" NOT NULL,
    uses bigint NOT NULL,
    first_at bigint NOT NULL,
    last_at bigint NOT NULL,
    CONSTRAINT usage_count_outcome_check CHECK ((outcome = ANY (ARRAY['allowed'::text, 'denied'::text, 'refused'::text, 'failed'::text]))),
    CONSTRAINT usage_count_pkey PRIMARY KEY (token_id, hour, method, route, address, agent, outcome),
    CONSTRAINT usage_count_token_id_fkey FOREIGN KEY (token_id) REFERENCES token(id),
    CONSTRAINT usage_count_uses_check CHECK ((uses > 0))
);

CREATE TABLE user_account (
    id bigint NOT NULL,
    user_type text COLLATE "C" NOT NULL,
    handle text COLLATE "C" NOT NULL,
    user_name text COLLATE "C" NOT NULL,
    email text COLLATE "C",
    name text COLLATE "C" NOT NULL,
    name_folded text COLLATE "C" NOT NULL,
    role text COLLATE "C" NOT NULL,
    role_rank bigint NOT NULL,
    purpose text COLLATE "C",
    owner_id bigint,
    created_at bigint NOT NULL,
    created_by bigint,
    deactivated_at bigint,
    last_login_at bigint NOT NULL DEFAULT 0,
    is_break_glass bigint NOT NULL,
    version bigint NOT NULL,
    teams bigint NOT NULL DEFAULT 0,
    CONSTRAINT user_account_created_by_fkey FOREIGN KEY (created_by) REFERENCES user_account(id),
    CONSTRAINT user_account_handle_check CHECK ((handle <> ''::text)),
    CONSTRAINT user_account_id_check CHECK ((id > 0)),
    CONSTRAINT user_account_is_break_glass_check CHECK ((is_break_glass = ANY (ARRAY[(0)::bigint, (1)::bigint]))),
    CONSTRAINT user_account_name_check CHECK ((name <> ''::text)),
    CONSTRAINT user_account_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES user_account(id),
    CONSTRAINT user_account_pkey PRIMARY KEY (id),
    CONSTRAINT user_account_role_check CHECK ((role = ANY (ARRAY['Member'::text, 'Editor'::text, 'Manager'::text, 'Admin'::text]))),
    CONSTRAINT user_account_role_rank_check CHECK (((role_rank >= 0) AND (role_rank <= 3))),
    CONSTRAINT user_account_user_type_check CHECK ((user_type = ANY (ARRAY['Human'::text, 'Service'::text]))),
    CONSTRAINT user_account_version_check CHECK ((version > 0))
);

CREATE INDEX user_account_active ON user_account USING btree (user_type, role_rank) WHERE (deactivated_at IS NULL);

CREATE INDEX user_account_active_admin ON user_account USING btree (id) WHERE ((role = 'Admin'::text) AND (deactivated_at IS NULL));

CREATE INDEX user_account_created ON user_account USING btree (created_at, id, deactivated_at, user_type, role_rank);

CREATE INDEX user_account_deactivated ON user_account USING btree (id) WHERE (deactivated_at IS NOT NULL);

CREATE UNIQUE INDEX user_account_handle ON user_account USING btree (handle);

CREATE INDEX user_account_last_login ON user_account USING btree (last_login_at, id, deactivated_at, user_type, role_rank);

CREATE INDEX user_account_name ON user_account USING btree (name_folded, id, deactivated_at, user_type, role_rank, handle);

CREATE INDEX user_account_owned ON user_account USING btree (owner_id) WHERE (owner_id IS NOT NULL);

CREATE INDEX user_account_ownerless ON user_account USING btree (user_type, created_at, id) WHERE ((deactivated_at IS NULL) AND (owner_id IS NULL));

CREATE INDEX user_account_purposeless ON user_account USING btree (user_type, created_at, id) WHERE ((deactivated_at IS NULL) AND (purpose IS NULL));

CREATE INDEX user_account_role ON user_account USING btree (role_rank, id, deactivated_at, user_type);

CREATE INDEX user_account_teams ON user_account USING btree (teams, name_folded, id, deactivated_at, user_type, role_rank);

CREATE INDEX user_account_type ON user_account USING btree (user_type, id, deactivated_at, role_rank);

CREATE TABLE user_identity (
    issuer text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    user_id bigint NOT NULL,
    linked_at bigint NOT NULL,
    linked_by bigint,
    CONSTRAINT user_identity_issuer_check CHECK ((issuer <> ''::text)),
    CONSTRAINT user_identity_linked_by_fkey FOREIGN KEY (linked_by) REFERENCES user_account(id),
    CONSTRAINT user_identity_pkey PRIMARY KEY (issuer, subject),
    CONSTRAINT user_identity_subject_check CHECK ((subject <> ''::text)),
    CONSTRAINT user_identity_user_id_fkey FOREIGN KEY (user_id) REFERENCES user_account(id)
);

CREATE INDEX user_identity_user ON user_identity USING btree (user_id, issuer);

CREATE TABLE workload_token_use (
    issuer text COLLATE "C" NOT NULL,
    fingerprint bytea NOT NULL,
    forgettable_from bigint NOT NULL,
    CONSTRAINT workload_token_use_fingerprint_check CHECK ((length(fingerprint) = 32)),
    CONSTRAINT workload_token_use_pkey PRIMARY KEY (issuer, fingerprint)
);

CREATE INDEX workload_token_use_end ON workload_token_use USING btree (forgettable_from);
