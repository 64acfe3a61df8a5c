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
            let shown = try await browser.open(path)
            #expect(shown.status == 200)
            let short = [("email", "ada@example.com"), ("name", "Ada"), ("password", "short")]
            let refused = try await browser.send(short, to: "/set-up")
            #expect(refused.status == 422)
            #expect(refused.text.contains("at least 12 characters"))
            #expect(refused.text.contains(#"value="ada@example.com""#))
            #expect(!refused.text.contains("value=\"short\""))
            let right = [("email", "ada@example.com"), ("name", "Ada"), ("password", Self.password)]
            let answer = try await browser.send(right, to: "/set-up")
            #expect(answer.status == 303)
            let account = try await browser.get("/account")
            #expect(account.text.contains("ada@example.com"))
            #expect(account.text.contains("Admin"))
            let again = try await browser.open(path)
            #expect(again.status == 409)
        }
    }

    @Test("to set up is dead after a quarter of an hour, and when the next one is made")
    func setUpEnds() async throws {
        let server = try await TestServer(hasAdmin: false)
        let first = try #require(try await server.app.makeSetUpLink()).reveal()
        let second = try #require(try await server.app.makeSetUpLink()).reveal()
        try await server.browseAsStranger { browser in
            let old = try await browser.open("/set-up?code=\(first)")
            #expect(old.status == 400)
            let new = try await browser.open("/set-up?code=\(second)")
            #expect(new.status == 200)
            server.clock.advance(by: .minutes(15))
            let late = try await browser.open("/set-up?code=\(second)")
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
                let shown = try await browser.open(path)
                #expect(shown.text.contains("grace@example.com"))
                #expect(shown.text.contains("Manager"))
                #expect(shown.text.contains(#"value="Grace""#))
            }
            let form = [("name", "Grace Hopper"), ("password", Self.password)]
            let answer = try await browser.send(form, to: "/invitation")
            #expect(answer.status == 303)
            let account = try await browser.get("/account")
            #expect(account.text.contains("Grace Hopper"))
            let again = try await browser.open(path)
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
            let shown = try await browser.open("/invitation?code=\(made.secret.reveal())")
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
            let shown = try await browser.open(path)
            #expect(shown.text.contains("grace@example.com"))
            let answer = try await browser.send([("password", Self.password)], to: "/new-password")
            #expect(answer.status == 303)
            let again = try await browser.open(path)
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
                let answer = try await browser.open("\(page)?code=\(FormText.encoded(code))")
                #expect(answer.status == 400)
                #expect(answer.text.contains("Ask an Admin for a new one"))
            }
        }
    }

    @Test(
        "leaves its code in no address, no page and no referrer",
        arguments: ["/set-up", "/invitation", "/new-password"])
    func hidesCode(page: String) async throws {
        let server = try await TestServer()
        let code = String(repeating: "c0de", count: 11)
        try await server.browseAsStranger { browser in
            let opened = try await browser.get("\(page)?code=\(code)")
            #expect(opened.status == 303)
            #expect(opened.location == page)
            #expect(opened.headers[.referrerPolicy] == "no-referrer")
            #expect(opened.headers[.cacheControl] == "no-store")
            #expect(browser.cookies["latchkey_link"] == code)
            let shown = try await browser.get(page)
            #expect(!shown.text.contains(code))
        }
    }

    @Test(
        "is a code and nothing else, whatever stands in its place",
        arguments: ["a%0D%0ASet-Cookie:+x=y", "a;+Domain=evil.example", "%C3%A4", String(repeating: "A", count: 2049)])
    func injection(code: String) async throws {
        let server = try await TestServer()
        try await server.browseAsStranger { browser in
            browser.keep(.link, "before")
            let opened = try await browser.get("/invitation?code=\(code)")
            #expect(opened.location == "/invitation")
            #expect(opened.headers[values: .setCookie].count == 1)
            #expect(browser.cookies["latchkey_link"] == nil)
            #expect(browser.cookies["x"] == nil)
        }
    }

    @Test("asks for the second factor, and ends the session that the browser had")
    func secondFactor() async throws {
        let server = try await TestServer()
        let grace = try await server.givenPerson("grace@example.com")
        try await server.givenPassword(for: grace)
        let secret = try await server.givenSecondFactor(of: grace)
        let code = try await server.app.passwordLink(for: grace, as: server.adminCaller)
        let alan = try await server.givenPerson("alan@example.com")
        try await server.browse(as: alan) { browser in
            let old = try #require(browser.cookies[PageCookie.Name.session.rawValue])
            _ = try await browser.open("/new-password?code=\(code)")
            let half = try await browser.send([("password", "seven purple elephants")], to: "/new-password")
            #expect(half.location == "/sign-in/second-factor")
            #expect(browser.cookies[PageCookie.Name.session.rawValue] == old, "nobody has signed in yet")
            server.clock.advance(by: .minutes(1))
            let form = [("code", secret.code(at: server.clock.now))]
            let whole = try await browser.send(form, to: "/sign-in/second-factor")
            #expect(whole.location == "/")
            let account = try await browser.get("/account")
            #expect(account.text.contains("grace@example.com"))
            browser.keep(.session, old)
            let after = try await browser.get("/account")
            #expect(after.location == "/sign-in?return_to=%2Faccount")
        }
    }
}

extension Browser {
    /// Opens a link, and what it leads to.
    func open(_ path: String) async throws -> Answer {
        let answer = try await get(path)
        guard let location = answer.location else { return answer }
        return try await get(location)
    }
}

extension TestServer {
    /// What the person's authenticator holds.
    func givenSecondFactor(of user: ID<User>) async throws -> Authenticator {
        let started = try await app.startSession(for: user, by: .password, from: Origin())
        let caller = try await app.signedIn(started.secret.reveal()[...], from: Origin()).caller
        let offered = try await app.offerSecondFactor(as: caller)
        let code = Authenticator(key: offered.key)
        _ = try await app.setUpSecondFactor(offered.sealed, code: code.code(at: clock.now), as: caller)
        try await app.signOut(as: caller)
        return code
    }
}
