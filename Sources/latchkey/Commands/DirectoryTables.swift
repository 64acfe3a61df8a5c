/// Directory sync for people: a table for each thing that there is to see.
enum DirectoryTables {
    private static let lists: [(member: String, title: String, columns: [Column])] = [
        ("tokens", "live SCIM tokens", Column.token),
        (
            "directories", "what each directory keeps (-: none does)",
            [
                Column("id", "user.id"), Column("directory", "user.user_id"), Column("people", "people"),
                Column("teams", "groups"),
            ]
        ),
        (
            "runs", "the latest syncs",
            [
                Column("from", "from"), Column("until", "until"), Column("directory", "user_id"),
                Column("token", "token_id"), Column("changes", "counts"),
            ]
        ),
        (
            "faults", "refused lately",
            [
                Column("last", "last"), Column("times", "count"), Column("directory", "user_id"),
                Column("operation", "operation"), Column("about", "subject"), Column("status", "status"),
                Column("why", "detail"),
            ]
        ),
    ]

    static func text(_ found: JSONValue) -> String {
        let ahead = JSONValue.object(given: ["url", "governs_roles"].map { ($0, found[$0]) })
        let tables = lists.map { member, title, columns in
            let items = found[member]?.items ?? []
            return "\(title):\n" + (items.isEmpty ? "none" : Table.rows(items, columns))
        }
        return ([Table.fields(ahead)] + tables).joined(separator: "\n\n")
    }
}
