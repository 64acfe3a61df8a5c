import Dispatch
import LatchkeyCore
import LatchkeyTestSupport
import Logging
import NIOPosix
import Synchronization
import Testing

@testable import LatchkeyStore

@Suite("A transaction")
struct TransactionTests {
    @Test("that throws is undone, and its neighbours in the batch commit", arguments: EngineUnderTest.available)
    func rollsBackAlone(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let refusals = await withTaskGroup(of: Refusal?.self) { group in
            for number in 0..<30 {
                group.addTask {
                    await refusal { () throws(Refusal) in
                        try await store.write { db throws(Refusal) in
                            try db.givenUser("user\(number)@service")
                            if number % 3 == 0 { throw .forbidden("not this one") }
                        }
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let found = try await store.read { db throws(Refusal) in try db.userStubs().map(\.handle) }
        #expect(refusals.filter { $0 == .forbidden("not this one") }.count == 10)
        #expect(refusals.filter { $0 == nil }.count == 20)
        #expect(Set(found) == Set((0..<30).filter { $0 % 3 != 0 }.map { "user\($0)@service" }))
    }

    @Test("that throws is undone where nobody shares it, and the next goes on", arguments: EngineUnderTest.available)
    func rollsBackLone(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        for number in 0..<4 {
            let refused = await refusal { () throws(Refusal) in
                try await store.write { db throws(Refusal) in
                    try db.givenUser("user\(number)@service")
                    if number.isMultiple(of: 2) { throw .forbidden("not this one") }
                }
            }
            #expect(refused == (number.isMultiple(of: 2) ? .forbidden("not this one") : nil))
        }
        let (users, events) = try await store.read { db throws(Refusal) in
            (try db.userStubs().map(\.handle), try db.activity(ActivityFilter(), PageRequest()).total)
        }
        #expect(Set(users) == ["user1@service", "user3@service"])
        #expect(events == 2)
    }

    @Test("that broke a rule of the schema is refused even if it goes on", arguments: EngineUnderTest.available)
    func poisons(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let refused = await refusal { () throws(Refusal) in
            try await store.write { db throws(Refusal) in
                try db.givenUser("one@service")
                _ = try? db.givenUser("one@service")
            }
        }
        let users = try await store.read { db throws(Refusal) in try db.userStubs() }
        #expect(refused == .conflict("This handle is taken."))
        #expect(users.isEmpty)
    }

    @Test("that broke a rule is undone alone, though it shares the transaction", arguments: EngineUnderTest.available)
    func poisonsNobody(engine: EngineUnderTest) async throws {
        let (counted, store) = try CountingEngine.fresh(engine)
        let queue = BusyQueue(counted, until: 3)
        async let one = queue.write { db throws(Refusal) in _ = try db.givenUser("one@service") }
        async let broken = queue.write { db throws(Refusal) in
            _ = try db.givenUser("two@service")
            _ = try? db.givenUser("two@service")
        }
        async let three = queue.write { db throws(Refusal) in _ = try db.givenUser("three@service") }
        let refusals = await [one, broken, three]
        let found = try await store.read { db throws(Refusal) in try db.userStubs().map(\.handle) }
        #expect(refusals == [nil, .conflict("This handle is taken."), nil])
        #expect(Set(found) == ["one@service", "three@service"])
        #expect(counted.commits == 1)
    }

    @Test("shares its commit with those that wait beside it", arguments: EngineUnderTest.available)
    func groups(engine: EngineUnderTest) async throws {
        let (counted, store) = try CountingEngine.fresh(engine)
        try await store.writeUsers(200, prefix: "user")
        let batches = counted.commits
        let (events, feed) = try await store.read { db throws(Refusal) in
            (try db.activity(ActivityFilter(), PageRequest()).total, try db.lastSequence())
        }
        #expect(batches < 100)
        #expect(events == 200)
        #expect(feed == 200)
    }

    @Test("of forty writers at once loses none of a thousand changes", arguments: EngineUnderTest.available)
    func losesNothing(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<40 {
                group.addTask {
                    for number in 0..<25 {
                        try await store.write { db throws(Refusal) in
                            _ = try db.givenUser("w\(writer)n\(number)@service")
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        let (stubs, numbers) = try await store.read { db throws(Refusal) in
            (try db.userStubs(), try db.changes(after: 0, limit: 2000).map(\.seq))
        }
        #expect(Set(stubs.map(\.handle)).count == 1000)
        #expect(Set(stubs.map(\.id)).count == 1000)
        #expect(numbers == Array(1...1000))
    }

    @Test("sees no change that was not committed when it began", arguments: EngineUnderTest.available)
    func seesOneMoment(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let writing = Task { try await store.writeUsers(100, prefix: "user") }
        for _ in 0..<20 {
            let (first, second) = try await store.read { db throws(Refusal) in
                (try db.lastSequence(), Int64(try db.userStubs().count))
            }
            #expect(first == second)
        }
        try await writing.value
    }

    @Test("is refused once the store is closed", arguments: EngineUnderTest.available)
    func closes(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        await store.close()
        let writing = await refusal { () throws(Refusal) in try await store.write { _ in } }
        let reading = await refusal { () throws(Refusal) in try await store.read { _ in } }
        #expect(writing?.isUnavailable == true)
        #expect(reading?.isUnavailable == true)
    }
}

extension Store {
    /// Each in a write of its own, all at once.
    fileprivate func writeUsers(_ count: Int, prefix: String) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<count {
                group.addTask {
                    try await self.write { db throws(Refusal) in _ = try db.givenUser("\(prefix)\(number)@service") }
                }
            }
            try await group.waitForAll()
        }
    }
}

/// A line of writers that is not served until so many stand in it.
private final class BusyQueue: Sendable {
    private let queue: WriteQueue
    private let thread = NIOThreadPool(numberOfThreads: 1)
    private let gate = DispatchSemaphore(value: 0)
    private let missing: Mutex<Int>

    init(_ engine: any Engine, until count: Int) {
        queue = WriteQueue(engine: engine, thread: thread, logger: .silent)
        missing = Mutex(count)
        thread.start()
        thread.submit { [gate] _ in gate.wait() }
    }

    deinit { thread.shutdownGracefully { _ in } }

    func write(_ body: @escaping @Sendable (WriteTransaction) throws(Refusal) -> Void) async -> Refusal? {
        let result: Result<Void, Refusal> = await withCheckedContinuation { caller in
            queue.add(WriteJob(body, caller))
            let isLast = missing.withLock { missing in
                missing -= 1
                return missing == 0
            }
            if isLast { gate.signal() }
        }
        guard case .failure(let refusal) = result else { return nil }
        return refusal
    }
}

/// An engine that counts how often its writer was lent: once for each batch.
private final class CountingEngine: Engine {
    private let inner: any Engine
    private let count = Mutex(0)

    /// With a schema, and with nothing counted yet.
    static func fresh(_ engine: EngineUnderTest) throws -> (CountingEngine, Store) {
        let counted = try CountingEngine(engine)
        try Migrations(engine: counted).run(at: Sample.now)
        counted.count.withLock { $0 = 0 }
        return (counted, Store(engine: counted, logger: .silent))
    }

    private init(_ engine: EngineUnderTest) throws {
        switch engine.freshLocation() {
        case .file(let path): inner = try SQLiteEngine(path: path, logger: .silent)
        case .postgres(let url, let schema): inner = try PostgreSQLEngine(url: url, schema: schema, logger: .silent)
        }
    }

    var commits: Int { count.withLock { $0 } }
    var dialect: Dialect { inner.dialect }
    var readerCount: Int { inner.readerCount }

    func withWriter(_ body: (any Connection) throws(Refusal) -> Void) throws(Refusal) {
        count.withLock { $0 += 1 }
        try inner.withWriter(body)
    }

    func withReader(_ body: (any Connection) throws(Refusal) -> Void) throws(Refusal) { try inner.withReader(body) }

    func backup(to path: String) throws(Refusal) { try inner.backup(to: path) }

    func close() { inner.close() }
}
