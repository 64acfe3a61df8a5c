import LatchkeyCore
import Testing

@Suite("A timestamp")
struct TimestampTests {
    @Test(
        "is written in RFC 3339 and read back",
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"), (1_826_800_496, "2027-11-21T12:34:56Z"),
            (4_107_542_399, "2100-02-28T23:59:59Z"),
        ] as [(Int64, String)])
    func text(seconds: Int64, text: String) {
        #expect(Timestamp(seconds: seconds).text == text)
        #expect(Timestamp(text: text) == Timestamp(seconds: seconds))
    }

    @Test("is read with an offset, a fraction or as a bare date")
    func otherForms() {
        #expect(Timestamp(text: "2027-11-21T14:34:56.789+02:00")?.text == "2027-11-21T12:34:56Z")
        #expect(Timestamp(text: "2027-11-21")?.text == "2027-11-21T00:00:00Z")
    }

    @Test(
        "is not read from what is no moment",
        arguments: [
            "", "2027-02-29", "2027-13-01", "2027-00-10", "2027-11-21T24:00:00Z", "2027-11-21T12:60:00Z", "21.11.2027",
            "now",
        ])
    func nonsense(text: String) {
        #expect(Timestamp(text: text) == nil)
    }

    @Test("is not read from years that no clock here shows", arguments: ["1969-12-31", "0000-01-01", "9999-12-31"])
    func years(text: String) {
        #expect(Timestamp(text: text) == nil)
        #expect(Timestamp(seconds: -1).text == "1969-12-31T23:59:59Z")
    }

    @Test("rounds down to the second, before 1970 too")
    func rounding() {
        #expect(Timestamp(milliseconds: 1999).seconds == 1)
        #expect(Timestamp(milliseconds: -1).seconds == -1)
    }

    @Test(
        "has spans that are read from ISO 8601",
        arguments: [("PT24H", 86400), ("P1DT12H", 129_600), ("PT90M", 5400), ("P7D", 604_800)] as [(String, Int)])
    func spans(text: String, seconds: Int) {
        #expect(Duration(isoText: text) == .seconds(seconds))
    }

    @Test("has no span in what is not one", arguments: ["P", "PT", "1H", "P1Y", "PT1.5H", "P1DT", "-PT1H", "PT1"])
    func noSpans(text: String) {
        #expect(Duration(isoText: text) == nil)
    }
}
