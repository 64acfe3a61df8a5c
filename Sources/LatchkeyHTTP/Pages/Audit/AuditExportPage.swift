import HummingbirdCore
import LatchkeyApp
import LatchkeyCore
import NIOCore

/// The whole filter of the audit page as a file: CSV for spreadsheets, or a line of JSON for each event.
struct AuditExportPage: Sendable {
    let app: App

    static let path = "/settings/audit/export"

    var endpoints: [PageEndpoint] {
        [.get(Self.path, .needs(.readActivity), export)]
    }

    private enum Format: String {
        case csv, ndjson

        var type: String { self == .csv ? "text/csv; charset=utf-8" : "application/x-ndjson" }
    }

    @Sendable
    private func export(_ visit: Visit) async throws -> PageReply {
        let format: Format = visit.query.choice("format") ?? .csv
        let filter = try await AuditQuery(app: app, visit: visit).filter()
        let export = try await app.exportActivity(filter, format: format.rawValue, as: visit.caller)
        let lines = lines(format, visit)
        let name = "latchkey-audit-\(visit.now.text.prefix(10)).\(format.rawValue)"
        return PageReply(
            content: .stream(name: name, type: format.type) { writer in
                if format == .csv { try await writer.write(ByteBuffer(string: ActivityTable.head)) }
                var last: RecordedEvent?
                while let end = try await Self.write(export.part(behind: last), lines, to: &writer) { last = end }
                try await writer.finish(nil)
            })
    }

    /// - Returns: the last event; `nil` when there was none.
    private static func write(
        _ part: [RecordedEvent], _ lines: (RecordedEvent) throws -> [UInt8], to writer: inout any ResponseBodyWriter
    ) async throws -> RecordedEvent? {
        guard let last = part.last else { return nil }
        var buffer = ByteBuffer()
        for event in part { buffer.writeBytes(try lines(event)) }
        try await writer.write(buffer)
        return last
    }

    private func lines(_ format: Format, _ visit: Visit) -> @Sendable (RecordedEvent) throws -> [UInt8] {
        switch format {
        case .csv:
            let table = ActivityTable(zone: visit.query.given("zone"))
            return { Array(table.line($0).utf8) }
        case .ndjson:
            let now = visit.now
            let render = Rendering(app: app) { now }
            return { try StreamEncoder.encode(render.activity($0)) + [UInt8(ascii: "\n")] }
        }
    }
}
