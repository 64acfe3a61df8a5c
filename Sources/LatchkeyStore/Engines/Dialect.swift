/// The few words in which the two engines' schemas differ. Migrations are written in PostgreSQL's.
enum Dialect: String, Sendable, CaseIterable {
    case sqlite, postgres

    /// SQLite tables are STRICT, so that a wrong type is refused there too. PostgreSQL compares text byte by byte, as
    /// SQLite does, so that lists stand in the same order on both and indexes serve them.
    func schema(_ text: String) -> String {
        switch self {
        case .sqlite:
            text.replacing("BIGINT", with: "INTEGER").replacing("BYTEA", with: "BLOB")
                .replacing("\n);", with: "\n) STRICT;")
        case .postgres:
            text.replacing(" TEXT", with: " TEXT COLLATE \"C\"")
        }
    }
}
