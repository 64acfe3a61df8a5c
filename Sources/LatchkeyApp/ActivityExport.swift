public import LatchkeyCore
import LatchkeyStore

/// The whole of a filter of the audit log, newest first, read in parts: what is written while it is read is not in it.
public struct ActivityExport: Sendable {
    private static let partSize = 500

    private let app: App
    private let filter: ActivityFilter
    /// The newest event of the moment at which it began.
    private let newest: Int64
    private let caller: Caller

    fileprivate init(_ app: App, _ filter: ActivityFilter, upTo newest: Int64, as caller: Caller) {
        self.app = app
        self.filter = filter
        self.newest = newest
        self.caller = caller
    }

    /// Refused as soon as the reader has lost their access: a long log, read slowly, takes its time.
    ///
    /// - Parameter last: of the part before; `nil` for the first part. An empty part is the end.
    public func part(behind last: RecordedEvent?) async throws(Refusal) -> [RecordedEvent] {
        try await app.store.read { db throws(Refusal) in
            try app.requireStanding(of: caller, in: db)
            return try db.activity(filter, behind: last, upTo: newest, limit: Self.partSize)
        }
    }
}

extension App {
    /// Begins an export, which is recorded before its first line, as a page is: where nothing can be written, the
    /// program's log has it. It spans what figures span: the last 30 days unless told otherwise.
    public func exportActivity(
        _ filter: ActivityFilter, format: String, as caller: Caller
    ) async throws(Refusal) -> ActivityExport {
        try caller.require(.readActivity)
        var spanned = filter
        (spanned.from, spanned.until) = try filter.countedSpan(at: ambient.now())
        await recordReading([FieldChange("format", after: .text(format))], by: caller, as: .export)
        let newest = try await store.read { db throws(Refusal) in try db.newestEvent() }
        return ActivityExport(self, spanned, upTo: newest, as: caller)
    }
}
