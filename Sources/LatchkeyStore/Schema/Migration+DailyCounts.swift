import LatchkeyCore

extension Migration {
    /// Counts by day, kept beside the rows that they count: a chart over a month must not read a million events, nor
    /// the hours of a hundred tokens.
    ///
    /// Days are those of UTC, numbered from 1970. `refusals` are uses that were turned away (`refused`, `denied`),
    /// `uses` the others. Actor 0 is nobody known.
    static let dailyCounts = Migration(
        number: 6, name: "daily counts", schema: dailyTables, own: [:],
        rows: { _ in
            [
                """
                INSERT INTO activity_day (day, actor_id, actor_handle, verb, outcome, events)
                SELECT at / 86400000, COALESCE(actor_id, 0), actor_handle, verb, outcome, COUNT(*)
                FROM audit_event GROUP BY at / 86400000, COALESCE(actor_id, 0), actor_handle, verb, outcome
                """,
                """
                INSERT INTO token_day (token_id, day, uses, refusals)
                SELECT token_id, hour / 24, SUM(CASE WHEN outcome IN ('refused', 'denied') THEN 0 ELSE uses END),
                    SUM(CASE WHEN outcome IN ('refused', 'denied') THEN uses ELSE 0 END)
                FROM usage_count GROUP BY token_id, hour / 24
                """,
                """
                INSERT INTO instance_day (day, uses, refusals)
                SELECT day, SUM(uses), SUM(refusals) FROM token_day GROUP BY day
                """,
            ]
        })

    private static let dailyTables = """
        CREATE TABLE activity_day (
            day BIGINT NOT NULL,
            actor_id BIGINT NOT NULL,
            actor_handle TEXT NOT NULL,
            verb TEXT NOT NULL,
            outcome TEXT NOT NULL CHECK (outcome IN ('done', 'refused')),
            events BIGINT NOT NULL CHECK (events > 0),
            PRIMARY KEY (day, actor_id, actor_handle, verb, outcome)
        );
        CREATE TABLE token_day (
            token_id BIGINT NOT NULL REFERENCES token (id),
            day BIGINT NOT NULL,
            uses BIGINT NOT NULL,
            refusals BIGINT NOT NULL,
            PRIMARY KEY (token_id, day)
        );
        CREATE TABLE instance_day (
            day BIGINT PRIMARY KEY NOT NULL,
            uses BIGINT NOT NULL,
            refusals BIGINT NOT NULL
        );

        """
}
