import HTTPTypes
import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyHTTP

@Suite("A user's pages")
struct UserChangeTests {
    private static func path(_ id: ID<User>, _ end: String = "") -> String { "/settings/security/users/\(id)\(end)" }

    private static func version(in html: String) -> String {
        html.firstMatch(of: /name="version" value="([0-9]+)"/).map { String($0.1) } ?? ""
    }

    @Test("edit what was changed, and say so")
    func edit() async throws {
        let server = try await TestServer()
        let user = try await server.givenServiceUser("Nightly Load")
        try await server.browse { browser in
            let form = try await browser.get(Self.path(user, "/edit"))
            let fields = [
                ("version", Self.version(in: form.text)), ("name", "Nightly Loads"), ("role", "Editor"),
                ("purpose", "Two\r\nlines"), ("owner_id", "Ada@Example.com"),
            ]
            let saved = try await browser.send(fields, to: Self.path(user, "/edit"))
            #expect(saved.location == Self.path(user))
            #expect(browser.cookies["latchkey_flash"] == "user-updated")
            let again = try await browser.get(Self.path(user, "/edit"))
            #expect(again.text.contains(#"value="Nightly Loads""#))
            #expect(again.text.contains("The User has been successfully updated"))
            let same = [("version", Self.version(in: again.text))] + fields.dropFirst()
            _ = try await browser.send(same, to: Self.path(user, "/edit"))
            #expect(browser.cookies["latchkey_flash"] == "user-unchanged")
        }
        let found = try await server.app.findUser(user, as: server.adminCaller)
        #expect(found.user.purpose == "Two\nlines")
        #expect(found.owner?.handle == "ada@example.com")
    }

    @Test("edit a service user whose owner has left, and ask for no other one")
    func ownerHasLeft() async throws {
        let server = try await TestServer()
        let owner = try await server.givenPerson("grace@example.com")
        let user = try await server.givenServiceUser("Nightly Load")
        _ = try await server.app.updateUser(user, UserEditRequest(owner: owner), as: server.adminCaller)
        try await server.app.deactivateUser(owner, revokingTokens: true, as: server.adminCaller)
        let other = try await server.givenServiceUser("Hourly Load")
        try await server.browse { browser in
            func save(_ user: ID<User>, name: String) async throws -> Answer {
                let form = try await browser.get(Self.path(user, "/edit"))
                let fields = [
                    ("version", Self.version(in: form.text)), ("name", name), ("role", "Member"),
                    ("owner_id", "grace@example.com"),
                ]
                return try await browser.send(fields, to: Self.path(user, "/edit"))
            }
            #expect(try await save(user, name: "Nightly Loads").location == Self.path(user))
            let given = try await save(other, name: "Hourly Loads")
            #expect(given.status == 422)
            #expect(given.text.contains("This must be an active person."))
        }
        let found = try await server.app.findUser(user, as: server.adminCaller)
        #expect(found.user.name == "Nightly Loads")
        #expect(found.owner?.handle == "grace@example.com")
    }

    @Test("tell the second of two editors, and overwrite nothing")
    func stale() async throws {
        let server = try await TestServer()
        let user = try await server.givenServiceUser("Nightly Load")
        try await server.browse { browser in
            let form = try await browser.get(Self.path(user, "/edit"))
            let edit = UserEditRequest(role: .manager)
            _ = try await server.app.updateUser(user, edit, as: server.adminCaller)
            let fields = [("version", Self.version(in: form.text)), ("name", "Mine"), ("role", "Editor")]
            let second = try await browser.send(fields, to: Self.path(user, "/edit"))
            #expect(second.status == 409)
            #expect(second.text.contains("Somebody has changed this user meanwhile"))
            #expect(second.text.contains(#"value="Mine""#))
            #expect(second.text.contains(#"value="Editor" checked"#))
        }
        let found = try await server.app.findUser(user, as: server.adminCaller)
        #expect(found.user.role == .manager)
        #expect(found.user.name == "Nightly Load")
    }

