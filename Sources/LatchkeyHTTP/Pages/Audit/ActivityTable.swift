import Foundation
import LatchkeyCore

/// Events of the audit log as lines of CSV (RFC 4180), for spreadsheets.
struct ActivityTable: Sendable {
    /// The reader's zone, for the column of local times.
    private let zone: TimeZone

    /// - Parameter zone: its name, such as `Europe/Berlin`; UTC when there is none of that name.
    init(zone name: String?) {
        zone = name.flatMap { $0.utf8.count <= 64 ? TimeZone(identifier: $0) : nil } ?? .gmt
    }

    static let head = line([
        "user", "action", "entity_id", "entity_type", "issued_at_local", "issued_at_utc", "outcome", "token_id",
        "address", "user_agent", "request_id", "seq", "changes",
    ])

    func line(_ recorded: RecordedEvent) -> String {
        let event = recorded.event
        return Self.line([
            event.actor.handle, event.verb.rawValue, "\(event.objectID)", event.objectType.rawValue, local(event.at),
            event.at.text, event.outcome.rawValue, event.actor.token.map { "\($0)" } ?? "",
            event.origin.address?.description ?? "", event.origin.userAgent ?? "", event.origin.requestID ?? "",
            "\(recorded.seq)", event.changes.map(Self.text).joined(separator: "; "),
        ])
    }

    /// `2027-11-21T13:34:56+01:00`.
    private func local(_ moment: Timestamp) -> String {
        let offset = Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(moment.seconds))))
        let text = Timestamp(seconds: moment.seconds + offset).text.dropLast()
        guard offset != 0 else { return "\(text)+00:00" }
        let minutes = abs(offset) / 60
        return "\(text)\(offset < 0 ? "-" : "+")\(Self.two(minutes / 60)):\(Self.two(minutes % 60))"
    }

    private static func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static func text(_ change: FieldChange) -> String {
        let (before, after) = (change.before.map(EventWords.text), change.after.map(EventWords.text))
        return "\(change.field): " + [before, after].compactMap { $0 }.joined(separator: " → ")
    }

    private static func line(_ cells: [String]) -> String { cells.map(cell).joined(separator: ",") + "\r\n" }

    /// What a spreadsheet would take for a formula is kept from being one by an apostrophe, as OWASP's page on CSV
    /// injection advises.
    private static func cell(_ text: String) -> String {
        let isFormula = text.unicodeScalars.first.map { "=+-@\t\r\n".unicodeScalars.contains($0) } ?? false
        let isSpecial = text.unicodeScalars.contains { ",\"\r\n".unicodeScalars.contains($0) }
        guard isFormula || isSpecial else { return text }
        return "\"" + (isFormula ? "'" : "") + text.replacing("\"", with: "\"\"") + "\""
    }
}
