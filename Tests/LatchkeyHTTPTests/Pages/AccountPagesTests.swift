import HTTPTypes
import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyHTTP

@Suite("The account page")
struct AccountPagesTests {
    private static let password = TestServer.password

    @Test("lists one's sessions, and ends another browser's")
    func sessions() async throws {
        let server = try await TestServer()
        let admin = try await server.adminCaller.userID
        let origin = Origin(
            address: Address(ipv4: 0x0a00_0007), userAgent: "Mozilla/5.0 (X11; Linux) Gecko Firefox/140.0")
        let other = try await server.app.startSession(for: try #require(admin), by: .password, from: origin)
        try await server.browse { browser in
            let page = try await browser.get("/account")
            #expect(page.text.contains("Firefox on Linux"))
            #expect(page.text.contains("10.0.0.7"))
            #expect(page.text.contains("This one"))
            let path = "/account/sessions/\(other.session.id)/end"
            let answer = try await browser.send([], to: path, from: "/account")
            #expect(answer.location == "/account")
            let after = try await browser.get("/account")
            #expect(!after.text.contains("10.0.0.7"))
        }
        let refused = await refusal { _ = try await server.app.signedIn(other.secret.reveal()[...], from: Origin()) }
        #expect(refused == .unauthenticated(credentialSent: true))
    }

    @Test("signs out everywhere")
    func everywhere() async throws {
        let server = try await TestServer()
        let admin = try #require(try await server.adminCaller.userID)
        let other = try await server.app.startSession(for: admin, by: .password, from: Origin())
        try await server.browse { browser in
            let answer = try await browser.send([], to: "/account/sessions/end", from: "/account")
            #expect(answer.location == "/sign-in")
            let after = try await browser.get("/account")
            #expect(after.status == 303)
        }
        let refused = await refusal { _ = try await server.app.signedIn(other.secret.reveal()[...], from: Origin()) }
        #expect(refused == .unauthenticated(credentialSent: true))
    }

    @Test("does not end the session of somebody else")
    func others() async throws {
        let server = try await TestServer()
        let grace = try await server.givenPerson("grace@example.com")
        let hers = try await server.app.startSession(for: grace, by: .password, from: Origin())
        try await server.browse { browser in
            let path = "/account/sessions/\(hers.session.id)/end"
            let answer = try await browser.send([], to: path, from: "/account")
            #expect(answer.status == 404)
        }
        _ = try await server.app.signedIn(hers.secret.reveal()[...], from: Origin())
    }

    @Test("changes the password, and says beside the field what is wrong")
    func password() async throws {
        let server = try await TestServer()
        try await server.givenPassword()
        let admin = try #require(try await server.adminCaller.userID)
        let other = try await server.app.startSession(for: admin, by: .password, from: Origin())
        try await server.browse { browser in
            let new = "seven purple elephants dance"
            let wrong = [("current", "not mine at all"), ("password", new)]
            let refused = try await browser.send(wrong, to: "/account/password")
            #expect(refused.status == 422)
            #expect(refused.text.contains("This is not your password."))
            let short = [("current", Self.password), ("password", "ada@example.com")]
            let weak = try await browser.send(short, to: "/account/password")
            #expect(weak.status == 422)
            #expect(!weak.text.contains(Self.password))
            let right = [("current", Self.password), ("password", new)]
            let answer = try await browser.send(right, to: "/account/password")
            #expect(answer.location == "/account")
            let still = try await browser.get("/account")
            #expect(still.status == 200)
        }
        let refused = await refusal { _ = try await server.app.signedIn(other.secret.reveal()[...], from: Origin()) }
        #expect(refused == .unauthenticated(credentialSent: true))
    }

    @Test("names browsers as people know them")
    func browsers() {
        let chrome = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"
        #expect(BrowserName.text(of: chrome) == "Chrome on Windows")
        #expect(BrowserName.text(of: chrome + " Edg/140.0") == "Edge on Windows")
        #expect(BrowserName.text(of: "curl/8.5.0") == "curl")
        #expect(BrowserName.text(of: nil) == "Unknown browser")
        #expect(BrowserName.text(of: String(repeating: "x", count: 500)).count == 60)
    }
}

@Suite("The second factor's pages")
struct SecondFactorPagesTests {
    private static let path = "/account/second-factor"

