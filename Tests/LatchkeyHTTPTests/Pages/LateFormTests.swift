import HTTPTypes
import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyHTTP

@Suite("A form that comes after its session's end")
struct LateFormTests {
    private static let new = "/settings/security/users/new"
    private static let ada = [("email", "ada@example.com"), ("password", TestServer.password)]

    /// Opens a page, lets the session run out, and then sends the form.
    private static func sendLate(
        _ form: [(String, String)], to path: String, from page: String? = nil, _ server: TestServer, _ browser: Browser
    ) async throws -> Answer {
        let shown = try await browser.get(page ?? path)
        server.clock.advance(by: .minutes(31))
        var headers = Browser.ownHeaders
        headers[.referer] = "https://latchkey.example.com" + (page ?? path)
        let fields = [("form_token", Browser.token(in: shown.text) ?? "")] + form
        return try await browser.post(Browser.body(fields), to: path, headers: headers)
    }

    /// Signs in where a browser was led to, and follows.
    private static func signIn(_ browser: Browser, at page: String, as form: [(String, String)] = ada) async throws
        -> Answer
    {
        let shown = try await browser.get(page)
        let back = Browser.hidden("return_to", in: shown.text) ?? ""
        let entered = try await browser.send(form + [("return_to", back)], to: "/sign-in", from: page)
        return try await browser.get(try #require(entered.location))
    }

    @Test("is found again as it was typed, after signing in, and was not carried out")
    func kept() async throws {
        let server = try await TestServer()
        try await server.givenPassword()
        try await server.browse { browser in
            let typed = [
                ("name", "Nightly “Load” & <more>"), ("role", "Editor"), ("purpose", "Loads\r\nall night"),
                ("owner_id", "ada@example.com"), ("step", "finish"),
            ]
            let late = try await Self.sendLate(typed, to: Self.new, server, browser)
            #expect(late.status == 303)
            let signIn = try #require(late.location)
            #expect(signIn == "/sign-in?return_to=%2Fsettings%2Fsecurity%2Fusers%2Fnew&late=kept")
            #expect(!signIn.contains("Nightly"), "nothing typed stands in an address")
            let told = try await browser.get(signIn)
            #expect(told.text.contains("What you typed is kept"))
            let form = try await Self.signIn(browser, at: signIn)
            for text in [
                #"value="Nightly “Load” &amp; &lt;more&gt;""#, #"value="Editor" checked"#,
                "Loads\nall night</textarea>", "This is what you had typed",
            ] {
                #expect(form.text.contains(text), "\(text)")
            }
            let once = try await browser.get(Self.new)
            #expect(!once.text.contains("Nightly"), "and then never again")
        }
        let users = try await server.app.listUsers(UserFilter(type: .service), PageRequest(), as: server.adminCaller)
        #expect(users.total == 0)
    }

    @Test("is kept over a second factor too, and brings somebody in the second step back to it")
    func secondFactor() async throws {
        let server = try await TestServer()
        try await server.givenPassword()
        try await server.browse { browser in
            let authenticator = try await browser.setUpSecondFactor(on: server).authenticator
            let typed = [
                ("name", "Nightly Load"), ("role", "Member"), ("token_name", "production-7"),
                ("token_expires_in_days", "60"), ("step", "issue"),
            ]
            let late = try await Self.sendLate(typed, to: Self.new, server, browser)
            let half = try await Self.signIn(browser, at: try #require(late.location))
            let back = Browser.hidden("return_to", in: half.text) ?? ""
            let code = [("code", authenticator.code(at: server.clock.now)), ("return_to", back)]
            let entered = try await browser.send(
                code, to: "/sign-in/second-factor", from: "/sign-in/second-factor?return_to=\(back)")
            let form = try await browser.get(try #require(entered.location))
            #expect(form.text.contains("Step 2 of 2"))
            #expect(form.text.contains(#"value="production-7""#))
            #expect(form.text.contains(#"value="60" checked"#))
            #expect(form.text.contains(#"<input type="hidden" name="name" value="Nightly Load">"#))
        }
    }

    @Test("holds to the version that its editor saw: what changed meanwhile is not overwritten")
    func version() async throws {
        let server = try await TestServer()
        try await server.givenPassword()
        let user = try await server.givenServiceUser("Nightly Load")
        try await server.browse { browser in
            let path = "/settings/security/users/\(user)/edit"
            let shown = try await browser.get(path)
            let version = Browser.hidden("version", in: shown.text) ?? ""
            let typed = [("version", version), ("name", "Mine"), ("role", "Editor")]
            let late = try await Self.sendLate(typed, to: path, server, browser)
            _ = try await server.app.updateUser(user, UserEditRequest(role: .manager), as: server.adminCaller)
            let form = try await Self.signIn(browser, at: try #require(late.location))
            #expect(form.text.contains(#"value="Mine""#))
            #expect(Browser.hidden("version", in: form.text) == version)
            let sent = try await browser.send(typed, to: path)
            #expect(sent.status == 409)
        }
        let found = try await server.app.findUser(user, as: server.adminCaller).user
        #expect(found.name == "Nightly Load" && found.role == .manager)
    }

    @Test("of a small form leads back to the page that it stood on, and fills it in there")
    func smallForm() async throws {
        let server = try await TestServer()
        try await server.givenPassword()
        let team = try await server.app.createTeam(TeamEdit(name: "Data"), as: server.adminCaller).team
        try await server.browse { browser in
            let path = "/settings/security/teams/\(team.id)"
            let typed = [("version", "1"), ("user_id", "grace@example.com")]
            let late = try await Self.sendLate(typed, to: "\(path)/members", from: path, server, browser)
            let page = try await Self.signIn(browser, at: try #require(late.location))
            #expect(page.status == 200)
            #expect(page.text.contains(#"value="grace@example.com""#))
            let out = try await Self.sendLate([], to: "/account/sessions/end", from: "/account", server, browser)
            #expect(out.location == "/sign-in?return_to=%2Faccount&late=lost")
            let told = try await browser.get(try #require(out.location))
            #expect(told.text.contains("nothing was changed. Sign in and do it once more."))
        }
    }

    @Test("of a page that lives on what led to it shows that page again: many tokens, a program that waits for one")
    func fieldsThatLedThere() async throws {
        let server = try await TestServer()
        try await server.givenPassword()
        let load = try await server.givenServiceUser("Nightly Load")
        _ = try await server.givenToken(for: load, name: "production-7")
        let tokens = TokenFilter(now: server.clock.now)
        let listed = try await server.app.listTokens(.service, tokens, PageRequest(), as: server.adminCaller)
        let id = try #require(listed.items.first?.token.id)
        try await server.browse { browser in
            let many = [("change", "revoke"), ("id", "\(id)"), ("reason", "compromised")]
            let shown = "/settings/tokens/many?change=revoke&id=\(id)"
            let late = try await Self.sendLate(many, to: "/settings/tokens/many", from: shown, server, browser)
            let again = try await Self.signIn(browser, at: try #require(late.location))
            #expect(again.text.contains("Revoke 1 token?"))
            #expect(again.text.contains(#"value="compromised" selected"#))
            let waiting = [
                ("redirect_uri", "http://127.0.0.1:5/cb"), ("state", "0123456789"), ("hostname", "laptop"),
                ("decision", "allow"),
            ]
            let asked = "/api/cli/authorize?" + Browser.body(Array(waiting.dropLast()))
            let second = try await Self.sendLate(waiting, to: "/api/cli/authorize", from: asked, server, browser)
            let consent = try await Self.signIn(browser, at: try #require(second.location))
            #expect(consent.status == 200)
            #expect(consent.text.contains("“laptop”"))
        }
        let left = try await server.app.listTokens(.service, tokens, PageRequest(), as: server.adminCaller)
        #expect(left.items.first?.token.revocation == nil, "nothing was carried out")
    }

    @Test("never keeps a password, a client secret or a code")
    func secrets() async throws {
        let server = try await TestServer()
        try await server.givenPassword()
        try await server.browse { browser in
            let passwords = [("current", TestServer.password), ("password", "canary-of-a-password")]
            let late = try await Self.sendLate(passwords, to: "/account/password", server, browser)
            #expect(late.location == "/sign-in?return_to=%2Faccount%2Fpassword&late=lost")
            #expect(browser.cookies[PageCookie.Name.keptForm.rawValue] == nil)
            _ = try await Self.signIn(browser, at: try #require(late.location))
            let provider = [("name", "Example"), ("client_id", "latchkey"), ("client_secret", "canary-of-a-secret")]
            let path = "/settings/sign-in/providers/new"
            let second = try await Self.sendLate(provider, to: path, server, browser)
            let text = try #require(browser.cookies[PageCookie.Name.keptForm.rawValue])
            let admin = try #require(try await server.adminCaller.userID)
            let kept = try #require(server.app.kept(text, at: path, for: admin))
            #expect(kept.fields == [["name", "Example"], ["client_id", "latchkey"]])
            let form = try await Self.signIn(browser, at: try #require(second.location))
            #expect(form.text.contains(#"value="Example""#))
            #expect(!form.text.contains("canary"))
        }
    }

    @Test("that is too long to be kept says what to do, and leads to the empty form")
    func tooLong() async throws {
        let server = try await TestServer()
        try await server.givenPassword()
        try await server.browse { browser in
            let typed = [("name", String(repeating: "x", count: 4000)), ("step", "finish")]
            let late = try await Self.sendLate(typed, to: Self.new, server, browser)
            let told = try await browser.get(try #require(late.location))
            #expect(told.text.contains("its Back button shows it"))
            #expect(browser.cookies[PageCookie.Name.keptForm.rawValue] == nil)
            let form = try await Self.signIn(browser, at: try #require(late.location))
            #expect(form.status == 200)
            #expect(!form.text.contains("xxxx"))
        }
    }

    @Test("is shown to nobody else who signs in there, and not after its time")
    func others() async throws {
        let server = try await TestServer()
        try await server.givenPassword()
        let grace = try await server.givenPerson("grace@example.com", role: .admin)
        try await server.givenPassword(for: grace)
        let hers = [("email", "grace@example.com"), ("password", TestServer.password)]
        try await server.browse { browser in
            let late = try await Self.sendLate([("name", "Mine")], to: Self.new, server, browser)
            let form = try await Self.signIn(browser, at: try #require(late.location), as: hers)
            #expect(form.status == 200)
            #expect(!form.text.contains(#"value="Mine""#))
            let again = try await Self.sendLate([("name", "Hers")], to: Self.new, server, browser)
            server.clock.advance(by: KeptForm.life)
            let stale = try await Self.signIn(browser, at: try #require(again.location), as: hers)
            #expect(!stale.text.contains(#"value="Hers""#))
        }
    }

    @Test(
        "of another site is not taken up, nor one without its page's word",
        arguments: [true, false])
    func foreign(isForeign: Bool) async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            let shown = try await browser.get(Self.new)
            server.clock.advance(by: .minutes(31))
            let token = isForeign ? Browser.token(in: shown.text) ?? "" : "x"
            var headers = Browser.ownHeaders
            if isForeign { headers[.origin] = "https://evil.example" }
            let body = Browser.body([("form_token", token), ("name", "Planted")])
            let late = try await browser.post(body, to: Self.new, headers: headers)
            #expect(late.location?.hasSuffix("late=lost") == true)
            #expect(browser.cookies[PageCookie.Name.keptForm.rawValue] == nil)
        }
    }

    @Test("whose session was ended on purpose is not kept")
    func ended() async throws {
        let server = try await TestServer()
        let eve = try await server.givenPerson("eve@example.com", role: .admin)
        try await server.browse(as: eve) { browser in
            let shown = try await browser.get(Self.new)
            _ = try await server.app.endSessions(of: eve, as: server.adminCaller)
            let body = Browser.body([("form_token", Browser.token(in: shown.text) ?? ""), ("name", "Mine")])
            let late = try await browser.post(body, to: Self.new)
            #expect(late.location?.hasSuffix("late=lost") == true)
        }
    }
}
