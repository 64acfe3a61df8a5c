import HTTPTypes
import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyHTTP

@Suite("The page of the audit log")
struct AuditPageTests {
    private static let path = "/settings/audit"

    @Test("shows figures, a chart, and the events by day with names and changes")
    func all() async throws {
        let server = try await TestServer()
        _ = try await server.givenServiceUser("Nightly Load", role: .editor)
        server.clock.advance(by: .days(1))
        let robot = try await server.givenToken(acting: .admin)
        try await server.test { client in
            _ = try await client.ask(.post, "/api/users", as: robot, #"{"name":"Made","role":"Member"}"#)
        }
        try await server.browse { browser in
            let page = try await browser.get(Self.path)
            #expect(page.status == 200)
            let words = [
                "21 Nov 2027", "22 Nov 2027", "Events", "By people", "Refused", "Actors", "user Nightly Load",
                "created", "Automation", "Acting Admin", "events by people, 1 by automation", "Editor",
                #"class="people""#, #"class="automation""#,
            ]
            for word in words { #expect(page.text.contains(word), "\(word)") }
            #expect(page.text.utf8.count < 80_000)
        }
    }

    @Test(
        "is narrowed by its query",
        arguments: [
            ("actions=issue", "token production", "user Nightly Load"),
            ("object_type=user", "user Nightly Load", "token production"),
            ("user=ada@example.com&actions=create", "user Nightly Load", "token production"),
            ("start_date=2027-11-21&end_date=2027-11-21&object_type=token", "token production", "user Nightly Load"),
            ("timeframe=hour&actions=create&actions=update", "user Nightly Load", "token production"),
        ])
    func query(query: String, shown: String, hidden: String) async throws {
        let server = try await TestServer()
        _ = try await server.givenToken(for: server.givenServiceUser("Nightly Load"))
        try await server.browse { browser in
            let page = try await browser.get("\(Self.path)?\(query)")
            #expect(page.status == 200)
            #expect(page.text.contains(shown))
            #expect(!page.text.contains(hidden))
        }
    }

    @Test(
        "says what is wrong with a filter, keeps it, and shows the usual days",
        arguments: [
            ("user=nobody@example.com", "There is nobody"), ("address=300.1.1.1", "must be an IPv4 or IPv6 address"),
            ("start_date=yesterday", "must be a date"), ("start_date=2020-01-01", "at most 366 days"),
            ("start_date=2027-11-21&end_date=2027-11-01", "must be before"),
        ])
    func flaws(query: String, words: String) async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            let page = try await browser.get("\(Self.path)?\(query)")
            #expect(page.status == 422)
            #expect(page.text.contains(words))
            #expect(page.text.contains("created"), "the usual days are shown")
        }
    }

    @Test("is an Admin's, and comes in pages")
    func access() async throws {
        let server = try await TestServer()
        for number in 0..<60 { _ = try await server.givenServiceUser("Load \(number)") }
        try await server.browse { browser in
            let page = try await browser.get("\(Self.path)?object_type=user")
            #expect(page.text.contains("1–50 of 61"))
            #expect(page.text.contains("object_type=user&amp;page=2"))
            #expect(page.text.utf8.count < 80_000, "\(page.text.utf8.count) bytes")
            #expect(page.text.contains("By people") && page.text.contains("<svg class=\"drawing\""))
            let second = try await browser.get("\(Self.path)?object_type=user&page=2")
            #expect(second.text.contains("51–61 of 61"))
            #expect(!second.text.contains("By people") && !second.text.contains("<svg class=\"drawing\""))
            #expect(second.text.contains("href=\"\(Self.path)?object_type=user\">Figures and chart"))
            let beyond = try await browser.get("\(Self.path)?object_type=user&page=99")
            #expect(beyond.location == "\(Self.path)?object_type=user&page=2")
        }
        let manager = try await server.givenPerson("grace@example.com", role: .manager)
        try await server.browse(as: manager) { browser in
            let page = try await browser.get(Self.path)
            #expect(page.status == 403)
        }
    }

    @Test("shows what was written by others as it was written")
    func hostile() async throws {
        let server = try await TestServer()
        _ = try await server.givenServiceUser("<script>alert(1)</script>")
        try await server.browse { browser in
            let probe = FormText.encoded("\"><script>alert(1)</script>")
            for query in ["", "?user=\(probe)", "?address=\(probe)", "?start_date=\(probe)", "?page=\(probe)"] {
                let page = try await browser.get(Self.path + query)
                #expect(!page.text.contains("<script>alert"), "\(query)")
            }
        }
    }
}
