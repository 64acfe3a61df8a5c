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
        let inner = try Self.engine(at: location)
        var migrations = Migrations(engine: inner)
        migrations.steps.append(
            Migration(
                number: Migration.newest + 1, name: "broken", schema: "CREATE TABLE oops (", own: [:], rows: { _ in [] }
            ))
        let refused = await refusal { () throws(Refusal) in try migrations.run(at: Sample.now) }
        inner.close()
        #expect(refused?.isUnavailable == true)
        let store = try await Store.open(location, at: Sample.now, logger: .silent)
        let applied = try await store.read { db throws(Refusal) in try db.number("SELECT MAX(number) FROM migration") }
        #expect(applied == Migration.newest)
    }

    /// A database of the first schema, with rows.
    private static func givenFirstSchema(at location: Store.Location) throws -> any Engine {
        let engine = try engine(at: location)
        try Migrations(engine: engine, steps: [.core]).run(at: Sample.now)
        try engine.withWriter { connection throws(Refusal) in
            try connection.begin()
            for statement in firstRows { try connection.run(statement) }
            try connection.commit()
        }
        return engine
    }

    @Test("take the last uses of the first schema along", arguments: EngineUnderTest.available)
    func lastUses(engine: EngineUnderTest) async throws {
        let location = engine.freshLocation()
        let inner = try Self.givenFirstSchema(at: location)
        inner.close()
        let store = try await Store.open(location, at: Sample.now, logger: .silent)
        let (used, unused, user, listed) = try await store.read { db throws(Refusal) in
            let filter = TokenFilter(type: .service, sorting: Sorting(.lastUsed), now: Sample.now)
            return (
                try db.tokenDetail(ID(1)), try db.tokenDetail(ID(2)), try db.userSummary(ID(2), at: Sample.now),
                try db.tokens(filter, limit: 10).map(\.token.id)
            )
        }
        #expect(
            used?.lastUse
                == LastUse(
                    token: ID(1), at: Timestamp(milliseconds: 5000), address: "10.0.0.1", userAgent: nil,
                    route: "GET /a"))
        #expect(unused != nil)
        #expect(unused?.lastUse == nil)
        #expect(user?.lastUsed == Timestamp(milliseconds: 7000))
        #expect(listed == [ID(2), ID(1)])
    }

    @Test("list the last uses of older schemas as they stand", arguments: EngineUnderTest.available)
    func listedUses(engine: EngineUnderTest) async throws {
        let location = engine.freshLocation()
        let inner = try Self.givenFirstSchema(at: location)
        try Migrations(engine: inner, steps: Migration.all.filter { $0.number < 13 }).run(at: Sample.now)
        let (tokens, ages) = ([Int64(1), 2, 3], [8, 3, 5])
        try inner.withWriter { connection throws(Refusal) in
            try connection.begin()
            for (token, age) in zip(tokens, ages) {
                let moment = Sample.now - .days(age)
                try connection.run("UPDATE token_use SET at = \(moment) WHERE token_id = \(token)")
                try connection.run("UPDATE account_use SET at = \(moment) WHERE user_id = 2")
            }
            try connection.commit()
        }
        inner.close()
        let store = try await Store.open(location, at: Sample.now, logger: .silent)
        let (unlisted, tallied, counted, ids) = try await store.read { db throws(Refusal) in
            let filter = TokenFilter(type: .service, sorting: Sorting(.lastUsed), now: Sample.now)
            return (
                try db.number("SELECT COUNT(*) FROM token_use WHERE listed_at <> at")
                    + db.number("SELECT COUNT(*) FROM account_use WHERE listed_at <> at"),
                try db.talliedUses(), try db.countedUses(), try db.tokens(filter, limit: 10).map(\.token.id)
            )
        }
        #expect(unlisted == 0)
        #expect(tallied == counted && tallied.count == 2, "the third token is deleted")
        #expect(ids == [ID(1), ID(2)])
    }

    private static func engine(at location: Store.Location) throws -> any Engine {
        switch location {
        case .file(let path): try SQLiteEngine(path: path, logger: .silent)
        case .postgres(let url, let schema): try PostgreSQLEngine(url: url, schema: schema, logger: .silent)
        }
    }

    /// A user with a used, an unused and a deleted token, as the first schema kept them.
    private static let firstRows: [SQL] =
        [
            """
            INSERT INTO user_account (id, user_type, handle, user_name, name, name_folded, role, role_rank, created_at,
                last_used_at, is_break_glass, version)
            VALUES (2, 'Service', 'a@service', 'a@service', 'A', 'a', 'Member', 0, 0, 7000, 0, 1)
            """
        ]
        + [Int64(1), 2, 3].map { number in
            """
            INSERT INTO token (id, owner_id, token_type, is_scim_only, name, name_folded, digest, digest_generation,
                hint, signed_by, created_at, expires_at, deleted_at, last_used_at, last_used_address, last_used_route,
                version)
            VALUES (\(number), 2, 'Service', 0, \("t\(number)"), 'a', \(Sample.digest(number).bytes), 1, 'wxyz',
                'lkAAAAAAAA', 0, \(Timestamp.endOfTime), \(number == 3 ? number : nil), \(number == 2 ? 0 : 5000),
                '10.0.0.1', 'GET /a', 1)
            """
        }
}
