import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyStore

@Suite("Migrations")
struct MigrationTests {
    @Test("run once, however often the database is opened", arguments: EngineUnderTest.available)
    func runOnce(engine: EngineUnderTest) async throws {
        let location = engine.freshLocation()
        for _ in 0..<3 {
            let store = try await Store.open(location, at: Sample.now, logger: .silent)
            let (applied, team) = try await store.read { db throws(Refusal) in
                (try db.number("SELECT COUNT(*) FROM migration"), try db.publicTeam())
            }
            #expect(applied == Int64(Migration.all.count))
            #expect(team.name == "Public")
            #expect(team.permission == .viewer)
            #expect(team.createdAt == Sample.now)
            await store.close()
        }
    }

    @Test("are refused when the database is of a newer program", arguments: EngineUnderTest.available)
    func refusesNewer(engine: EngineUnderTest) async throws {
        let location = engine.freshLocation()
        let store = try await Store.open(location, at: Sample.now, logger: .silent)
        try await store.write { db throws(Refusal) in
            _ = try db.run("INSERT INTO migration (number, name, applied_at) VALUES (999, 'later', 0)")
        }
        await store.close()
        let refused = await refusal { () throws(Refusal) in
            _ = try await Store.open(location, at: Sample.now, logger: .silent)
        }
        #expect(
            refused
                == .unavailable(
                    "The database has schema 999 and this program knows \(Migration.newest): "
                        + "run the newer version of Latchkey.", retryAfter: .seconds(60)))
    }

    @Test("leave a file of another program alone")
    func refusesForeign() async throws {
        let path = TemporaryDirectory.fresh() + "/other.db"
        let engine = try SQLiteEngine(path: path, logger: .silent)
        try engine.withWriter { connection throws(Refusal) in try connection.script("CREATE TABLE note (text TEXT)") }
        engine.close()
        let refused = await refusal { () throws(Refusal) in
            _ = try await Store.open(.file(path), at: Sample.now, logger: .silent)
        }
        #expect(refused?.isUnavailable == true)
    }

    @Test("that fail half-way leave nothing behind", arguments: EngineUnderTest.available)
    func allOrNothing(engine: EngineUnderTest) async throws {
        let location = engine.freshLocation()
        let inner: any Engine
        switch location {
        case .file(let path): inner = try SQLiteEngine(path: path, logger: .silent)
        case .postgres(let url, let schema): inner = try PostgreSQLEngine(url: url, schema: schema, logger: .silent)
        }
        var migrations = Migrations(engine: inner)
        migrations.steps.append(
            Migration(number: 2, name: "broken", schema: "CREATE TABLE oops (", own: [:], rows: { _ in [] }))
        let refused = await refusal { () throws(Refusal) in try migrations.run(at: Sample.now) }
        inner.close()
        #expect(refused?.isUnavailable == true)
        let store = try await Store.open(location, at: Sample.now, logger: .silent)
        let applied = try await store.read { db throws(Refusal) in try db.number("SELECT MAX(number) FROM migration") }
        #expect(applied == Migration.newest)
    }
}
