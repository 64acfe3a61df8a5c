import LatchkeyCore

/// Brings a database to the schema of this program: forward only, each step once, all of them or none.
struct Migrations {
    let engine: any Engine
    var steps = Migration.all

    private var table: String {
        engine.dialect.schema(
            """
            CREATE TABLE IF NOT EXISTS migration (
                number BIGINT PRIMARY KEY NOT NULL,
                name TEXT NOT NULL,
                applied_at BIGINT NOT NULL
            );
            """)
    }

    /// - Throws: `unavailable` when the database is of a newer program, or is none of ours.
    func run(at now: Timestamp) throws(Refusal) {
        try engine.withWriter { connection throws(Refusal) in
            try refuseForeignFile(connection)
            try connection.begin()
            try liftTimeLimit(connection)
            try connection.script(table)
            let transaction = WriteTransaction(connection)
            let done = try transaction.number("SELECT MAX(number) FROM migration")
            try refuseNewer(done)
            for step in steps where step.number > done { try carryOut(step, transaction, at: now) }
            if engine.dialect == .sqlite {
                try connection.script("PRAGMA application_id = \(SQLiteEngine.applicationID)")
            }
            try connection.commit()
        }
    }

    private func carryOut(_ step: Migration, _ transaction: WriteTransaction, at now: Timestamp) throws(Refusal) {
        try transaction.connection.script(engine.dialect.schema(step.schema))
        if let own = step.own[engine.dialect] { try transaction.connection.script(own) }
        for row in step.rows(now) { try transaction.run(row) }
        try step.fill(transaction)
        try transaction.run(
            "INSERT INTO migration (number, name, applied_at) VALUES (\(step.number), \(step.name), \(now))")
    }

    private func refuseNewer(_ done: Int64) throws(Refusal) {
        let newest = steps.map(\.number).max() ?? 0
        guard done > newest else { return }
        throw .unavailable(
            "The database has schema \(done) and this program knows \(newest): run the newer version of Latchkey.",
            retryAfter: .seconds(60))
    }

    private func refuseForeignFile(_ connection: any Connection) throws(Refusal) {
        guard engine.dialect == .sqlite else { return }
        let transaction = WriteTransaction(connection)
        let mark = try transaction.first("PRAGMA application_id") { row in row.int(0) } ?? 0
        let tables = try transaction.number("SELECT COUNT(*) FROM sqlite_schema")
        guard mark != Int64(SQLiteEngine.applicationID), mark != 0 || tables > 0 else { return }
        throw .unavailable("The file is a database, but none of Latchkey's: name another.", retryAfter: .seconds(60))
    }

    /// Moving rows may take longer than any request may.
    private func liftTimeLimit(_ connection: any Connection) throws(Refusal) {
        guard engine.dialect == .postgres else { return }
        try connection.script("SET LOCAL statement_timeout = 0")
    }
}
