import HTTPTypes
import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyHTTP

@Suite("A link for a newcomer")
struct EntryPagesTests {
    private static let password = TestServer.password

    @Test("makes the first Admin in the browser, once")
    func setUp() async throws {
        let server = try await TestServer(hasAdmin: false)
        let made = try await server.app.makeSetUpLink()
        let path = "/set-up?code=\(try #require(made).reveal())"
        try await server.browseAsStranger { browser in
            let shown = try await browser.get(path)
            #expect(shown.status == 200)
            #expect(shown.headers[.referrerPolicy] == "same-origin")
            let code = ("code", String(path.dropFirst("/set-up?code=".count)))
            let short = [code, ("email", "ada@example.com"), ("name", "Ada"), ("password", "short")]
            let refused = try await browser.send(short, to: "/set-up", from: path)
            #expect(refused.status == 422)
            #expect(refused.text.contains("at least 12 characters"))
            #expect(refused.text.contains(#"value="ada@example.com""#))
            #expect(!refused.text.contains("value=\"short\""))
            let right = [code, ("email", "ada@example.com"), ("name", "Ada"), ("password", Self.password)]
            let answer = try await browser.send(right, to: "/set-up", from: path)
            #expect(answer.status == 303)
            let account = try await browser.get("/account")
            #expect(account.text.contains("ada@example.com"))
            #expect(account.text.contains("Admin"))
            let again = try await browser.get(path)
            #expect(again.status == 409)
        }
    }

    @Test("to set up is dead after a quarter of an hour, and when the next one is made")
    func setUpEnds() async throws {
        let server = try await TestServer(hasAdmin: false)
        let first = try #require(try await server.app.makeSetUpLink()).reveal()
        let second = try #require(try await server.app.makeSetUpLink()).reveal()
        try await server.browseAsStranger { browser in
            let old = try await browser.get("/set-up?code=\(first)")
            #expect(old.status == 400)
            let new = try await browser.get("/set-up?code=\(second)")
            #expect(new.status == 200)
            server.clock.advance(by: .minutes(15))
            let late = try await browser.get("/set-up?code=\(second)")
            #expect(late.status == 400)
            #expect(late.text.contains("no longer works"))
        }
    }

    @Test("invites a person, who chooses name and password and is in")
    func invitation() async throws {
        let server = try await TestServer()
        let request = NewInvitation(email: "grace@example.com", name: "Grace", role: .manager)
        let made = try await server.app.invite(request, as: server.adminCaller)
        let path = "/invitation?code=\(made.secret.reveal())"
        try await server.browseAsStranger { browser in
            for _ in 1...2 {
                let shown = try await browser.get(path)
                #expect(shown.text.contains("grace@example.com"))
                #expect(shown.text.contains("Manager"))
                #expect(shown.text.contains(#"value="Grace""#))
            }
            let form = [("code", made.secret.reveal()), ("name", "Grace Hopper"), ("password", Self.password)]
            let answer = try await browser.send(form, to: "/invitation", from: path)
            #expect(answer.status == 303)
            let account = try await browser.get("/account")
            #expect(account.text.contains("Grace Hopper"))
            let again = try await browser.get(path)
            #expect(again.status == 400)
        }
    }

    @Test("of an Admin who is none any more does not work")
    func demotedHost() async throws {
        let server = try await TestServer()
        let eve = try await server.givenPerson("eve@example.com", role: .admin)
        let started = try await server.app.startSession(for: eve, by: .password, from: Origin())
        let host = try await server.app.signedIn(started.secret.reveal()[...], from: Origin()).caller
        let request = NewInvitation(email: "mallory@example.com", name: "Mallory", role: .admin)
        let made = try await server.app.invite(request, as: host)
        _ = try await server.app.updateUser(eve, UserEditRequest(role: .member), as: server.adminCaller)
        try await server.browseAsStranger { browser in
            let shown = try await browser.get("/invitation?code=\(made.secret.reveal())")
            #expect(shown.status == 400)
        }
    }

    @Test("gives a new password, and is dead then")
    func newPassword() async throws {
        let server = try await TestServer()
        let grace = try await server.givenPerson("grace@example.com")
        let code = try await server.app.passwordLink(for: grace, as: server.adminCaller)
        try await server.browseAsStranger { browser in
            let path = "/new-password?code=\(code)"
            let shown = try await browser.get(path)
            #expect(shown.text.contains("grace@example.com"))
            let form = [("code", code), ("password", Self.password)]
            let answer = try await browser.send(form, to: "/new-password", from: path)
            #expect(answer.status == 303)
            let again = try await browser.get(path)
            #expect(again.status == 400)
        }
    }

    @Test(
        "that is made up says what to do, whatever it is",
        arguments: ["", "x", String(repeating: "A", count: 43), "%00", "<script>"])
    func madeUp(code: String) async throws {
        let server = try await TestServer()
        try await server.browseAsStranger { browser in
            for page in ["/invitation", "/new-password"] {
                let answer = try await browser.get("\(page)?code=\(FormText.encoded(code))")
                #expect(answer.status == 400)
                #expect(answer.text.contains("Ask an Admin for a new one"))
            }
        }
    }
}
