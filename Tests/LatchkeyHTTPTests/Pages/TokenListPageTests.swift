import HTTPTypes
import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyHTTP

@Suite("The list of tokens")
struct TokenListPageTests {
    private static let service = "/settings/tokens/service"

    /// One token in each state, of two service users.
    private static func givenTokens(_ server: TestServer) async throws {
        let load = try await server.givenServiceUser("Nightly Load")
        let sync = try await server.givenServiceUser("Alation Sync")
        let admin = try await server.adminCaller
        let short = NewToken(name: "short-lived", owner: load, lifetime: .days(1))
        _ = try await server.app.issueToken(short, as: admin)
        server.clock.advance(by: .days(2))
        _ = try await server.givenToken(for: load, name: "active-one")
        let revoked = try await server.app.issueToken(
            NewToken(name: "revoked-one", owner: sync, lifetime: .never, isSCIMOnly: true), as: admin)
        _ = try await server.app.updateToken(
            revoked.summary.token.id, TokenEdit(revoke: true, reason: .compromised), as: admin)
    }

    @Test("shows service tokens with their state in a word, and what can be done with each")
    func rows() async throws {
        let server = try await TestServer()
        try await Self.givenTokens(server)
        try await server.browse { browser in
            let page = try await browser.get(Self.service)
            #expect(page.status == 200)
            for word in ["Active", "Revoked", "Expired", "Not Used", "SCIM", "Never", "Nightly Load"] {
                #expect(page.text.contains(word), "\(word)")
            }
            #expect(page.text.contains("1 day ago"), "an expiry is told as time")
            let rows = page.text.split(separator: "<tr").map(String.init)
            let active = try #require(rows.first { $0.contains("active-one") })
            #expect(active.contains("/rotate\"") && active.contains("/revoke\"") && !active.contains("/delete\""))
            let compromised = try #require(rows.first { $0.contains("revoked-one") })
            #expect(!compromised.contains("/restore\"") && compromised.contains("/delete\""))
            let expired = try #require(rows.first { $0.contains("short-lived") })
            #expect(!expired.contains("/restore\"") && expired.contains("/delete\""))
        }
    }

