import LatchkeyCore
import LatchkeyTestSupport
import Testing

@Suite("A quota")
struct QuotaTests {
    private static let start = Timestamp(seconds: 1_800_000_000)

    @Test("lets its calls through at once and then one for each interval")
    func evenly() throws {
        let quota = try #require(Quota(calls: 5, in: .seconds(10)))
        var bucket = Quota.Bucket()
        for left in [4, 3, 2, 1, 0] {
            let allowance = quota.take(from: &bucket, at: Self.start)
            #expect(allowance == .granted(left: left, fullIn: .seconds(2 * (5 - left))))
        }
        #expect(quota.take(from: &bucket, at: Self.start) == .refused(retryAfter: .seconds(2)))
        let early = Self.start + .milliseconds(1999)
        #expect(quota.take(from: &bucket, at: early) == .refused(retryAfter: .milliseconds(1)))
        let due = Self.start + .seconds(2)
        #expect(quota.take(from: &bucket, at: due) == .granted(left: 0, fullIn: .seconds(10)))
        #expect(quota.take(from: &bucket, at: due) == .refused(retryAfter: .seconds(2)))
    }

    @Test("is whole again after its span, and never more than whole")
    func refills() throws {
        let quota = try #require(Quota(calls: 3, in: .seconds(3)))
        var bucket = Quota.Bucket()
        for _ in 0..<3 { _ = quota.take(from: &bucket, at: Self.start) }
        let later = Self.start + .days(400)
        #expect(quota.take(from: &bucket, at: later) == .granted(left: 2, fullIn: .seconds(1)))
    }

    @Test("lets through at most its calls and what a span gives, however they come")
    func bound() throws {
        let quota = try #require(Quota(calls: 60, in: .minutes(1)))
        var (bucket, granted) = (Quota.Bucket(), 0)
        for step in 0..<60_000 {
            if case .granted = quota.take(from: &bucket, at: Self.start + .milliseconds(step)) { granted += 1 }
        }
        #expect(granted == 60 + 59)
    }

    @Test("makes nobody wait longer than for one call when the clock is set back")
    func clockSetBack() throws {
        let quota = try #require(Quota(calls: 10, in: .seconds(10)))
        var bucket = Quota.Bucket()
        for _ in 0..<10 { _ = quota.take(from: &bucket, at: Self.start) }
        let before = Self.start - .days(30)
        #expect(quota.take(from: &bucket, at: before) == .refused(retryAfter: .seconds(1)))
        _ = quota.take(from: &bucket, at: before)
    }

    @Test("needs a number and a span that somebody can mean")
    func bounds() {
        #expect(Quota(calls: 0, in: .seconds(1)) == nil)
        #expect(Quota(calls: -1, in: .seconds(1)) == nil)
        #expect(Quota(calls: Quota.mostCalls + 1, in: .seconds(1)) == nil)
        #expect(Quota(calls: 1, in: .zero) == nil)
        #expect(Quota(calls: 1, in: .days(2)) == nil)
        #expect(Quota(calls: Quota.mostCalls, in: .seconds(1)) != nil)
    }
}
