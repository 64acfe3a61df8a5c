import LatchkeyCore

/// A statement whose values are bound, never spliced: each interpolation becomes a parameter, so that no text of a
/// caller can ever be read as SQL. Parameters are written `$1`, `$2`, …, which both engines understand.
struct SQL: Sendable {
    /// The text around the values; always one more than there are values.
    private(set) var pieces: [String]
    private(set) var values: [SQLValue]

    var text: String {
        guard !values.isEmpty else { return pieces[0] }
        var text = pieces[0]
        text.reserveCapacity(pieces.reduce(0) { $0 + $1.utf8.count + 6 })
        for (place, piece) in pieces.dropFirst().enumerated() {
            text += "$"
            text += String(place + 1)
            text += piece
        }
        return text
    }

    static func + (first: SQL, second: SQL) -> SQL {
        var joined = first
        joined += second
        return joined
    }

    static func += (first: inout SQL, second: SQL) {
        first.pieces[first.pieces.count - 1] += second.pieces[0]
        first.pieces += second.pieces.dropFirst()
        first.values += second.values
    }

    /// Of the statement itself, never of a caller.
    fileprivate mutating func append(text: StaticString) {
        pieces[pieces.count - 1] += text.description
    }

    fileprivate mutating func append(_ value: SQLValue) {
        values.append(value)
        pieces.append("")
    }
}

extension SQL: ExpressibleByStringInterpolation {
    init(stringLiteral value: StaticString) {
        pieces = [value.description]
        values = []
    }

    init(stringInterpolation: Interpolation) {
        self = stringInterpolation.sql
    }

    struct Interpolation: StringInterpolationProtocol {
        fileprivate var sql: SQL = ""

        init(literalCapacity: Int, interpolationCount: Int) {
            sql.pieces.reserveCapacity(interpolationCount + 1)
            sql.values.reserveCapacity(interpolationCount)
        }

        mutating func appendLiteral(_ literal: StaticString) {
            sql.append(text: literal)
        }

        mutating func appendInterpolation(_ value: some SQLConvertible) {
            sql.append(value.sqlValue)
        }

        mutating func appendInterpolation<Value: SQLConvertible>(_ value: Value?) {
            sql.append(value?.sqlValue ?? .null)
        }

        mutating func appendInterpolation(_ fragment: SQL) {
            sql += fragment
        }

        /// `IN (…)`, padded with the last value to a few sizes, so that the cache of prepared statements stays small.
        mutating func appendInterpolation(in list: [some SQLConvertible]) {
            guard let last = list.last else {
                sql.append(text: "IN (NULL)")
                return
            }
            let size = [1, 4, 16, 64, 256].first { $0 >= list.count } ?? list.count
            sql.append(text: "IN (")
            for place in 0..<size {
                if place > 0 { sql.append(text: ", ") }
                sql.append(place < list.count ? list[place].sqlValue : last.sqlValue)
            }
            sql.append(text: ")")
        }
    }
}

extension SQL {
    /// Conditions that hold together; `TRUE` when there are none.
    static func all(_ conditions: [SQL]) -> SQL {
        guard var joined = conditions.first else { return "TRUE" }
        for condition in conditions.dropFirst() { joined += " AND " + condition }
        return joined
    }
}
