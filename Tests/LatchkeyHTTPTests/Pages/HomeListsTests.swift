import HTTPTypes
import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyHTTP

/// Each number on Home is the length of the list behind it.
@Suite("A number on Home")
struct HomeListsTests {
    private struct Card {
        let count: String
        let words: String
        let path: String
    }

    private static func cards(in html: String) -> [Card] {
        html.matches(of: /<a class="card [a-z]+" href="([^"]+)">.*?<b>([0-9,]+)<\/b><span>([^<]+)<\/span>/)
            .map { Card(count: String($0.2), words: String($0.3), path: plain($0.1)) }
    }

    private static func plain(_ text: Substring) -> String { String(text).replacing("&amp;", with: "&") }

    /// How many a list says that it has.
    private static func total(in html: String) -> String {
        if html.contains("No token matches") || html.contains("No user matches") { return "0" }
        return html.firstMatch(of: /aria-label="Pages">\s*<p>(?:[0-9,]+–[0-9,]+ of )?([0-9,]+)(?: in all)?<\/p>/)
            .map { String($0.1) } ?? "none"
    }

    /// Tokens and service users of which every card counts some and leaves some out.
    private func givenOrganisation(_ server: TestServer) async throws {
        let admin = try await server.adminCaller
        let grace = try await server.givenPerson("grace@example.com")
        let load = try await server.givenServiceUser("Nightly Load")
        for (name, days) in [("short", 20), ("long", 80), ("ended", 1)] {
            _ = try await server.app.issueToken(NewToken(name: name, owner: load, lifetime: .days(days)), as: admin)
        }
        for number in 1...20 {
            let never = NewToken(name: "never \(number)", owner: load, lifetime: .never)
            _ = try await server.app.issueToken(never, as: admin)
        }
        let stopped = try await server.givenToken(for: load, name: "stopped")
        let id = try #require(
            try await server.app.listTokens(
                .service, TokenFilter(name: "stopped", now: server.clock.now), PageRequest(), as: admin
            ).items.first?.token.id)
        _ = try await server.app.updateToken(id, TokenEdit(revoke: true), as: admin)
        let owned = NewServiceUser(
            name: "Left Behind", role: .member, purpose: "What Grace built", owner: grace)
        _ = try await server.app.createServiceUser(owned, as: admin)
        try await server.app.deactivateUser(grace, revokingTokens: true, as: admin)
        server.clock.advance(by: .days(2))
        try await server.test { client in
            let late = try await client.ask(.get, "/api/users/me", as: stopped)
            #expect(late.status == 401)
        }
        try await server.app.flushUsage()
    }

    @Test("leads to a list of just so many")
    func cards() async throws {
        let server = try await TestServer()
        try await givenOrganisation(server)
        try await server.browse { browser in
            let home = try await browser.get("/")
            let cards = Self.cards(in: home.text)
            let expected = [
                "used after revocation": "1", "expiring in 30 days": "1", "unused for 90 days": "23",
                "never expiring": "20", "service users without owner": "1",
                "service users whose owner left": "1", "service users without purpose": "1",
            ]
            #expect(Dictionary(cards.map { ($0.words, $0.count) }) { first, _ in first } == expected)
            for card in cards {
                let list = try await browser.get(card.path)
                #expect(list.status == 200)
                #expect(Self.total(in: list.text) == card.count, "\(card.words): \(card.path)")
                #expect(list.text.contains(#"<span class="count""#), "the badge says that it is narrowed")
            }
        }
    }

    @Test("of the timeline leads to the tokens of that day")
    func timeline() async throws {
        let server = try await TestServer()
        try await givenOrganisation(server)
        try await server.browse { browser in
            let home = try await browser.get("/")
            let bars = home.text.matches(of: /<a href="([^"]+)" aria-label="[^"]*: ([0-9,]+) tokens? ends?"/)
            #expect(bars.count == 2)
            for bar in bars {
                let list = try await browser.get(Self.plain(bar.1))
                #expect(Self.total(in: list.text) == String(bar.2))
            }
        }
    }

    @Test("leads to service users whose owner has gone, by name, and to no others")
    func orphans() async throws {
        let server = try await TestServer()
        try await givenOrganisation(server)
        try await server.browse { browser in
            let list = try await browser.get("/settings/security/users?service=true&orphaned=true")
            #expect(list.text.contains("left_behind@service"))
            #expect(!list.text.contains("nightly_load@service"))
            let page = list.text.firstMatch(of: /href="(\/settings\/security\/users\/\d+)"/).map { String($0.1) } ?? ""
            let user = try await browser.get(page)
            #expect(user.text.contains("is deactivated: find a new owner"))
        }
    }
}

@Suite("What a link narrows a list of tokens by")
struct TokenMarkTests {
    private static let service = "/settings/tokens/service"

    @Test("is shown in the filter panel, counted, and taken off again")
    func marks() async throws {
        let server = try await TestServer()
        let load = try await server.givenServiceUser("Nightly Load")
        _ = try await server.givenToken(for: load)
        try await server.browse { browser in
            let query = "status=active&revoked=false&expires_from=2026-01-01T00:00:00Z&expires_before=2100-01-01"
            let list = try await browser.get("\(Self.service)?\(query)&unused_since=2100-01-01&never_expires=true")
            #expect(list.text.contains(#"aria-label="6 active">6</span>"#))
            for words in ["Never revoked", "Ends on 1 Jan 2026, 00:00 UTC or later", "Not used since 1 Jan 2100"] {
                #expect(list.text.contains(words), "\(words)")
            }
            #expect(list.text.contains(#"<input type="hidden" name="revoked" value="false">"#))
            let removal = try #require(
                list.text.firstMatch(of: /href="([^"]+)" aria-label="Remove: Never revoked"/).map { String($0.1) })
            #expect(!removal.contains("revoked=false") && removal.contains("expires_from="))
            let without = try await browser.get(removal.replacing("&amp;", with: "&"))
            #expect(without.text.contains(#"aria-label="5 active">5</span>"#))
            #expect(!without.text.contains("Never revoked"))
        }
    }

    @Test(
        "narrows by each word alone",
        arguments: [
            ("never_expires=true", ["endless"]), ("used_after_revocation=true", []), ("revoked=true", ["stopped"]),
            ("revoked=false", ["endless", "month"]), ("revoked=perhaps", ["endless", "month", "stopped"]),
            ("expires_from=2099-01-01", ["endless"]), ("expires_from=nonsense", ["endless", "month", "stopped"]),
        ])
    func words(query: String, names: [String]) async throws {
        let server = try await TestServer()
        let load = try await server.givenServiceUser("Nightly Load")
        let admin = try await server.adminCaller
        _ = try await server.givenToken(for: load, name: "month")
        _ = try await server.app.issueToken(NewToken(name: "endless", owner: load, lifetime: .never), as: admin)
        let stopped = try await server.app.issueToken(
            NewToken(name: "stopped", owner: load, lifetime: .days(30)), as: admin)
        _ = try await server.app.updateToken(stopped.summary.token.id, TokenEdit(revoke: true), as: admin)
        try await server.browse { browser in
            let list = try await browser.get("\(Self.service)?\(query)")
            let shown = ["endless", "month", "stopped"].filter { list.text.contains(">\($0)</a>") }
            #expect(shown == names)
        }
    }
}