    @Test(
        "is searched, filtered and sorted by its query",
        arguments: [
            ("name=ACTIVE", ["active-one"]), ("status=revoked", ["revoked-one"]), ("status=expired", ["short-lived"]),
            ("user=nightly_load@service&sort=name", ["active-one", "short-lived"]), ("user=nobody@service", []),
            ("scim=true", ["revoked-one"]), ("sort=name&sort_dir=desc", ["short-lived", "revoked-one", "active-one"]),
            ("status=deleted", ["revoked-one", "active-one", "short-lived"]),
            ("status=x&page=0&sort=y", ["revoked-one"]),
        ])
    func query(query: String, names: [String]) async throws {
        let server = try await TestServer()
        try await Self.givenTokens(server)
        try await server.browse { browser in
            let page = try await browser.get("\(Self.service)?\(query)")
            #expect(page.status == 200)
            let found = ["active-one", "revoked-one", "short-lived"].compactMap { name in
                page.text.firstRange(of: ">\(name)</a>").map { (name, $0.lowerBound) }
            }
            let shown = found.sorted { $0.1 < $1.1 }.map(\.0)
            #expect(names.isEmpty ? shown.isEmpty : Array(shown.prefix(names.count)) == names, "\(shown)")
            if names.isEmpty { #expect(page.text.contains("No token matches")) }
        }
    }

    @Test("draws what each token did in the last days")
    func sparkLines() async throws {
        let server = try await TestServer()
        let token = try await server.givenToken(for: server.givenServiceUser("Nightly Load"))
        try await server.test { client in
            for _ in 0..<3 { _ = try await client.ask(.get, "/api/users/me", as: token) }
        }
        try await server.app.flushUsage()
        try await server.browse { browser in
            let page = try await browser.get(Self.service)
            #expect(page.text.contains("3 uses in 30 days"))
            #expect(page.text.contains(#"<polyline class="spark""#))
        }
    }

    @Test("shows one's own personal tokens, and no tab of service tokens to others than Admins")
    func personal() async throws {
        let server = try await TestServer()
        _ = try await server.givenToken(for: server.givenServiceUser("Nightly Load"), name: "not-yours")
        let person = try await server.givenPerson("grace@example.com")
        try await server.browse(as: person) { browser in
            let page = try await browser.get("/settings/tokens")
            #expect(page.status == 200)
            #expect(page.text.contains("bootstrap"), "her own")
            #expect(!page.text.contains("not-yours"))
            #expect(!page.text.contains(Self.service))
            let refused = try await browser.get(Self.service)
            #expect(refused.status == 403)
        }
    }

    @Test("shows names as they are written, whatever they hold")
    func hostileNames() async throws {
        let server = try await TestServer()
        let name = #"<img src=x onerror=alert(1)>"'&{{name}}"#
        _ = try await server.givenToken(for: server.givenServiceUser("Nightly Load"), name: name)
        try await server.browse { browser in
            let probe = FormText.encoded("\"><script>alert(1)</script>")
            for query in ["", "?name=\(probe)", "?user=\(probe)", "?back=\(probe)&\(probe)=1"] {
                let page = try await browser.get("\(Self.service)\(query)")
                #expect(page.status == 200)
                #expect(!page.text.contains("<img") && !page.text.contains("<script>alert"))
            }
            let page = try await browser.get(Self.service)
            #expect(page.text.contains("&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;{{name}}"))
        }
    }

    @Test("stays small with a full page")
    func size() async throws {
        let server = try await TestServer()
        let user = try await server.givenServiceUser("Nightly Load With A Long Name")
        for number in 10...40 { _ = try await server.givenToken(for: user, name: "production-pipeline-\(number)") }
        try await server.browse { browser in
            let page = try await browser.get(Self.service)
            #expect(page.text.contains("1–25 of 31"))
            let filtered = try await browser.get(
                "\(Self.service)?status=active&unused_since=2099-01-01T00:00:00Z&sort=name")
            for text in [page.text, filtered.text] { #expect(text.utf8.count < 62_000, "\(text.utf8.count) bytes") }
        }
    }

    @Test("is come back to, narrowed as it was, after something was done with a row")
    func wayBack() async throws {
        let server = try await TestServer()
        _ = try await server.givenToken(for: server.givenServiceUser("Nightly Load"), name: "active-one")
        try await server.browse { browser in
            let list = "\(Self.service)?status=active&name=act"
            let row = try await browser.get(list).text
            let path = try #require(row.firstMatch(of: /href="([^"]+\/revoke)"/).map { String($0.1) })
            let asked = try await browser.get(path, headers: [.referer: "https://latchkey.example.com\(list)"])
            let back = "\(path)?back=\(FormText.encoded(list))"
            #expect(asked.text.contains(#"action="\#(back)""#))
            let done = try await browser.send([("reason", "unspecified")], to: back)
            #expect(done.location == list)
        }
    }

    @Test(
        "does not take another page for the list that somebody came from",
        arguments: [
            "https://evil.example.com//evil.example.com", "https://evil.example.com", "no address",
            "https://latchkey.example.com/settings/audit", "https://latchkey.example.com/settings/tokens/1",
        ])
    func otherReferers(referer: String) async throws {
        let server = try await TestServer()
        let user = try await server.givenServiceUser("Nightly Load")
        _ = try await server.givenToken(for: user, name: "active-one")
        try await server.browse { browser in
            let row = try await browser.get(Self.service).text
            let path = try #require(row.firstMatch(of: /href="([^"]+\/revoke)"/).map { String($0.1) })
            let asked = try await browser.get(path, headers: [.referer: referer])
            #expect(asked.text.contains(#"action="\#(path)""#))
        }
    }
}
