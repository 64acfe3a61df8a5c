/// RFC 3339 in UTC, written and read by hand: the API prints times on its hottest path.
///
/// The calendar arithmetic is the proleptic Gregorian "days from civil" algorithm with
/// years that begin in March, so that the leap day comes last.
extension Timestamp {
    /// `2027-11-21T12:34:56Z`, rounded down to the second.
    public var text: String {
        String(unsafeUninitializedCapacity: 20) { buffer in
            write(to: buffer)
            return 20
        }
    }

    private func write(to buffer: UnsafeMutableBufferPointer<UInt8>) {
        let days = seconds >= 0 ? seconds / 86400 : (seconds - 86399) / 86400
        let time = seconds - days * 86400
        let (year, month, day) = Self.civil(fromDays: days)
        func put(_ value: Int64, at start: Int, digits: Int) {
            var rest = value
            for place in stride(from: start + digits - 1, through: start, by: -1) {
                buffer[place] = UInt8(48 + rest % 10)
                rest /= 10
            }
        }
        for (place, mark) in zip([4, 7, 10, 13, 16, 19], "--T::Z".utf8) { buffer[place] = mark }
        put(year, at: 0, digits: 4)
        put(month, at: 5, digits: 2)
        put(day, at: 8, digits: 2)
        put(time / 3600, at: 11, digits: 2)
        put(time / 60 % 60, at: 14, digits: 2)
        put(time % 60, at: 17, digits: 2)
    }

    private static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// Reads an RFC 3339 date-time with `Z` or an offset, or a bare date (its first moment in UTC);
    /// `nil` for anything
    /// else: a day that its month does not have, a year before 1970 or beyond 9998.
    public init?(text: String) {
        let parts = text.wholeMatch(of: Self.pattern)
        guard let parts, let year = Int64(parts.1), let month = Int64(parts.2), let day = Int64(parts.3) else {
            return nil
        }
        let start = Self.days(year: year, month: month, day: day)
        guard (1970...9998).contains(year), (1...12).contains(month), day >= 1,
            Self.civil(fromDays: start) == (year, month, day)
        else { return nil }
        guard let clock = parts.4 else {
            self.init(seconds: start * 86400)
            return
        }
        guard let seconds = Self.secondsOfDay(clock), let offset = Self.offset(parts.5 ?? "Z") else { return nil }
        self.init(seconds: start * 86400 + seconds - offset)
    }

    private static var pattern: Regex<(Substring, Substring, Substring, Substring, Substring?, Substring?)> {
        #/
        ([0-9]{4})-([0-9]{2})-([0-9]{2})
        (?:[Tt\ ]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2}))?
        /#
    }

    private static func secondsOfDay(_ clock: Substring) -> Int64? {
        let fields = clock.split(separator: ":").compactMap { Int64($0) }
        guard fields.count == 3, fields[0] < 24, fields[1] < 60, fields[2] < 60 else { return nil }
        return fields[0] * 3600 + fields[1] * 60 + fields[2]
    }

    private static func offset(_ zone: Substring) -> Int64? {
        guard let sign = zone.first, sign == "+" || sign == "-" else { return 0 }
        let fields = zone.dropFirst().split(separator: ":").compactMap { Int64($0) }
        guard fields.count == 2, fields[0] < 24, fields[1] < 60 else { return nil }
        return (fields[0] * 3600 + fields[1] * 60) * (sign == "-" ? -1 : 1)
    }
}
