import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyHTTP

@Suite("The rule that a second factor is required")
struct SecondFactorRuleTests {
    private static let settings = "/settings/sign-in"
    private static let require = "/settings/sign-in/require-second-factor"
    private static let signIn = [("email", "grace@example.com"), ("password", TestServer.password)]

    @Test("says first what it means for those who have none, the Admin among them, and takes effect at once")
    func consequences() async throws {
        let server = try await TestServer()
        try await server.givenPassword()
        let grace = try await server.givenPerson("grace@example.com")
        try await server.givenPassword(for: grace)
        try await server.browse(as: grace) { browser in _ = try await browser.setUpSecondFactor(on: server) }
        try await server.browse { browser in
            let before = try await browser.get(Self.settings)
            #expect(before.text.contains("Up to each person"))
            #expect(before.text.contains("2 people sign in with a password; 1 of them has a second factor."))
            let question = try await browser.get(Self.require)
            #expect(question.text.contains("1 person has none yet: Ada."))
            #expect(question.text.contains("You are one of them"))
            let done = try await browser.send([], to: Self.require)
            #expect(done.location == Self.settings)
            let led = try await browser.get(Self.settings)
            #expect(led.location == "/account/second-factor?return_to=%2Fsettings%2Fsign-in")
            let (_, codes) = try await browser.setUpSecondFactor(on: server, from: try #require(led.location))
            #expect(codes.text.contains(#"href="/settings/sign-in">I have written them down"#), "and back again")
            let after = try await browser.get(Self.settings)
            #expect(after.text.contains(#"<span class="badge good">Required</span>"#))
            let all = try await browser.get(Self.require)
            #expect(all.text.contains("Everybody who signs in with a password has one already."))
        }
    }

    @Test("leads who has none to set one up at the next sign-in, before anything else, and on from there")
    func nextSignIn() async throws {
        let server = try await TestServer()
        let grace = try await server.givenPerson("grace@example.com")
        try await server.givenPassword(for: grace)
        try await server.app.setSignInPolicy(SignInPolicy(requiresSecondFactor: true), as: server.adminCaller)
        try await server.browseAsStranger { browser in
            let wanted = [("return_to", "/settings/tokens?status=active")]
            let entered = try await browser.send(Self.signIn + wanted, to: "/sign-in")
            #expect(entered.location == "/settings/tokens?status=active")
            let led = try await browser.get("/settings/tokens?status=active")
            let setUp = "/account/second-factor?return_to=%2Fsettings%2Ftokens%3Fstatus%3Dactive"
            #expect(led.location == setUp)
            for path in ["/", "/account", "/account/password", "/settings/tokens/new", "/api/cli/authorize"] {
                let barred = try await browser.get(path)
                #expect(barred.location?.hasPrefix("/account/second-factor") == true, "\(path)")
            }
            let token = Browser.token(in: try await browser.get(setUp).text) ?? ""
            let body = Browser.body([("form_token", token), ("name", "sneaky"), ("expires_in_days", "30")])
            let made = try await browser.post(body, to: "/settings/tokens/new")
            #expect(made.status == 303, "no form is taken either")
            let (_, codes) = try await browser.setUpSecondFactor(on: server, from: setUp)
            #expect(codes.text.contains(#"href="/settings/tokens?status=active""#))
            let list = try await browser.get("/settings/tokens?status=active")
            #expect(list.status == 200)
            #expect(!list.text.contains("sneaky"))
        }
        try await server.browseAsStranger { browser in
            let half = try await browser.send(Self.signIn, to: "/sign-in")
            #expect(half.location?.hasPrefix("/sign-in/second-factor") == true, "from then on it is asked for")
        }
    }

    @Test("holds for who comes by an invitation too")
    func newcomers() async throws {
        let server = try await TestServer()
        try await server.app.setSignInPolicy(SignInPolicy(requiresSecondFactor: true), as: server.adminCaller)
        let request = NewInvitation(email: "grace@example.com", name: "Grace", role: .member)
        let made = try await server.app.invite(request, as: server.adminCaller)
        try await server.browseAsStranger { browser in
            _ = try await browser.open("/invitation?code=\(made.secret.reveal())")
            let form = [("name", "Grace"), ("password", TestServer.password)]
            _ = try await browser.send(form, to: "/invitation")
            let led = try await browser.get("/account")
            #expect(led.location == "/account/second-factor?return_to=%2Faccount")
        }
    }

    @Test("is lifted after a question, and those who have one are still asked for it")
    func lifted() async throws {
        let server = try await TestServer()
        try await server.givenPassword()
        try await server.app.setSignInPolicy(SignInPolicy(requiresSecondFactor: true), as: server.adminCaller)
        try await server.browse { browser in
            _ = try await browser.setUpSecondFactor(on: server)
            let done = try await browser.send([], to: "/settings/sign-in/lift-second-factor")
            #expect(done.location == Self.settings)
        }
        let grace = try await server.givenPerson("grace@example.com")
        try await server.browse(as: grace) { browser in
            let account = try await browser.get("/account")
            #expect(account.status == 200)
        }
        try await server.browseAsStranger { browser in
            let ada = [("email", "ada@example.com"), ("password", TestServer.password)]
            let half = try await browser.send(ada, to: "/sign-in")
            #expect(half.location?.hasPrefix("/sign-in/second-factor") == true)
        }
    }
}
