import CLibpq
import LatchkeyCore

/// What the server answered to one statement.
///
/// A result is apart from its connection, and only read from then on (libpq, 34.20); that is why it is kept by its
/// address, which no lock of the connection holds back.
struct PostgreSQLResult: ~Copyable, Sendable {
    private let address: UInt

    init(_ pointer: OpaquePointer) {
        address = UInt(bitPattern: pointer)
    }

    deinit { PQclear(pointer) }

    private var pointer: OpaquePointer? { OpaquePointer(bitPattern: address) }

    /// How many rows the statement changed.
    var changed: Int { PQcmdTuples(pointer).flatMap { Int(String(cString: $0)) } ?? 0 }

    func eachRow(_ body: (Row) throws(Refusal) -> Void) throws(Refusal) {
        guard let pointer else { return }
        for row in 0..<PQntuples(pointer) { try body(Row(source: .postgres(pointer, row))) }
    }
}
