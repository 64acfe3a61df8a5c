import LatchkeyCore
import Testing

@Suite("Uses by day")
struct DailyUsesTests {
    @Test("name the quiet days too, up to today")
    func series() {
        let now = Timestamp(dayNumber: 500) + .hours(23)
        let known = [
            DailyUses(day: Timestamp(dayNumber: 498), uses: 3, refusals: 1),
            DailyUses(day: Timestamp(dayNumber: 400), uses: 9, refusals: 9),
        ]
        let series = DailyUses.series(known, days: 4, until: now)
        #expect(series.map(\.day.dayNumber) == [497, 498, 499, 500])
        #expect(series.map(\.uses) == [0, 3, 0, 0])
        #expect(series.map(\.refusals) == [0, 1, 0, 0])
    }

    @Test("begin at midnight in UTC, before 1970 as well")
    func days() {
        #expect(Timestamp(milliseconds: -1).dayNumber == -1)
        #expect(Timestamp(milliseconds: -86_400_000).dayNumber == -1)
        #expect(Timestamp(milliseconds: -86_400_001).dayNumber == -2)
        #expect(Timestamp(dayNumber: 3).dayNumberAfter == 3)
        #expect((Timestamp(dayNumber: 3) + .milliseconds(1)).dayNumberAfter == 4)
        #expect(Timestamp(seconds: 1_826_800_496).dayText == "2027-11-21")
    }
}
