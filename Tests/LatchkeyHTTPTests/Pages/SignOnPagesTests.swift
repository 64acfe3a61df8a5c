import HTTPTypes
import LatchkeyApp
import LatchkeyCore
import Testing

@testable import LatchkeyHTTP

@Suite("The pages of single sign-on")
struct SignOnPagesTests {
    private static let list = "/settings/sign-in"
    private static let new = "/settings/sign-in/providers/new"
    private static let fields = [
        ("name", "Example <b>"), ("issuer", "https://id.example.com"), ("client_id", "latchkey"),
        ("client_secret", "s3cret-canary"), ("scopes", "openid email"), ("makes_accounts", "true"),
        ("mail_domains", "example.com, example.org"), ("groups_claim", "groups"), ("groups", "eng = Data\r\n\r\n"),
    ]

    private func givenTeam(_ server: TestServer) async throws {
        _ = try await server.app.createTeam(TeamEdit(name: "Data"), as: server.adminCaller)
    }

    @Test("set a provider up, show it and change it, and never show its secret")
    func settingUp() async throws {
        let server = try await TestServer()
        try await givenTeam(server)
        try await server.browse { browser in
            let empty = try await browser.get(Self.list)
            #expect(empty.text.contains("https://latchkey.example.com/sso/callback"))
            let made = try await browser.send(Self.fields, to: Self.new)
            #expect(made.status == 303)
            #expect(made.location == Self.list)
            let list = try await browser.get(Self.list)
            #expect(list.text.contains("Example &lt;b&gt;"))
            #expect(list.text.contains("example.com, example.org"))
            let id = list.text.firstMatch(of: /providers\/(\d+)\/edit/).map { String($0.1) } ?? ""
            let form = try await browser.get("/settings/sign-in/providers/\(id)/edit")
            #expect(form.text.contains("eng = Data"))
            #expect(!form.text.contains("s3cret-canary"))
            let changed = try await browser.send(
                [("name", "Other"), ("client_id", "latchkey"), ("scopes", "openid"), ("version", "1")],
                to: "/settings/sign-in/providers/\(id)/edit")
            #expect(changed.location == Self.list)
            let stale = try await browser.send(
                [("name", "Stale"), ("client_id", "latchkey"), ("scopes", "openid"), ("version", "1")],
                to: "/settings/sign-in/providers/\(id)/edit")
            #expect(stale.status == 409)
            #expect(stale.text.contains("value=\"Stale\""))
        }
        let providers = try await server.app.listIdentityProviders(as: server.adminCaller)
        #expect(providers.map(\.name) == ["Other"])
        #expect(providers.first?.sealedSecret != nil, "an empty secret says nothing")
        #expect(providers.first?.makesAccounts == false)
        #expect(providers.first?.groups == [])
    }

    @Test("say beside the field what is wrong, and keep what was typed")
    func flaws() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            let refused = try await browser.send(Self.fields, to: Self.new)
            #expect(refused.status == 422)
            #expect(refused.text.contains("There is no team “Data”"))
            #expect(refused.text.contains("eng = Data"))
            let plain = Self.fields.filter { $0.0 != "groups" && $0.0 != "issuer" } + [("issuer", "http://a.example")]
            let unencrypted = try await browser.send(plain, to: Self.new)
            #expect(unencrypted.text.contains("This must begin with https://"))
        }
    }

    @Test("turn one off and on and delete it, each after a question where something ends")
    func turning() async throws {
        let server = try await TestServer()
        let provider = try await server.givenProvider()
        let path = "/settings/sign-in/providers/\(provider.id)"
        try await server.browse { browser in
            let question = try await browser.get("\(path)/turn-off")
            #expect(question.text.contains("signed out at once"))
            let off = try await browser.send([], to: "\(path)/turn-off")
            #expect(off.location == Self.list)
            let on = try await browser.send([], to: "\(path)/turn-on", from: Self.list)
            #expect(on.location == Self.list)
            let gone = try await browser.send([], to: "\(path)/delete")
            #expect(gone.location == Self.list)
            let list = try await browser.get(Self.list)
            #expect(list.text.contains("No identity provider yet"))
            let check = try await browser.get("\(path)/edit")
            #expect(check.status == 404)
        }
    }

    @Test("test a provider and say what is wrong")
    func checking() async throws {
        let server = try await TestServer()
        let provider = try await server.givenProvider()
        try await server.browse { browser in
            let answer = try await browser.send(
                [], to: "/settings/sign-in/providers/\(provider.id)/check", from: Self.list)
            #expect(answer.status == 200)
            #expect(answer.text.contains("this program may not fetch anything"))
        }
    }

    @Test("are for Admins alone", arguments: [Role.member, .editor, .manager])
    func permission(role: Role) async throws {
        let server = try await TestServer()
        let person = try await server.givenPerson("m@example.com", role: role)
        try await server.browse(as: person) { browser in
            for path in [Self.list, Self.new] {
                let answer = try await browser.get(path)
                #expect(answer.status == 403)
            }
        }
    }

    @Test("offer providers that are on, and refuse a return that belongs to nothing")
    func buttons() async throws {
        let server = try await TestServer()
        let provider = try await server.givenProvider()
        try await server.browseAsStranger { browser in
            let page = try await browser.get("/sign-in?return_to=/settings/tokens")
            #expect(page.text.contains("Sign in with Example"))
            #expect(page.text.contains("/sso/\(provider.id)/start?return_to=%2Fsettings%2Ftokens"))
            for query in ["", "?state=x&code=y", "?error=access_denied&state=x"] {
                let stray = try await browser.get("/sso/callback\(query)")
                #expect(stray.status == 400)
                #expect(stray.text.contains("was not begun in this browser"))
            }
            let unconnected = try await browser.get("/sso/unconnected")
            #expect(unconnected.status == 400)
            let nobody = try await browser.get("/sso/999/start")
            #expect(nobody.status == 404)
        }
    }
}

