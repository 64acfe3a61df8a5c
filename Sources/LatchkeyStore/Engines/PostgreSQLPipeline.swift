import CLibpq
import LatchkeyCore

/// One statement for many rows, in libpq's pipeline mode (34.5): rows go out while the server is at work on those
/// before them, so that a round trip is paid for a hundred, not for each.
extension PostgreSQLSession {
    /// Rows sent before their answers are read. The answers are some 25 bytes each, which fit into the buffers between:
    /// the server never waits for us to read while we wait for it.
    private static let rowsInFlight = 128

    mutating func run(_ text: String, each rows: [[SQLValue]]) throws(Refusal) -> [Int] {
        guard let first = rows.first else { return [] }
        guard rows.allSatisfy({ $0.count == first.count }) else { throw fail(nil, in: text) }
        // The type of a place is that of the first row that has a value there.
        let values = first.indices.map { place in rows.lazy.map { $0[place] }.first { $0 != .null } ?? .null }
        // Where none has, the server infers one, which need not be that of a value that comes another day.
        let types = values.contains(.null) ? values.map(PostgreSQLParameters.type) : []
        let name = try prepare(text, for: values, key: types.isEmpty ? nil : "\(text) \(types)")
        var changes: [Int] = []
        for part in rows.parts(of: Self.rowsInFlight) { changes += try pipe(part, through: name, text) }
        return changes
    }

    /// The pipeline is emptied and left whatever the answers are, so that the session can go on.
    private mutating func pipe(_ rows: [[SQLValue]], through name: String, _ text: String) throws(Refusal) -> [Int] {
        guard PQenterPipelineMode(handle) == 1 else { throw fail(nil, in: text) }
        let areSent = rows.allSatisfy { PostgreSQLParameters($0).send(name, on: handle) }
        let isEnded = PQpipelineSync(handle) == 1
        let (changes, flaw) = answers()
        let isLeft = PQexitPipelineMode(handle) == 1
        guard flaw == nil, areSent, isEnded, isLeft else { throw fail(flaw, in: text) }
        return changes
    }

    /// How many rows each execution changed, up to the end of the pipeline; and the first answer that tells of a
    /// failure. Those after it were not carried out.
    private func answers() -> (changes: [Int], flaw: OpaquePointer?) {
        var (changes, flaw): ([Int], OpaquePointer?) = ([], nil)
        while let result = nextAnswer() {
            switch PQresultStatus(result) {
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK: changes.append(PostgreSQLResult(result).changed)
            case PGRES_PIPELINE_SYNC:
                PQclear(result)
                return (changes, flaw)
            case _ where flaw == nil: flaw = result
            default: PQclear(result)
            }
            if PQstatus(handle) != CONNECTION_OK { break }
        }
        return (changes, flaw)
    }

    /// A NULL stands behind each answer. A second one means that no more come: the connection is lost.
    private func nextAnswer() -> OpaquePointer? { PQgetResult(handle) ?? PQgetResult(handle) }
}
