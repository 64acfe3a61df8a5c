import Foundation
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyStore

@Suite("When the database fails")
struct FaultTests {
    @Test(
        "a killed connection is made anew, for reads and for writes",
        .enabled(if: EngineUnderTest.available.contains(.postgres)))
    func reconnects() async throws {
        let url = try #require(EngineUnderTest.postgresURL)
        let schema = "test_\(UUID().uuidString.lowercased().replacing("-", with: "_"))"
        let name = "killed_" + UUID().uuidString
        let mark = url.contains("?") ? "&" : "?"
        let store = try await Store.open(
            .postgres(url + mark + "application_name=" + name, schema: schema), at: Sample.now, logger: .silent)
        let killer = try await EngineUnderTest.postgres.freshStore()
        try await store.write { db throws(Refusal) in _ = try db.givenUser("before@service") }
        for round in 0..<3 {
            let killed = try await killer.read { db throws(Refusal) in
                try db.all(
                    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = \(name)"
                ) { row in row.flag(0) }
            }
            #expect(killed.contains(true))
            try await store.write { db throws(Refusal) in _ = try db.givenUser("after\(round)@service") }
            let count = try await store.read { db throws(Refusal) in try db.userStubs().count }
            #expect(count == round + 2)
        }
    }

    @Test("for want of room, writes are refused with a reason, reads go on, and nothing is lost")
    func diskFull() async throws {
        let engine = try SQLiteEngine(path: TemporaryDirectory.fresh() + "/latchkey.db", logger: .silent)
        try Migrations(engine: engine).run(at: Sample.now)
        let store = Store(engine: engine, logger: .silent)
        try engine.withWriter { connection throws(Refusal) in
            try connection.rows("PRAGMA max_page_count = 1") { _ in }
        }
        var written = 0
        var refused: Refusal?
        while refused == nil, written < 1000 {
            let number = written
            refused = await refusal { () throws(Refusal) in
                try await store.write { db throws(Refusal) in _ = try db.givenUser("user\(number)@service") }
            }
            if refused == nil { written += 1 }
        }
        #expect(
            refused
                == .unavailable(
                    "The disk that holds the database is full; make room on it, then try again.",
                    retryAfter: .seconds(5)))
        let found = try await store.read { db throws(Refusal) in try db.userStubs().count }
        #expect(found == written)
        try engine.withWriter { connection throws(Refusal) in
            try connection.rows("PRAGMA max_page_count = 1000000") { _ in }
        }
        try await store.write { db throws(Refusal) in _ = try db.givenUser("again@service") }
    }

    @Test("a commit is on disk when it returns, and references are checked")
    func durable() throws {
        let engine = try SQLiteEngine(path: TemporaryDirectory.fresh() + "/latchkey.db", logger: .silent)
        let pragmas: [(query: SQL, value: String)] = [
            ("PRAGMA synchronous", "2"), ("PRAGMA journal_mode", "wal"), ("PRAGMA foreign_keys", "1"),
        ]
        for (query, value) in pragmas {
            var found: String?
            try engine.withWriter { connection throws(Refusal) in
                try connection.rows(query) { row in found = row.text(0) }
            }
            #expect(found == value, "\(query.text)")
        }
        engine.close()
    }

    @Test("it says so, and does not crash: no server there, no directory there")
    func unreachable() async throws {
        for location in [
            Store.Location.postgres("postgres://nobody@127.0.0.1:1/none"), .file("/nowhere/at/all/latchkey.db"),
        ] {
            let refused = await refusal { () throws(Refusal) in
                _ = try await Store.open(location, at: Sample.now, logger: .silent)
            }
            #expect(refused?.isUnavailable == true)
        }
    }
}