@Suite("The hand-over of a token to a command-line client")
struct CommandLinePagesTests {
    private static func path(_ redirect: String, state: String = "0123456789", host: String = "laptop") -> String {
        let (redirect, host) = (FormText.encoded(redirect), FormText.encoded(host))
        return "/api/cli/authorize?redirect_uri=\(redirect)&state=\(state)&hostname=\(host)"
    }

    private static let good = path("http://127.0.0.1:54321/callback")

    private func decide(_ browser: Browser, _ decision: String) async throws -> Answer {
        try await browser.send(
            [
                ("decision", decision), ("redirect_uri", "http://127.0.0.1:54321/callback"), ("state", "0123456789"),
                ("hostname", "laptop"),
            ], to: "/api/cli/authorize", from: Self.good)
    }

    @Test("asks first, then gives a personal token of the person, named after the computer, with the state")
    func consent() async throws {
        let server = try await TestServer()
        let person = try await server.givenPerson("grace@example.com", role: .manager)
        let locations = try await server.browse(as: person) { browser in
            let page = try await browser.get(Self.good)
            #expect(page.status == 200)
            #expect(page.text.contains("laptop"))
            #expect(
                page.headers[.contentSecurityPolicy]?.contains("form-action 'self' http://127.0.0.1:54321;") == true)
            return [
                try await decide(browser, "allow").location ?? "", try await decide(browser, "allow").location ?? "",
            ]
        }
        for (location, name) in zip(locations, ["laptop", "laptop (2)"]) {
            #expect(location.hasPrefix("http://127.0.0.1:54321/callback?token=eyJ"))
            #expect(location.hasSuffix("&state=0123456789"))
            let token = location.firstMatch(of: /token=([^&]+)/).map { String($0.1) } ?? ""
            let me = try await server.test { client in try await client.ask(.get, "/api/users/me", as: token) }
            #expect(me["user_id"] == "grace@example.com")
            #expect(me["token"]?["name"] == .text(name))
            #expect(me["token"]?["type"] == "Personal")
        }
    }

    @Test("takes no for an answer")
    func refusal() async throws {
        let server = try await TestServer()
        let location = try await server.browse { browser in try await decide(browser, "deny").location }
        #expect(location == "http://127.0.0.1:54321/callback?error=access_denied&state=0123456789")
    }

    @Test("goes to a loopback address alone", arguments: elsewhere)
    func redirects(address: String) async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            let page = try await browser.get(Self.path(address))
            #expect(page.status == 400)
            let sent = try await browser.send(
                [("decision", "allow"), ("redirect_uri", address), ("state", "0123456789"), ("hostname", "x")],
                to: "/api/cli/authorize", from: Self.good)
            #expect(sent.status == 400)
            #expect(sent.location == nil)
        }
    }

    static let elsewhere = [
        "", "https://127.0.0.1/", "http://evil.example.com/", "http://127.0.0.1.evil.example.com/",
        "http://127.0.0.1@evil.example.com/", "http://evil.example.com/?http://127.0.0.1", "http://[::1]:5/",
        "http://0x7f.1/", "http://127.0.0.1:5\\@evil.example.com/", "//127.0.0.1/", "javascript:alert(1)",
        "http://localhost.evil.example.com/", "http://127.0.0.1:99999/",
    ]

    @Test("wants a state, and somebody who is signed in")
    func bounds() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            let short = try await browser.get(Self.path("http://localhost:1/", state: "x"))
            #expect(short.status == 400)
        }
        try await server.browseAsStranger { browser in
            let answer = try await browser.get(Self.good)
            #expect(answer.location?.hasPrefix("/sign-in?return_to=%2Fapi%2Fcli%2Fauthorize%3Fredirect_uri%3D") == true)
        }
    }

    @Test("gives nothing to a page of somebody else's")
    func crossSite() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            let token = Browser.token(in: try await browser.get(Self.good).text) ?? ""
            let body = Browser.body([
                ("form_token", token), ("decision", "allow"), ("redirect_uri", "http://127.0.0.1:54321/callback"),
                ("state", "0123456789"),
            ])
            let foreign = try await browser.post(
                body, to: "/api/cli/authorize",
                headers: [
                    .contentType: PageGate.formType, .secFetchSite: "cross-site", .origin: "https://evil.example",
                ])
            #expect(foreign.status == 403)
            #expect(foreign.location == nil)
        }
    }
}

extension TestServer {
    func givenProvider(_ name: String = "Example") async throws -> IdentityProvider {
        var edit = IdentityProviderEdit()
        edit.name = name
        edit.issuer = "https://id.example.com"
        edit.clientID = "latchkey"
        edit.clientSecret = .some(try ClientSecret("s3cret-canary"))
        return try await app.createIdentityProvider(edit, as: adminCaller)
    }
}
