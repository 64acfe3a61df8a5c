import CLibpq
import GRDBSQLite
import LatchkeyCore

/// The row that a query stands on. Columns are read in place, by position; it is not to be kept.
///
/// A start reads a million of these, so nothing is gathered into arrays or dictionaries: each read goes straight to
/// the engine's own buffer.
struct Row {
    enum Source {
        case sqlite(OpaquePointer)
        case postgres(OpaquePointer, Int32)
    }

    let source: Source

    func isNull(_ column: Int32) -> Bool {
        switch source {
        case .sqlite(let statement): sqlite3_column_type(statement, column) == SQLITE_NULL
        case .postgres(let result, let row): PQgetisnull(result, row, column) == 1
        }
    }

    /// A whole number; `0` for NULL.
    func int(_ column: Int32) -> Int64 {
        switch source {
        case .sqlite(let statement): return sqlite3_column_int64(statement, column)
        case .postgres(let result, let row):
            guard let bytes = PQgetvalue(result, row, column) else { return 0 }
            return Self.bigEndian(UnsafeRawPointer(bytes), count: Int(PQgetlength(result, row, column)))
        }
    }

    /// PostgreSQL's binary integers: 8, 4 or 2 bytes in network order, a boolean in one.
    private static func bigEndian(_ bytes: UnsafeRawPointer, count: Int) -> Int64 {
        switch count {
        case 8: Int64(bigEndian: bytes.loadUnaligned(as: Int64.self))
        case 4: Int64(Int32(bigEndian: bytes.loadUnaligned(as: Int32.self)))
        case 2: Int64(Int16(bigEndian: bytes.loadUnaligned(as: Int16.self)))
        case 1: Int64(bytes.loadUnaligned(as: UInt8.self))
        default: 0
        }
    }

    /// The bytes of a text or blob, valid within the closure; none for NULL.
    func withBytes<Value>(_ column: Int32, _ body: (UnsafeRawBufferPointer) -> Value) -> Value {
        switch source {
        case .sqlite(let statement):
            let start = sqlite3_column_blob(statement, column)
            return body(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column))))
        case .postgres(let result, let row):
            let start = PQgetvalue(result, row, column).map { UnsafeRawPointer($0) }
            return body(UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(result, row, column))))
        }
    }
}

extension Row {
    func optionalInt(_ column: Int32) -> Int64? {
        isNull(column) ? nil : int(column)
    }

    func flag(_ column: Int32) -> Bool { int(column) != 0 }

    func text(_ column: Int32) -> String {
        withBytes(column) { String(decoding: $0, as: UTF8.self) }
    }

    func optionalText(_ column: Int32) -> String? {
        isNull(column) ? nil : text(column)
    }

    func blob(_ column: Int32) -> [UInt8] {
        withBytes(column) { [UInt8]($0) }
    }

    func optionalBlob(_ column: Int32) -> [UInt8]? {
        isNull(column) ? nil : blob(column)
    }

    func id<Kind>(_ column: Int32) -> ID<Kind> { ID(int(column)) }

    func optionalID<Kind>(_ column: Int32) -> ID<Kind>? {
        optionalInt(column).map { ID($0) }
    }

    func time(_ column: Int32) -> Timestamp { Timestamp(milliseconds: int(column)) }

    func optionalTime(_ column: Int32) -> Timestamp? {
        optionalInt(column).map { Timestamp(milliseconds: $0) }
    }

    /// One of a closed list of words. The schema's CHECK holds the same list, so another word means that a newer
    /// program wrote it; guessing would turn that into a wrong right.
    func word<Word: RawRepresentable<String>>(_ column: Int32) throws(Refusal) -> Word {
        guard let word = Word(rawValue: text(column)) else {
            throw .unavailable(
                "The database holds a \(Word.self) that this program does not know; run the newest version.",
                retryAfter: .seconds(60))
        }
        return word
    }
}
