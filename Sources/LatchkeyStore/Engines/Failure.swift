import LatchkeyCore

extension Failure {
    init(storage words: String) {
        self.init(kind: .storage, refusal: .unavailable(words, retryAfter: .seconds(5)))
    }

    /// A statement that no input should be able to break; the log has it.
    static let unexpected = Failure(
        kind: .rule, refusal: .unavailable("The database refused a statement; see the log.", retryAfter: .seconds(5)))

    /// What a broken rule of the schema means. The use cases check these first and word them better; what comes here
    /// slipped between their look and their write.
    ///
    /// `rule` holds a constraint's or index's name (PostgreSQL) or its columns (SQLite).
    static func words(forRule rule: String) -> String {
        let known: [(mark: String, words: String)] = [
            ("audit_event", "Events of the audit log cannot be changed."),
            ("user_account.handle", "This handle is taken."),
            ("user_account_handle", "This handle is taken."),
            ("token.owner_id", "This user has a token of this name already."),
            ("token_name", "This user has a token of this name already."),
            ("team.name_folded", "There is a team of this name already."),
            ("team_name", "There is a team of this name already."),
            ("resource.kind", "There is a resource of this kind and name already."),
            ("resource_name", "There is a resource of this kind and name already."),
            ("directory_person.user_name_folded", "There is a person of this user name already."),
            ("directory_person_user_name", "There is a person of this user name already."),
            ("directory_person", "There is a person of this external id already."),
            ("directory_group", "There is a group of this external id already."),
        ]
        return known.first { rule.contains($0.mark) }?.words ?? "This conflicts with what is there already."
    }
}
