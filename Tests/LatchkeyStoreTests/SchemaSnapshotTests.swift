import Foundation
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyStore

/// `schema/*.sql` is what all migrations add up to, for people to read and for reviewers to see change.
@Suite("Snapshot: the schema")
struct SchemaSnapshotTests {
    @Test("is the one in schema/", arguments: EngineUnderTest.available)
    func snapshot(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let statements = try await store.read { db throws(Refusal) in
            try db.all(engine == .sqlite ? Self.sqliteSchema : Self.postgresSchema) { row in row.text(0) }
        }
        let text = statements.map { $0 + ";\n" }.joined(separator: "\n")
        let file = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .appendingPathComponent("../../schema/\(engine.rawValue).sql").standardizedFileURL
        if ProcessInfo.processInfo.environment["SNAPSHOTS"] == "write" {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        let kept = try? String(contentsOf: file, encoding: .utf8)
        #expect(kept == text, "Run `make snapshots` and read the difference.")
    }

    private static let sqliteSchema: SQL = """
        SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'
        ORDER BY tbl_name, type DESC, name
        """

    /// Put together from the catalog, without the name of the schema, which differs from test to test.
    private static let postgresSchema: SQL = """
        SELECT REPLACE(text, current_schema() || '.', '') FROM (
            SELECT c.relname AS table_name, 1 AS place, '' AS name,
                'CREATE TABLE ' || c.relname || E' (\\n' || (
                    SELECT string_agg('    ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
                        || CASE WHEN a.attcollation = 950 THEN ' COLLATE "C"' ELSE '' END
                        || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
                        || COALESCE(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), ''), E',\\n' ORDER BY a.attnum)
                    FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
                    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
                || COALESCE((
                    SELECT string_agg(E',\\n    CONSTRAINT ' || k.conname || ' ' || pg_get_constraintdef(k.oid), ''
                        ORDER BY k.conname)
                    FROM pg_constraint k WHERE k.conrelid = c.oid), '')
                || E'\\n)' AS text
            FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
            UNION ALL
            SELECT i.tablename, 2, i.indexname, i.indexdef FROM pg_indexes i
            WHERE i.schemaname = current_schema() AND i.indexname NOT IN (SELECT conname FROM pg_constraint)
            UNION ALL
            SELECT c.relname, 3, g.tgname, pg_get_triggerdef(g.oid) FROM pg_trigger g
            JOIN pg_class c ON c.oid = g.tgrelid
            WHERE NOT g.tgisinternal AND c.relnamespace = current_schema()::regnamespace
        ) AS statements ORDER BY table_name COLLATE "C", place, name COLLATE "C"
        """
}
