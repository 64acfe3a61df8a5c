public import LatchkeyCore
import LatchkeyStore

/// The whole of a filter of the audit log, newest first, read in parts: what happens while it is read comes before its
/// first part, and is not in it.
public struct ActivityExport: Sendable {
    private static let partSize = 500

    private let app: App
    private let filter: ActivityFilter
    private let caller: Caller

    fileprivate init(_ app: App, _ filter: ActivityFilter, as caller: Caller) {
        self.app = app
        self.filter = filter
        self.caller = caller
    }

    /// Refused as soon as the reader has lost their access: a long log, read slowly, takes its time.
    ///
    /// - Parameter last: of the part before; `nil` for the first part. An empty part is the end.
    public func part(behind last: RecordedEvent?) async throws(Refusal) -> [RecordedEvent] {
        try await app.store.read { db throws(Refusal) in
            try app.requireStanding(of: caller, in: db)
            return try db.activity(filter, behind: last, limit: Self.partSize)
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
        return ActivityExport(self, spanned, as: caller)
    }
}
