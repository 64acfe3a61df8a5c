import HTTPTypes
import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyHTTP

@Suite("The export of the audit log")
struct AuditExportTests {
    private static let path = "/settings/audit/export"

    @Test("holds the whole filter and not a page of it, as CSV that opens in a spreadsheet")
    func table() async throws {
        let server = try await TestServer()
        for number in 100...160 { _ = try await server.givenServiceUser("Load \(number)") }
        _ = try await server.givenServiceUser("=1+1, \"x\"")
        try await server.browse { browser in
            let page = try await browser.get("/settings/audit?actions=create&object_type=user&page=2")
            let link = "\(Self.path)?actions=create&object_type=user&format=csv"
            #expect(page.text.contains("href=\"\(link.replacing("&", with: "&amp;"))\""))
            let file = try await browser.get(link + "&zone=Asia/Kathmandu")
            #expect(file.status == 200)
            #expect(file.headers[.contentType] == "text/csv; charset=utf-8")
            let name = "attachment; filename=\"latchkey-audit-2027-11-21.csv\""
            #expect(file.headers[.contentDisposition] == name)
            let lines = file.text.split(separator: "\r\n").map(String.init)
            let head = "user,action,entity_id,entity_type,issued_at_local,issued_at_utc,outcome"
            #expect(lines[0].hasPrefix(head))
            #expect(lines.count == 1 + 62 + 1, "the users, and the Admin who made them")
            #expect(lines.dropFirst().allSatisfy { $0.contains(",create,") && $0.contains(",user,") })
            #expect(lines[1].contains("+05:45,2027-11-21T"), "\(lines[1])")
            #expect(lines[1].contains(#"=1+1, ""x"""#))
        }
    }

    @Test("is a line of JSON for each event, and is itself recorded")
    func json() async throws {
        let server = try await TestServer()
        _ = try await server.givenServiceUser("Nightly Load")
        try await server.browse { browser in
            let file = try await browser.get("\(Self.path)?format=ndjson&object_type=user")
            let lines = file.text.split(separator: "\n")
            #expect(lines.count == 2)
            let first = try JSONTree(reading: Array(lines[0].utf8))
            #expect(first["verb"]?.string == "create")
            #expect(first["object_type"]?.string == "user")
            let log = try await browser.get("/settings/audit?actions=export")
            #expect(log.text.contains("exported"))
            let empty = try await browser.get("\(Self.path)?format=ndjson&actions=rotate")
            #expect(empty.status == 200)
            #expect(empty.text.isEmpty)
        }
    }

    @Test("keeps what a spreadsheet would carry out from being a formula")
    func formulas() {
        let table = ActivityTable(zone: "no/such zone")
        for text in ["=cmd()", "+1", "-1", "@SUM(A1)", "\tx"] {
            let origin = Origin(requestID: "r", address: nil, userAgent: text)
            let event = AuditEvent(
                at: Timestamp(seconds: 0), origin: origin, actor: AuditEvent.Actor(user: nil, handle: "h", token: nil),
                verb: .read, objectType: .activity, objectID: 0, changes: [], outcome: .done)
            let line = table.line(RecordedEvent(seq: 1, event: event, user: nil))
            #expect(line.contains(",\"'\(text)\","))
            #expect(line.contains(",1970-01-01T00:00:00+00:00,1970-01-01T00:00:00Z,"))
        }
    }

    @Test("is for Admins alone, and says what is wrong with a filter")
    func permission() async throws {
        let server = try await TestServer()
        let manager = try await server.givenPerson("m@example.com", role: .manager)
        try await server.browse(as: manager) { browser in
            let refused = try await browser.get(Self.path)
            #expect(refused.status == 403)
        }
        try await server.browse { browser in
            let wrong = try await browser.get("\(Self.path)?start_date=yesterday")
            #expect(wrong.status == 422)
        }
    }
}
