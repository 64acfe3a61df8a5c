import HTTPTypes
import LatchkeyApp
import LatchkeyCore
import Testing

@testable import LatchkeyHTTP

@Suite("The page of a user")
struct UserPageTests {
    private static func path(_ id: ID<User>) -> String { "/settings/security/users/\(id)" }

    @Test("tells facts, tokens, rights and why, and history")
    func service() async throws {
        let server = try await TestServer()
        let user = try await server.givenServiceUser("Nightly Load", role: .manager)
        _ = try await server.givenToken(for: user, name: "production")
        try await server.browse { browser in
            let page = try await browser.get(Self.path(user))
            #expect(page.status == 200)
            for words in [
                "nightly_load@service", "production</a>", "Not Used", "Active", "Effective rights",
                "the role Manager includes it", "needs the role Admin", "Not documented", "Nobody", "created",
                "0 uses and 0 refusals in 30 days", "Generate token",
            ] {
                #expect(page.text.contains(words), "\(words)")
            }
        }
    }

    @Test("tells from where, with what and for what a service user's tokens were used")
    func places() async throws {
        let server = try await TestServer()
        let user = try await server.givenServiceUser("Nightly Load", role: .manager)
        let (one, other) = (
            try await server.givenToken(for: user, name: "one"), try await server.givenToken(for: user, name: "other")
        )
        try await server.test { client in
            for token in [one, other] {
                _ = try await client.ask(.get, "/api/users/me", as: token, headers: [.userAgent: "loader/2.0"])
            }
            _ = try await client.ask(.post, "/api/teams", as: one, "{}")
        }
        try await server.app.flushUsage()
        try await server.browse { browser in
            let page = try await browser.get(Self.path(user))
            #expect(page.text.contains("GET /api/users/me</span><small>2 · "))
            #expect(page.text.contains("POST /api/teams</span><small>1, 1 refused · "))
            #expect(page.text.contains("loader"))
        }
    }

    @Test("keeps a person's tokens to themselves, and a service user's to Admins")
    func others() async throws {
        let server = try await TestServer()
        let grace = try await server.givenPerson("grace@example.com", role: .manager)
        let user = try await server.givenServiceUser("Nightly Load")
        _ = try await server.givenToken(for: user, name: "secret-name")
        try await server.browse { browser in
            let page = try await browser.get(Self.path(grace))
            #expect(page.text.contains("Personal tokens are seen and managed by their owner alone."))
            #expect(!page.text.contains("Generate token"))
        }
        try await server.browse(as: grace) { browser in
            let page = try await browser.get(Self.path(user))
            #expect(page.status == 200)
            #expect(page.text.contains("It has 1 active token. Admins manage them."))
            #expect(!page.text.contains("secret-name"))
            #expect(!page.text.contains("Deactivate"))
        }
    }

    @Test("of nobody is not there")
    func nobody() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            for end in ["999999", "0", "x", "1e3", "-1", "99999999999999999999"] {
                let page = try await browser.get("/settings/security/users/\(end)")
                #expect(page.status == 404, "\(end)")
            }
        }
    }
}
