import HTTPTypes
import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyHTTP

@Suite("The sign-in page")
struct SignInPagesTests {
    private static let password = TestServer.password

    @Test("lets in who knows the password, and leads back to where they were")
    func right() async throws {
        let server = try await TestServer()
        try await server.givenPassword()
        try await server.browseAsStranger { browser in
            let back = "/settings/security/users?role=Admin"
            let form = [("email", " Ada@Example.com "), ("password", Self.password), ("return_to", back)]
            let answer = try await browser.send(form, to: "/sign-in")
            #expect(answer.status == 303)
            #expect(answer.location == back)
            let cookie = answer.headers[values: .setCookie].first { $0.hasPrefix("latchkey=") }
            #expect(cookie?.contains("HttpOnly; SameSite=Lax") == true)
            let list = try await browser.get(back)
            #expect(list.status == 200)
        }
    }

    @Test("gives a new session, and ends the one that the browser had")
    func newSession() async throws {
        let server = try await TestServer()
        try await server.givenPassword()
        try await server.browse { browser in
            let old = try #require(browser.cookies[PageCookie.Name.session.rawValue])
            let form = [("email", "ada@example.com"), ("password", Self.password)]
            _ = try await browser.send(form, to: "/sign-in", from: "/account")
            let new = browser.cookies[PageCookie.Name.session.rawValue]
            #expect(new != old)
            let account = try await browser.get("/account")
            #expect(account.status == 200)
            browser.keep(.session, old)
            let after = try await browser.get("/account")
            #expect(after.location == "/sign-in?return_to=%2Faccount")
        }
    }

    @Test("leads nowhere else", arguments: ["https://evil.example", "//evil.example", "/\\evil.example"])
    func openRedirect(path: String) async throws {
        let server = try await TestServer()
        try await server.givenPassword()
        try await server.browseAsStranger { browser in
            let form = [("email", "ada@example.com"), ("password", Self.password), ("return_to", path)]
            let answer = try await browser.send(form, to: "/sign-in")
            #expect(answer.location == "/")
        }
    }

    @Test("says the same of a wrong password and of an account that is not there, and keeps the address alone")
    func wrong() async throws {
        let server = try await TestServer()
        try await server.givenPassword()
        try await server.browseAsStranger { browser in
            for email in ["ada@example.com", "nobody@example.com"] {
                let answer = try await browser.send([("email", email), ("password", "not this one")], to: "/sign-in")
                #expect(answer.status == 422)
                #expect(answer.text.contains("The mail address or the password is not right."))
                #expect(answer.text.contains(#"value="\#(email)""#))
                #expect(!answer.text.contains("not this one"))
                #expect(browser.cookies[PageCookie.Name.session.rawValue] == nil)
            }
        }
    }

    @Test("tells service users in words that they do not sign in, whether or not there is one")
    func services() async throws {
        let server = try await TestServer()
        _ = try await server.givenServiceUser("Nightly Load")
        try await server.browseAsStranger { browser in
            for email in ["nightly_load@service", "nobody@service"] {
                let answer = try await browser.send([("email", email), ("password", "x")], to: "/sign-in")
                #expect(answer.status == 422)
                #expect(answer.text.contains("service user"))
                #expect(answer.text.contains("tokens"))
            }
        }
    }

    @Test("has enough after ten wrong passwords, and says when to come back")
    func limited() async throws {
        let server = try await TestServer()
        try await server.givenPassword()
        try await server.browseAsStranger { browser in
            for _ in 1...10 {
                let wrong = try await browser.send([("email", "ada@example.com"), ("password", "no")], to: "/sign-in")
                #expect(wrong.status == 422)
            }
            let right = [("email", "ada@example.com"), ("password", Self.password)]
            let held = try await browser.send(right, to: "/sign-in")
            #expect(held.status == 429)
            #expect(held.text.contains("Too many tries. Try again in 15 minutes."))
            #expect(held.headers[.retryAfter] == "900")
            #expect(held.text.contains(#"value="ada@example.com""#))
            server.clock.advance(by: .minutes(15))
            let later = try await browser.send(right, to: "/sign-in")
            #expect(later.status == 303)
        }
    }

    @Test("takes an empty form, and one of a megabyte, for a wrong password")
    func odd() async throws {
        let server = try await TestServer()
        try await server.givenPassword()
        try await server.browseAsStranger { browser in
            for password in ["", "\0", String(repeating: "ä", count: 100_000)] {
                let form = [("email", "ada@example.com"), ("password", password)]
                let answer = try await browser.send(form, to: "/sign-in")
                #expect(answer.status == 422)
            }
        }
    }

    @Test("keeps a page's form alive while its session is in use")
    func formOutlivesTouch() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            let token = Browser.token(in: try await browser.get("/account").text) ?? ""
            server.clock.advance(by: .minutes(5))
            _ = try await browser.get("/account")
            let answer = try await browser.post(Browser.body([("form_token", token)]), to: "/sign-out")
            #expect(answer.status == 303)
        }
    }

    @Test("sends who was idle for half an hour back here, and then on")
    func idle() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            server.clock.advance(by: .minutes(31))
            let answer = try await browser.get("/account")
            #expect(answer.location == "/sign-in?return_to=%2Faccount")
        }
    }
}

extension TestServer {
    static let password = "correct horse battery staple"

    /// The first Admin's, unless somebody else's.
    func givenPassword(for user: ID<User>? = nil) async throws {
        let admin = try await adminCaller
        guard let id = user ?? admin.userID else { throw Refusal.notFound("user") }
        let link = try await app.passwordLink(for: id, as: admin)
        _ = try await app.choosePassword(link: link, password: Password(Self.password), from: Origin())
    }
}