    @Test("set up an authenticator, ask for its code at sign-in, and take a recovery code instead")
    func life() async throws {
        let server = try await TestServer()
        try await server.givenPassword()
        let codes = try await server.browse { browser in
            let shown = try await browser.get(Self.path)
            #expect(shown.text.contains(#"<svg class="qr""#))
            let sealed = try #require(Browser.hidden("sealed", in: shown.text))
            let wrong = try await browser.send([("sealed", sealed), ("code", "000000")], to: Self.path)
            #expect(wrong.status == 422)
            #expect(Authenticator.key(in: wrong.text) == Authenticator.key(in: shown.text))
            let code = try Authenticator(page: shown.text).code(at: server.clock.now)
            let done = try await browser.send([("sealed", sealed), ("code", code)], to: Self.path)
            #expect(done.status == 200)
            let again = try await browser.get(Self.path)
            #expect(again.location == "/account")
            let replaced = try await browser.send(
                [("sealed", sealed), ("code", code)], to: Self.path, from: "/account")
            #expect(replaced.status == 409)
            return done.text.matches(of: /<li><code>([^<]+)<\/code>/).map { String($0.1) }
        }
        #expect(codes.count == 10)
        try await server.browseAsStranger { browser in
            let password = [
                ("email", "ada@example.com"), ("password", TestServer.password), ("return_to", "/account"),
            ]
            let half = try await browser.send(password, to: "/sign-in")
            #expect(half.location == "/sign-in/second-factor?return_to=%2Faccount")
            let outside = try await browser.get("/account")
            #expect(outside.status == 303)
            let page = try #require(half.location)
            let wrong = try await browser.send([("code", "000000")], to: "/sign-in/second-factor", from: page)
            #expect(wrong.status == 422)
            let form = [("code", codes[0].uppercased()), ("return_to", "/account")]
            let whole = try await browser.send(form, to: "/sign-in/second-factor", from: page)
            #expect(whole.location == "/account")
            #expect(browser.cookies[PageCookie.Name.pending.rawValue] == nil)
            let account = try await browser.get("/account")
            #expect(account.text.contains("9 recovery codes are left."))
        }
    }

    @Test("are where somebody is led who has none and must have one, and nowhere else")
    func required() async throws {
        let server = try await TestServer()
        try await server.app.setSignInPolicy(SignInPolicy(requiresSecondFactor: true), as: server.adminCaller)
        try await server.browse { browser in
            for path in ["/account", "/settings/security/users", "/account/password"] {
                let answer = try await browser.get(path)
                #expect(answer.location == "\(Self.path)?return_to=\(FormText.encoded(path))")
            }
            let shown = try await browser.get(Self.path)
            #expect(shown.status == 200)
            #expect(shown.text.contains("An Admin requires a second factor"))
            let sealed = try #require(Browser.hidden("sealed", in: shown.text))
            let code = try Authenticator(page: shown.text).code(at: server.clock.now)
            _ = try await browser.send([("sealed", sealed), ("code", code)], to: Self.path)
            let account = try await browser.get("/account")
            #expect(account.status == 200)
        }
    }

    @Test("renew the codes and remove the authenticator, each for a code")
    func removal() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            let shown = try await browser.get(Self.path)
            let sealed = try #require(Browser.hidden("sealed", in: shown.text))
            let first = try Authenticator(page: shown.text).code(at: server.clock.now)
            _ = try await browser.send([("sealed", sealed), ("code", first)], to: Self.path)
            let used = try await browser.send([("code", first)], to: "\(Self.path)/codes")
            #expect(used.status == 422)
            server.clock.advance(by: .seconds(30))
            let second = try Authenticator(page: shown.text).code(at: server.clock.now)
            let renewed = try await browser.send([("code", second)], to: "\(Self.path)/codes")
            #expect(renewed.text.contains("Your new recovery codes"))
            let codes = renewed.text.matches(of: /<li><code>([^<]+)<\/code>/).map { String($0.1) }
            let removed = try await browser.send([("code", codes[3])], to: "\(Self.path)/remove")
            #expect(removed.location == "/account")
            let account = try await browser.get("/account")
            #expect(account.text.contains(">Off</span>"))
        }
    }
}

private func refusal(_ call: () async throws -> Void) async -> Refusal? {
    do {
        try await call()
        return nil
    } catch {
        return error as? Refusal
    }
}
