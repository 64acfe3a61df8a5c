import LatchkeyCore

extension Migration {
    /// What directories look for every day besides names: a mail address, and what changed since. And which service
    /// users belong to somebody who has left.
    static let directorySearch = Migration(
        number: 10, name: "directory search",
        schema: """
            CREATE TABLE directory_email (
                address_folded TEXT NOT NULL,
                user_id BIGINT NOT NULL REFERENCES user_account (id),
                PRIMARY KEY (address_folded, user_id)
            );
            CREATE INDEX directory_email_of_user ON directory_email (user_id);
            CREATE INDEX directory_person_changed ON directory_person (directory_id, changed_at)
                WHERE hidden_at IS NULL;
            CREATE INDEX user_account_deactivated ON user_account (id) WHERE deactivated_at IS NOT NULL;
            CREATE INDEX user_account_owned ON user_account (owner_id) WHERE owner_id IS NOT NULL;

            """, own: [:], rows: { _ in [] },
        fill: { db throws(Refusal) in
            var last: ID<User> = ID(0)
            while true {
                let people = try db.peopleWithEntry(after: last)
                for person in people { try db.setAddresses(of: person.user.id, person.addresses) }
                guard let end = people.last else { return }
                last = end.user.id
            }
        })
}
