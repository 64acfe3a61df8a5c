import LatchkeyCore
import Testing

@testable import LatchkeyApp

@Suite("The table of buckets")
struct BucketTableTests {
    private static let now = Timestamp(seconds: 1_800_000_000)

    private static func isGranted(_ table: BucketTable, _ key: UInt64, at moment: Timestamp = now) -> Bool {
        if case .granted = table.take(key, at: moment) { true } else { false }
    }

    @Test("counts each key for itself")
    func apart() throws {
        let table = BucketTable(try #require(Quota(calls: 2, in: .minutes(1))), sizeBits: 16)
        for key in UInt64(0)..<500 {
            let granted = (0..<4).map { _ in Self.isGranted(table, key) }
            #expect(granted == [true, true, false, false])
        }
    }

    @Test("gives a key that it has forgotten a full bucket, and takes nothing from any")
    func failsOpen() throws {
        let table = BucketTable(try #require(Quota(calls: 3, in: .minutes(1))), sizeBits: 8)
        for key in UInt64(0)..<10_000 {
            #expect(Self.isGranted(table, key), "a stranger's first call is never refused")
        }
    }

    @Test("makes room where the least is lost: a client at its limit stays at it while others come and go")
    func keepsTheBusiest() throws {
        let table = BucketTable(try #require(Quota(calls: 100, in: .days(1))), sizeBits: 8)
        let busy: UInt64 = 7
        while Self.isGranted(table, busy) {}
        for key in UInt64(1000)..<6000 { _ = table.take(key, at: Self.now) }
        #expect(!Self.isGranted(table, busy))
    }

    @Test("grants no more than the quota when many ask at once")
    func concurrently() async throws {
        let table = BucketTable(try #require(Quota(calls: 1000, in: .days(1))), sizeBits: 8)
        let granted = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask { (0..<1000).count { _ in Self.isGranted(table, 42) } }
            }
            return await group.reduce(0, +)
        }
        #expect(granted == 1000)
    }
}
