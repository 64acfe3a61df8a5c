import HTTPTypes
import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyHTTP

@Suite("Changing a token in the console")
struct TokenChangeTests {
    private static let list = "/settings/tokens/service"

    private static func given(_ server: TestServer, name: String = "production") async throws -> Token {
        let user = try await server.givenServiceUser("Nightly Load")
        let request = NewToken(name: name, owner: user, lifetime: .days(90))
        return try await server.app.issueToken(request, as: server.adminCaller).summary.token
    }

    private static func token(_ server: TestServer, _ id: ID<Token>) async throws -> Token {
        try await server.app.findToken(id, as: server.adminCaller).token
    }

    @Test("revokes with a reason, restores, deletes, and comes back to where it was asked")
    func life() async throws {
        let server = try await TestServer()
        let token = try await Self.given(server)
        try await server.browse { browser in
            let back = "?back=\(FormText.encoded("\(Self.list)?status=active"))"
            let asked = try await browser.get("\(token.path)/revoke\(back)")
            #expect(asked.text.contains("Revoke production of Nightly Load?"))
            #expect(asked.text.contains("It has never been used."))
            let revoked = try await browser.send([("reason", "cessation")], to: "\(token.path)/revoke\(back)")
            #expect(revoked.location == "\(Self.list)?status=active")
            let shown = try await browser.get(Self.list)
            #expect(shown.text.contains("User token successfully revoked"))
            let state = try await Self.token(server, token.id)
            #expect(state.revocation?.reason == .cessation)

            let restored = try await browser.send([], to: "\(token.path)/restore")
            #expect(restored.location == token.path)
            let again = try await Self.token(server, token.id)
            #expect(again.revocation == nil)

            let refused = try await browser.send([], to: "\(token.path)/delete")
            #expect(refused.status == 409)
            #expect(refused.text.contains("Revoke it first"))
            _ = try await browser.send([("reason", "unspecified")], to: "\(token.path)/revoke")
            let deleted = try await browser.send([], to: "\(token.path)/delete?back=\(FormText.encoded(token.path))")
            #expect(deleted.location == Self.list, "its own page is gone")
            let gone = try await browser.get(token.path)
            #expect(gone.status == 404)
        }
    }

    @Test("never restores what was revoked as compromised, and says so")
    func compromised() async throws {
        let server = try await TestServer()
        let token = try await Self.given(server)
        try await server.browse { browser in
            _ = try await browser.send([("reason", "compromised")], to: "\(token.path)/revoke")
            let refused = try await browser.send([], to: "\(token.path)/restore")
            #expect(refused.status == 409)
            #expect(refused.text.contains("can never be restored"))
        }
    }

    @Test("tells the second of two who rename it, and keeps what the second typed")
    func twoAtOnce() async throws {
        let server = try await TestServer()
        let token = try await Self.given(server)
        try await server.browse { browser in
            let path = "\(token.path)/edit"
            let version = ("version", "\(token.version)")
            let first = try await browser.send([version, ("name", "first")], to: path)
            #expect(first.location == token.path)
            let second = try await browser.send([version, ("name", "second")], to: path)
            #expect(second.status == 409)
            #expect(second.text.contains("Somebody has changed this token meanwhile"))
            #expect(second.text.contains(#"value="second""#))
            let now = try await Self.token(server, token.id)
            #expect(now.name == "first")
            let empty = try await browser.send([("version", "\(now.version)"), ("name", " ")], to: path)
            #expect(empty.status == 422)
            #expect(empty.text.contains("must not be empty"))
        }
    }

    @Test("rotates, shows the new token once, and shows on the old one how far it is")
    func rotates() async throws {
        let server = try await TestServer()
        let token = try await Self.given(server)
        try await server.browse { browser in
            let form = try await browser.get("\(token.path)/rotate")
            #expect(form.text.contains("Until the new one has been used"))
            let shown = try await browser.send(
                [("overlap", "until_first_use"), ("expires_in_days", ""), ("name", "")], to: "\(token.path)/rotate")
            #expect(shown.status == 200)
            #expect(shown.text.contains("eyJ"))
            #expect(shown.headers[.cacheControl] == "no-store")
            let page = try await browser.get(token.path)
            #expect(page.text.contains("The successor has not been used yet"))
            let again = try await browser.send(
                [("overlap", "none"), ("expires_in_days", ""), ("name", "")], to: "\(token.path)/rotate")
            #expect(again.status == 409)
            #expect(again.text.contains("rotated already"))
            let bad = try await browser.send([("overlap", "forever")], to: "\(token.path)/rotate")
            #expect(bad.status == 422)
        }
    }

    @Test("is nobody else's business: a personal token is not there for an Admin")
    func foreign() async throws {
        let server = try await TestServer()
        let person = try await server.givenPerson("grace@example.com")
        let own = try await server.browse(as: person) { browser in
            let page = try await browser.get("/settings/tokens")
            return page.text.firstMatch(of: /href="(\/settings\/tokens\/[0-9]+)"/).map { String($0.1) }
        }
        let path = try #require(own)
        try await server.browse { browser in
            for step in ["", "/revoke", "/restore", "/rotate", "/delete", "/edit"] {
                let page = try await browser.get(path + step)
                #expect(page.status == 404, "\(step)")
            }
            let sent = try await browser.send([("reason", "unspecified")], to: "\(path)/revoke", from: Self.list)
            #expect(sent.status == 404)
        }
    }

    @Test("never leads out of the console")
    func wayBack() async throws {
        let server = try await TestServer()
        let token = try await Self.given(server)
        try await server.browse { browser in
            for place in ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"] {
                let back = "?back=\(FormText.encoded(place))"
                let asked = try await browser.get("\(token.path)/revoke\(back)")
                #expect(!asked.text.contains("href=\"\(place)"), "\(place)")
                let answer = try await browser.send([("reason", "unspecified")], to: "\(token.path)/revoke\(back)")
                #expect(answer.location == token.path)
            }
        }
    }
}
