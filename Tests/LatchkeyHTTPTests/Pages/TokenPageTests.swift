import HTTPTypes
import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyHTTP

@Suite("The page of a token")
struct TokenPageTests {
    @Test("shows facts, what it may do and why, what it did, and its history")
    func all() async throws {
        let server = try await TestServer()
        let user = try await server.givenServiceUser("Nightly Load", role: .manager)
        let sales = try await server.app.createResource(
            ResourceEdit(kind: "datastore", name: "Sales"), as: server.adminCaller)
        _ = try await server.app.createTeam(
            TeamEdit(name: "Data", permission: .author, users: [user], resources: [sales.id]), as: server.adminCaller)
        let issued = try await server.app.issueToken(
            NewToken(
                name: "production", owner: user, lifetime: .days(30),
                limits: NarrowingRequest(role: .editor, teams: ["Public", "Data"])), as: server.adminCaller)
        let token = issued.summary.token
        try await server.test { client in
            let headers: HTTPFields = [.userAgent: "curl/8.9.1"]
            for _ in 0..<4 {
                _ = try await client.ask(
                    .get, "/api/users/me", as: issued.secret.reveal(), headers: headers)
            }
        }
        try await server.browse { browser in
            let page = try await browser.get(token.path)
            #expect(page.status == 200)
            let words = [
                "production", "Nightly Load", "nightly_load@service", "Limited to the role", "Limited to teams",
                "Acts as Editor, which the token is limited to; the account is Manager.", "Teams: Public, Data.",
                "the role Editor includes it", "needs the role Admin", "the token is limited to a lower one", "Sales",
                "Author", "4 uses and 0 refusals in 30 days", "curl", "GET /api/users/me", "generated",
            ]
            for word in words { #expect(page.text.contains(word), "\(word)") }
        }
    }

    @Test("says when nothing works, and why")
    func revoked() async throws {
        let server = try await TestServer()
        let user = try await server.givenServiceUser("Nightly Load")
        let issued = try await server.app.issueToken(
            NewToken(name: "production", owner: user, lifetime: .days(30)), as: server.adminCaller)
        let token = issued.summary.token
        _ = try await server.app.updateToken(
            token.id, TokenEdit(revoke: true, reason: .compromised), as: server.adminCaller)
        try await server.browse { browser in
            let page = try await browser.get(token.path)
            #expect(page.text.contains("Nothing: the token is revoked."))
            #expect(page.text.contains("Compromised: it may be in wrong hands"))
            #expect(page.text.contains("Not used in these days"))
            #expect(!page.text.contains(">Restore</a>"))
            for path in ["/settings/tokens/999", "/settings/tokens/x", "/settings/tokens/0"] {
                let missing = try await browser.get(path)
                #expect(missing.status == 404, "\(path)")
            }
        }
    }

    @Test("shows everything that strangers wrote as it is written")
    func hostile() async throws {
        let server = try await TestServer()
        let user = try await server.givenServiceUser("<b>Load</b>")
        let issued = try await server.app.issueToken(
            NewToken(name: "<script>alert(1)</script>", owner: user, lifetime: .days(30)), as: server.adminCaller)
        try await server.test { client in
            _ = try await client.ask(
                .get, "/api/users/me", as: issued.secret.reveal(), headers: [.userAgent: "<img/onerror=alert(2)>"])
        }
        try await server.browse { browser in
            let page = try await browser.get(issued.summary.token.path)
            #expect(page.status == 200)
            for text in ["<script>alert", "<b>Load", "<img"] { #expect(!page.text.contains(text), "\(text)") }
        }
    }
}
