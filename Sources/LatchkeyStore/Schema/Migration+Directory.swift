import LatchkeyCore

extension Migration {
    /// What directories keep beside people and teams, and what is told of their syncs.
    ///
    /// `directory_id` is the account whose tokens keep a person or a team in step, and 0 while none does. Break-glass
    /// Admins, service users and `Public` have no row here and so are in no directory's reach.
    static let directory = Migration(
        number: 5, name: "directory", schema: entries + syncs, own: [:],
        rows: { _ in
            [
                """
                INSERT INTO directory_group (team_id, directory_id, revision, changed_at)
                SELECT id, 0, 1, created_at FROM team WHERE is_public = 0
                """,
                """
                INSERT INTO directory_block (kind, directory_id, block, held)
                SELECT 'group', 0, team_id / 1024, COUNT(*) FROM directory_group GROUP BY team_id / 1024
                """,
            ]
        },
        fill: { db throws(Refusal) in
            for user in try db.peopleWithoutEntry() { try db.insertEntry(of: user) }
        })

    private static let entries = """
        CREATE TABLE directory_person (
            user_id BIGINT PRIMARY KEY NOT NULL REFERENCES user_account (id),
            directory_id BIGINT NOT NULL,
            external_id TEXT,
            user_name_folded TEXT NOT NULL,
            display_name_folded TEXT NOT NULL,
            attributes TEXT NOT NULL,
            changed_at BIGINT NOT NULL,
            hidden_at BIGINT
        );
        CREATE UNIQUE INDEX directory_person_user_name ON directory_person (user_name_folded)
            WHERE hidden_at IS NULL;
        CREATE UNIQUE INDEX directory_person_external ON directory_person (directory_id, external_id)
            WHERE external_id IS NOT NULL AND hidden_at IS NULL;
        CREATE INDEX directory_person_listed ON directory_person (directory_id, user_id) WHERE hidden_at IS NULL;
        CREATE INDEX directory_person_display ON directory_person (display_name_folded, user_id);
        CREATE TABLE directory_group (
            team_id BIGINT PRIMARY KEY NOT NULL REFERENCES team (id),
            directory_id BIGINT NOT NULL,
            external_id TEXT,
            revision BIGINT NOT NULL CHECK (revision > 0),
            changed_at BIGINT NOT NULL
        );
        CREATE UNIQUE INDEX directory_group_external ON directory_group (directory_id, external_id)
            WHERE external_id IS NOT NULL;
        CREATE INDEX directory_group_listed ON directory_group (directory_id, team_id);
        CREATE TABLE directory_block (
            kind TEXT NOT NULL CHECK (kind IN ('person', 'group')),
            directory_id BIGINT NOT NULL,
            block BIGINT NOT NULL,
            held BIGINT NOT NULL CHECK (held >= 0),
            PRIMARY KEY (kind, directory_id, block)
        );

        """

    private static let syncs = """
        CREATE TABLE directory_sync (
            token_id BIGINT NOT NULL REFERENCES token (id),
            began_at BIGINT NOT NULL,
            directory_id BIGINT NOT NULL,
            last_at BIGINT NOT NULL,
            people_created BIGINT NOT NULL,
            people_updated BIGINT NOT NULL,
            people_deactivated BIGINT NOT NULL,
            people_reactivated BIGINT NOT NULL,
            people_deleted BIGINT NOT NULL,
            groups_created BIGINT NOT NULL,
            groups_updated BIGINT NOT NULL,
            groups_deleted BIGINT NOT NULL,
            members_added BIGINT NOT NULL,
            members_removed BIGINT NOT NULL,
            PRIMARY KEY (token_id, began_at)
        );
        CREATE INDEX directory_sync_last ON directory_sync (last_at);
        CREATE TABLE directory_fault (
            directory_id BIGINT NOT NULL,
            operation TEXT NOT NULL,
            status BIGINT NOT NULL,
            detail TEXT NOT NULL,
            token_id BIGINT NOT NULL REFERENCES token (id),
            subject TEXT NOT NULL,
            faults BIGINT NOT NULL CHECK (faults > 0),
            first_at BIGINT NOT NULL,
            last_at BIGINT NOT NULL,
            PRIMARY KEY (directory_id, operation, status, detail)
        );
        CREATE INDEX directory_fault_last ON directory_fault (directory_id, last_at);

        """
}
