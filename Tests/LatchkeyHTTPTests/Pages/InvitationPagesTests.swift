import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyHTTP

@Suite("Inviting a person")
struct InvitationPagesTests {
    private static let path = "/settings/sign-in/invite"
    private static let settings = "/settings/sign-in"
    private static let grace = [
        ("email", "grace@example.com"), ("name", "Grace"), ("role", "Manager"), ("teams", "Data"),
    ]

    private func givenTeam(_ server: TestServer) async throws {
        _ = try await server.app.createTeam(TeamEdit(name: "Data"), as: server.adminCaller)
    }

    private static func link(in html: String) -> String? {
        html.firstMatch(of: /id="link" tabindex="0">([^<]+)</).map { String($0.1) }
    }

    @Test("shows the link this once, and it lets them in with role and team")
    func life() async throws {
        let server = try await TestServer()
        try await givenTeam(server)
        let link = try await server.browse { browser in
            let form = try await browser.get(Self.path)
            #expect(form.text.contains("It works once, for 7 days"))
            let made = try await browser.send(Self.grace, to: Self.path)
            #expect(made.status == 200)
            #expect(made.text.contains(#"data-copy="link""#))
            let link = try #require(Self.link(in: made.text))
            #expect(link.hasPrefix("https://latchkey.example.com/invitation?code="))
            let list = try await browser.get(Self.settings)
            for word in ["Grace", "grace@example.com", "Manager", "Public, Data", "in 7 days", ">Ada</a>"] {
                #expect(list.text.contains(word), "\(word)")
            }
            let code = try #require(link.split(separator: "=").last)
            #expect(!list.text.contains(code), "it is shown once")
            let users = try await browser.get("/settings/security/users")
            #expect(users.text.contains(#"<a href="/settings/sign-in#invitations">1 person is invited</a>"#))
            return String(code)
        }
        try await server.browseAsStranger { browser in
            _ = try await browser.open("/invitation?code=\(link)")
            let form = [("name", "Grace Hopper"), ("password", TestServer.password)]
            _ = try await browser.send(form, to: "/invitation")
            let account = try await browser.get("/account")
            #expect(account.text.contains("Manager"))
            #expect(account.text.contains(#"<span class="chip">Data</span>"#))
        }
        try await server.browse { browser in
            let list = try await browser.get(Self.settings)
            #expect(list.text.contains("Nobody is invited at the moment"))
        }
    }

    @Test("keeps what was typed when it is refused, and says what to do")
    func refused() async throws {
        let server = try await TestServer()
        try await givenTeam(server)
        try await server.browse { browser in
            let flaws = [("email", "no address"), ("name", "G <b>"), ("role", "Editor"), ("teams", "Data")]
            let page = try await browser.send(flaws, to: Self.path)
            #expect(page.status == 422)
            for text in [
                #"value="no address""#, #"value="G &lt;b&gt;""#, #"value="Editor" checked"#, #"value="Data" checked"#,
            ] {
                #expect(page.text.contains(text), "\(text)")
            }
            _ = try await browser.send(Self.grace, to: Self.path)
            let twice = try await browser.send(Self.grace, to: Self.path)
            #expect(twice.status == 409)
            #expect(twice.text.contains("is invited already. Withdraw that invitation first."))
            #expect(twice.text.contains(#"value="grace@example.com""#))
            let there = [("email", "ada@example.com")] + Self.grace.dropFirst()
            let taken = try await browser.send(there, to: Self.path)
            #expect(taken.text.contains("There is an account of ada@example.com already"))
            let unknown = try await browser.send(Self.grace.filter { $0.0 != "role" }, to: Self.path)
            #expect(unknown.status == 422)
        }
    }

    @Test("is taken back after a question")
    func withdrawal() async throws {
        let server = try await TestServer()
        let request = NewInvitation(email: "grace@example.com", name: "Grace", role: .member)
        let made = try await server.app.invite(request, as: server.adminCaller)
        let path = "/settings/sign-in/invitations/\(made.invitation.id)/withdraw"
        try await server.browse { browser in
            let list = try await browser.get(Self.settings)
            #expect(list.text.contains(path))
            let question = try await browser.get(path)
            #expect(question.text.contains("Withdraw the invitation of Grace?"))
            #expect(question.text.contains("data-dialog"))
            let done = try await browser.send([], to: path)
            #expect(done.location == Self.settings)
            let again = try await browser.get(path)
            #expect(again.status == 404)
            let other = try await browser.send([], to: path, from: Self.settings)
            #expect(other.status == 409)
        }
        try await server.browseAsStranger { browser in
            let dead = try await browser.open("/invitation?code=\(made.secret.reveal())")
            #expect(dead.status == 400)
        }
    }

    @Test("that an Admin made who is none any more is told to be dead")
    func formerHost() async throws {
        let server = try await TestServer()
        let eve = try await server.givenPerson("eve@example.com", role: .admin)
        try await server.browse(as: eve) { browser in
            _ = try await browser.send(Self.grace.filter { $0.0 != "teams" }, to: Self.path)
        }
        _ = try await server.app.updateUser(eve, UserEditRequest(role: .member), as: server.adminCaller)
        try await server.browse { browser in
            let list = try await browser.get(Self.settings)
            #expect(list.text.contains("No Admin any more: the link is dead"))
        }
    }

    @Test("comes in pages, and those whose time is over are not listed")
    func pages() async throws {
        let server = try await TestServer()
        let admin = try await server.adminCaller
        for number in 10...40 {
            let one = NewInvitation(email: "p\(number)@example.com", name: "P\(number)", role: .member)
            _ = try await server.app.invite(one, as: admin)
        }
        try await server.browse { browser in
            let first = try await browser.get(Self.settings)
            #expect(first.text.contains("1–25 of 31"))
            #expect(first.text.utf8.count < 60_000, "\(first.text.utf8.count) bytes")
            let second = try await browser.get("\(Self.settings)?page=2")
            #expect(second.text.contains("26–31 of 31"))
            #expect(second.text.contains("p10@example.com"))
        }
        server.clock.advance(by: Invitation.life)
        try await server.browse { browser in
            let late = try await browser.get(Self.settings)
            #expect(late.text.contains("Nobody is invited at the moment"))
        }
    }

    @Test("is for Admins alone", arguments: [Role.member, .editor, .manager])
    func permission(role: Role) async throws {
        let server = try await TestServer()
        let person = try await server.givenPerson("m@example.com", role: role)
        try await server.browse(as: person) { browser in
            let form = try await browser.get(Self.path)
            #expect(form.status == 403)
            let sent = try await browser.send(Self.grace, to: Self.path, from: "/account")
            #expect(sent.status == 403)
        }
        let open = try await server.app.listInvitations(PageRequest(), as: server.adminCaller)
        #expect(open.total == 0)
    }
}
