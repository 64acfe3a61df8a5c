import LatchkeyCore
import LatchkeyStore
import LatchkeyTestSupport
import Testing

@Suite("Uses by day, as kept")
struct DailyUsesStoreTests {
    @Test(
        "add up over rows, hours and notes, each token for itself and all together",
        arguments: EngineUnderTest.available)
    func add(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let (one, other, lone, all) = try await store.write { db throws(Refusal) in
            let owner = try db.givenUser("a@service").id
            let (one, other) = (try db.givenToken(owner: owner).id, try db.givenToken(owner: owner).id)
            for _ in 0..<2 {
                try db.note(
                    .usage([
                        Self.count(one, hour: 240, .allowed, 3), Self.count(one, hour: 241, .denied, 1),
                        Self.count(one, hour: 264, .failed, 4), Self.count(other, hour: 240, .refused, 2),
                    ]))
            }
            let found = try db.dailyUses(of: [one, other], since: Timestamp(dayNumber: 10))
            let lone = try db.dailyUses(of: [one], since: Timestamp(dayNumber: 11))
            return (found[one], found[other], lone, try db.dailyUses(since: Timestamp(dayNumber: 10)))
        }
        let (ten, eleven) = (Timestamp(dayNumber: 10), Timestamp(dayNumber: 11))
        #expect(
            one == [DailyUses(day: ten, uses: 6, refusals: 2), DailyUses(day: eleven, uses: 8, refusals: 0)])
        #expect(other == [DailyUses(day: ten, uses: 0, refusals: 4)])
        #expect(lone.values.first?.map(\.day) == [eleven])
        #expect(all == [DailyUses(day: ten, uses: 6, refusals: 6), DailyUses(day: eleven, uses: 8, refusals: 0)])
    }

    private static func count(_ token: ID<Token>, hour: Int64, _ outcome: UseOutcome, _ uses: Int64) -> UsageCount {
        let key = UsageKey(
            token: token, hour: hour, method: "GET", route: "/r", address: "", agent: "curl", outcome: outcome)
        return UsageCount(key: key, count: uses, first: Sample.now, last: Sample.now)
    }
}
