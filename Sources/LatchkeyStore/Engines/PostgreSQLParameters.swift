import CLibpq

/// The values of one execution in libpq's form: one buffer, and where in it each value begins.
struct PostgreSQLParameters {
    private var bytes: [UInt8] = []
    /// Where each value begins; `nil` for NULL.
    private var starts: [Int?] = []
    private var lengths: [Int32] = []

    /// Type numbers of the server: `int8`, `text`, `bytea`; 0 lets it infer one from the statement.
    static func type(_ value: SQLValue) -> Oid {
        switch value {
        case .null: 0
        case .int: 20
        case .text: 25
        case .blob: 17
        }
    }

    init(_ values: [SQLValue]) {
        for value in values {
            let start = bytes.count
            switch value {
            case .null: break
            case .int(let number): withUnsafeBytes(of: number.bigEndian) { bytes += $0 }
            case .text(let text): bytes += text.utf8
            case .blob(let blob): bytes += blob
            }
            starts.append(value == .null ? nil : start)
            lengths.append(Int32(bytes.count - start))
        }
        // An empty value still needs a place to point at: a null pointer would mean NULL.
        bytes.append(0)
    }

    /// Runs a prepared statement and waits for its answer.
    func execute(_ name: String, on handle: OpaquePointer) -> OpaquePointer? {
        pass { count, values, formats in PQexecPrepared(handle, name, count, values, lengths, formats, 1) }
    }

    /// The same without waiting.
    ///
    /// - Returns: whether it was sent.
    func send(_ name: String, on handle: OpaquePointer) -> Bool {
        pass { count, values, formats in PQsendQueryPrepared(handle, name, count, values, lengths, formats, 1) } == 1
    }

    private func pass<Answer>(_ body: (Int32, [UnsafePointer<CChar>?], [Int32]) -> Answer) -> Answer {
        bytes.withUnsafeBytes { buffer in
            let base = buffer.bindMemory(to: CChar.self).baseAddress
            let values: [UnsafePointer<CChar>?] = starts.map { start in start.flatMap { base?.advanced(by: $0) } }
            let formats = [Int32](repeating: 1, count: values.count)
            return body(Int32(values.count), values, formats)
        }
    }
}
