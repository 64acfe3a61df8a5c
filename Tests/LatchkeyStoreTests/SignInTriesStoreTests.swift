import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyStore

@Suite("Tries to sign in, as they are kept")
struct SignInTriesStoreTests {
    private static let ring = {
        let bytes = CountingBytes()
        return KeyRing.generate(instance: "test", randomBytes: { bytes.bytes($0) })
    }()
    private static let grace = TryCounter.passwords(of: "grace@example.com", .elsewhere, ring)
    private static let everywhere = TryCounter.everything(from: nil, ring)

    private static func attempt(_ number: Int, _ counters: [TryCounter], after wait: Duration = .zero) -> SignInTry {
        SignInTry(mark: [UInt8(number / 256), UInt8(number % 256)], at: Sample.now + wait, counters: counters)
    }

    @Test(
        "count for a quarter of an hour to the millisecond, and not once they succeeded",
        arguments: EngineUnderTest.available)
    func window(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let span = TryCounter.window
        try await store.write { db throws(Refusal) in
            for number in 0..<10 { try db.note(.signIn(.addTry(Self.attempt(number, [Self.grace, Self.everywhere])))) }
        }
        let waits = try await store.read { db throws(Refusal) in
            var waits: [Duration?] = []
            for wait in [.zero, span - .milliseconds(1), span] {
                waits.append(try db.wait(for: [Self.everywhere, Self.grace], at: Sample.now + wait))
            }
            return waits
        }
        #expect(waits == [span, .milliseconds(1), nil])
        let freed = try await store.write { db throws(Refusal) in
            try db.note(.signIn(.dropTry(Self.attempt(3, [Self.grace, Self.everywhere]))))
            return try db.wait(for: [Self.everywhere, Self.grace], at: Sample.now)
        }
        #expect(freed == nil)
    }

    @Test("of a clock that was wrong do not lock anybody out", arguments: EngineUnderTest.available)
    func wrongClock(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let (wait, left) = try await store.write { db throws(Refusal) in
            for number in 0..<10 {
                try db.note(.signIn(.addTry(Self.attempt(number, [Self.grace], after: .days(400)))))
            }
            let wait = try db.wait(for: [Self.grace], at: Sample.now)
            try db.note(.signIn(.addTry(Self.attempt(11, [Self.grace]))))
            return (wait, try db.number("SELECT COUNT(*) FROM sign_in_try"))
        }
        #expect(wait == nil)
        #expect(left == 1)
    }

    @Test("are dropped with the next one, and by the hourly job", arguments: EngineUnderTest.available)
    func forgotten(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let rows = try await store.write { db throws(Refusal) in
            var rows: [Int64] = []
            for number in 0..<300 { try db.note(.signIn(.addTry(Self.attempt(number, [Self.everywhere])))) }
            try db.note(.signIn(.addTry(Self.attempt(301, [Self.grace], after: TryCounter.window))))
            rows.append(try db.number("SELECT COUNT(*) FROM sign_in_try"))
            try db.note(.signIn(.forgetTries(at: Sample.now + TryCounter.window + TryCounter.window)))
            rows.append(try db.number("SELECT COUNT(*) FROM sign_in_try"))
            return rows
        }
        #expect(rows == [1, 0])
    }
}