    @Test("deactivate only when the word was typed, with all tokens, and restore")
    func deactivate() async throws {
        let server = try await TestServer()
        let user = try await server.givenServiceUser("Nightly Load")
        let token = try await server.givenToken(for: user)
        try await server.browse { browser in
            let path = Self.path(user, "/deactivate")
            let asked = try await browser.get(path)
            #expect(asked.text.contains("Its active token stops working at once"))
            for word in ["", "yes", "deactivated"] {
                let refused = try await browser.send([("confirmation", word)], to: path)
                #expect(refused.status == 422)
                #expect(refused.text.contains("Type the word deactivate"))
            }
            let done = try await browser.send([("confirmation", "deactivate")], to: path)
            #expect(done.location == Self.path(user))
            let restored = try await browser.send([], to: Self.path(user, "/restore"))
            #expect(restored.location == Self.path(user))
            let twice = try await browser.send([], to: Self.path(user, "/restore"))
            #expect(twice.status == 409)
            #expect(twice.text.contains("This user is active already."))
        }
        await #expect(throws: Refusal.self) {
            try await server.app.authenticate(token[...], method: "GET", route: "/test", from: Origin())
        }
    }

    @Test("never take the last Admin away")
    func lastAdmin() async throws {
        let server = try await TestServer()
        let admin = try #require(try await server.adminCaller.userID)
        try await server.browse { browser in
            let ended = try await browser.send([("confirmation", "deactivate")], to: Self.path(admin, "/deactivate"))
            #expect(ended.status == 409)
            #expect(ended.text.contains("This is the last active Admin"))
            let form = try await browser.get(Self.path(admin, "/edit"))
            let fields = [("version", Self.version(in: form.text)), ("role", "Member")]
            let lowered = try await browser.send(fields, to: Self.path(admin, "/edit"))
            #expect(lowered.status == 409)
        }
    }

    @Test("generate a token that is shown once, and refuse a second one of its name")
    func token() async throws {
        let server = try await TestServer()
        let user = try await server.givenServiceUser("Nightly Load")
        let path = Self.path(user, "/tokens/new")
        try await server.browse { browser in
            let fields = [("name", "production"), ("expires_in_days", "never"), ("scim", "true")]
            let shown = try await browser.send(fields, to: path)
            #expect(shown.text.contains("Copy it now."))
            #expect(shown.text.contains("never expires"))
            #expect(shown.text.contains("SCIM</span>"))
            let again = try await browser.send(fields, to: path)
            #expect(again.status == 409)
            #expect(again.text.contains("has a token of this name already"))
            #expect(again.text.contains(#"value="never" checked"#))
        }
        let person = try await server.givenPerson("grace@example.com")
        try await server.browse { browser in
            let refused = try await browser.get(Self.path(person, "/tokens/new"))
            #expect(refused.status == 403)
        }
    }

    @Test("revoke all tokens at once, and say how many")
    func revokeAll() async throws {
        let server = try await TestServer()
        let user = try await server.givenServiceUser("Nightly Load")
        for name in ["a", "b", "c"] { _ = try await server.givenToken(for: user, name: name) }
        try await server.browse { browser in
            let path = Self.path(user, "/revoke-tokens")
            let done = try await browser.send([("reason", "compromised")], to: path)
            #expect(done.location == Self.path(user))
            #expect(browser.cookies["latchkey_flash"] == "tokens-revoked.3")
        }
        let tokens = try await server.app.listTokens(
            .service, TokenFilter(owner: user, now: server.clock.now), PageRequest(), as: server.adminCaller)
        #expect(tokens.items.allSatisfy { $0.token.revocation?.reason == .compromised })
    }

    @Test("change nothing on GET")
    func get() async throws {
        let server = try await TestServer()
        let user = try await server.givenServiceUser("Nightly Load")
        _ = try await server.givenToken(for: user)
        let before = try await server.app.userHistory(user, as: server.adminCaller).count
        try await server.browse { browser in
            for page in server.doors.pages where page.method == .get && !page.isAsset {
                let query = "?confirmation=deactivate&step=finish&name=x&role=Admin&reason=compromised&form_token=x"
                _ = try await browser.get(page.path.replacing("{id}", with: "\(user)") + query)
            }
        }
        let after = try await server.app.findUser(user, as: server.adminCaller)
        #expect(after.activeTokens == 1)
        #expect(after.user.isActive)
        let history = try await server.app.userHistory(user, as: server.adminCaller).count
        #expect(history == before)
    }
}
