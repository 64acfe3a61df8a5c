/// Days as drawings and counts take them: from midnight to midnight in UTC, whatever the reader's zone.
extension Timestamp {
    private static let dayLength: Int64 = 86_400_000

    /// Days since 1970.
    public var dayNumber: Int64 {
        milliseconds >= 0 ? milliseconds / Self.dayLength : (milliseconds - Self.dayLength + 1) / Self.dayLength
    }

    /// The first moment of a day.
    public init(dayNumber day: Int64) {
        self.init(milliseconds: day * Self.dayLength)
    }

    /// The first day that begins at or after this moment.
    public var dayNumberAfter: Int64 {
        Timestamp(dayNumber: dayNumber) == self ? dayNumber : dayNumber + 1
    }

    /// `2027-11-21`.
    public var dayText: String { String(text.prefix(10)) }
}
