import Foundation
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyStore

@Suite("A backup")
struct BackupTests {
    @Test("taken while writing goes on opens, checks, and holds one moment")
    func whole() async throws {
        let store = try await EngineUnderTest.sqlite.freshStore()
        try await store.write { db throws(Refusal) in try db.note(.setInstanceValue(name: "id", value: "instance-1")) }
        let writing = Task {
            for number in 0..<300 {
                try await store.write { db throws(Refusal) in _ = try db.givenUser("user\(number)@service") }
            }
        }
        let path = TemporaryDirectory.fresh() + "/backup.db"
        try await store.backup(to: path)
        try await writing.value
        let instance = try DatabaseFile.check(path, logger: .silent)
        #expect(instance == "instance-1")
        let copy = try await Store.open(.file(path), at: Sample.now, logger: .silent)
        let (users, feed) = try await copy.read { db throws(Refusal) in
            (try db.userStubs().count, try db.changes(after: 0, limit: 1000).count)
        }
        #expect(users == feed)
        let again = await refusal { () throws(Refusal) in try await store.backup(to: path) }
        #expect(again?.isConflict == true)
    }

    @Test("is readable by its owner alone")
    func isPrivate() async throws {
        let store = try await EngineUnderTest.sqlite.freshStore()
        let path = TemporaryDirectory.fresh() + "/backup.db"
        try await store.backup(to: path)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test("that is damaged, cut short or no database of ours does not check")
    func refusesBroken() async throws {
        let store = try await EngineUnderTest.sqlite.freshStore()
        try await store.write { db throws(Refusal) in
            for number in 0..<200 { try db.givenUser("user\(number)@service") }
        }
        let directory = TemporaryDirectory.fresh()
        try await store.backup(to: directory + "/whole.db")
        let whole = try Data(contentsOf: URL(fileURLWithPath: directory + "/whole.db"))
        var damaged = whole
        for place in stride(from: 8192, to: whole.count, by: 512) { damaged[place] ^= 0xff }
        let broken: [(String, Data)] = [
            ("damaged", damaged), ("short", whole.prefix(whole.count / 2)), ("empty", Data()),
            ("text", Data("not a database at all, only a line of text\n".utf8)),
        ]
        for (name, bytes) in broken {
            let path = directory + "/" + name
            try bytes.write(to: URL(fileURLWithPath: path))
            let refused = await refusal { () throws(Refusal) in _ = try DatabaseFile.check(path, logger: .silent) }
            #expect(refused?.isConflict == true, "\(name)")
        }
    }

    @Test("of PostgreSQL is left to PostgreSQL", .enabled(if: EngineUnderTest.available.contains(.postgres)))
    func postgres() async throws {
        let store = try await EngineUnderTest.postgres.freshStore()
        let refused = await refusal { () throws(Refusal) in try await store.backup(to: "/tmp/never") }
        guard case .badRequest(let words) = refused else {
            Issue.record("a backup was begun")
            return
        }
        #expect(words.contains("pg_dump"))
    }
}
