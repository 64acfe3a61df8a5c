import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyHTTP

@Suite("What an Admin does for somebody who cannot get in")
struct PersonAccessTests {
    private static let steps = ["password-link", "reset-second-factor", "end-sessions"]

    private static func path(_ id: ID<User>, _ step: String = "") -> String {
        "/settings/security/users/\(id)" + (step.isEmpty ? "" : "/\(step)")
    }

    @Test("is a link to choose a password, shown this once; a second factor is asked for as ever")
    func passwordLink() async throws {
        let server = try await TestServer()
        let grace = try await server.givenPerson("grace@example.com")
        let authenticator = try await server.browse(as: grace) { browser in
            try await browser.setUpSecondFactor(on: server).authenticator
        }
        let code = try await server.browse { browser in
            let page = try await browser.get(Self.path(grace))
            #expect(page.text.contains("Make a password link"))
            let question = try await browser.get(Self.path(grace, "password-link"))
            #expect(question.text.contains("It works for a day"))
            let made = try await browser.send([], to: Self.path(grace, "password-link"))
            let link = made.text.firstMatch(of: /id="link" tabindex="0">([^<]+)</).map { String($0.1) } ?? ""
            #expect(link.hasPrefix("https://latchkey.example.com/new-password?code="))
            return String(link.split(separator: "=").last ?? "")
        }
        server.clock.advance(by: .minutes(1))
        try await server.browseAsStranger { browser in
            _ = try await browser.open("/new-password?code=\(code)")
            let chosen = try await browser.send([("password", TestServer.password)], to: "/new-password")
            #expect(chosen.location == "/sign-in/second-factor")
            let outside = try await browser.get("/account")
            #expect(outside.status == 303, "the link alone lets nobody in who has a second factor")
            let typed = [("code", authenticator.code(at: server.clock.now)), ("return_to", "/account")]
            let inside = try await browser.send(typed, to: "/sign-in/second-factor")
            #expect(inside.location == "/account")
        }
    }

    @Test("is a reset of the second factor, which signs them out; offered while there is one")
    func reset() async throws {
        let server = try await TestServer()
        let grace = try await server.givenPerson("grace@example.com")
        try await server.givenPassword(for: grace)
        try await server.browse(as: grace) { browser in _ = try await browser.setUpSecondFactor(on: server) }
        let hers = try await server.app.startSession(for: grace, by: .password, from: Origin())
        try await server.browse { browser in
            let page = try await browser.get(Self.path(grace))
            #expect(page.text.contains("Reset second factor"))
            let done = try await browser.send([], to: Self.path(grace, "reset-second-factor"))
            #expect(done.location == Self.path(grace))
            let after = try await browser.get(Self.path(grace))
            #expect(after.text.contains("The second factor is reset"))
            #expect(!after.text.contains("Reset second factor"))
            let twice = try await browser.send([], to: Self.path(grace, "reset-second-factor"))
            #expect(twice.status == 409)
            #expect(twice.text.contains("This person has no second factor."))
        }
        await #expect(throws: Refusal.self) {
            try await server.app.signedIn(hers.secret.reveal()[...], from: Origin())
        }
        try await server.browseAsStranger { browser in
            let form = [("email", "grace@example.com"), ("password", TestServer.password)]
            let entered = try await browser.send(form, to: "/sign-in")
            #expect(entered.location == "/")
        }
    }

    @Test("is the end of all their sessions")
    func sessions() async throws {
        let server = try await TestServer()
        let grace = try await server.givenPerson("grace@example.com")
        let one = try await server.app.startSession(for: grace, by: .password, from: Origin())
        _ = try await server.app.startSession(for: grace, by: .password, from: Origin())
        try await server.browse { browser in
            let page = try await browser.get(Self.path(grace))
            #expect(page.text.contains("In 2 browsers"))
            let question = try await browser.get(Self.path(grace, "end-sessions"))
            #expect(question.text.contains("They are signed in in 2 browsers now."))
            let done = try await browser.send([], to: Self.path(grace, "end-sessions"))
            #expect(done.location == Self.path(grace))
            let after = try await browser.get(Self.path(grace))
            #expect(after.text.contains("Signed out in 2 browsers"))
            #expect(after.text.contains("Nowhere"))
        }
        await #expect(throws: Refusal.self) {
            try await server.app.signedIn(one.secret.reveal()[...], from: Origin())
        }
    }

    @Test("is offered neither for a service user nor for oneself, nor done when asked for all the same")
    func notForAll() async throws {
        let server = try await TestServer()
        let service = try await server.givenServiceUser("Nightly Load")
        let own = try #require(try await server.adminCaller.userID)
        try await server.browse { browser in
            _ = try await browser.setUpSecondFactor(on: server)
            for (user, why) in [(service, "A service user does not sign in"), (own, "This is your own account")] {
                let page = try await browser.get(Self.path(user))
                for step in Self.steps {
                    #expect(!page.text.contains(Self.path(user, step)), "\(step)")
                    let asked = try await browser.get(Self.path(user, step))
                    #expect(asked.status == 409)
                    #expect(asked.text.contains(why))
                    let done = try await browser.send([], to: Self.path(user, step), from: "/account")
                    #expect(done.status == 409)
                    #expect(!done.text.contains("code="))
                }
            }
            let account = try await browser.get("/account")
            #expect(account.text.contains("10 recovery codes are left."), "nothing was changed")
        }
    }

    @Test("is for Admins alone, and so is what their page says of it", arguments: [Role.member, .manager])
    func permission(role: Role) async throws {
        let server = try await TestServer()
        let person = try await server.givenPerson("m@example.com", role: role)
        let grace = try await server.givenPerson("grace@example.com")
        try await server.browse(as: person) { browser in
            for step in Self.steps {
                let asked = try await browser.get(Self.path(grace, step))
                #expect(asked.status == 403)
                let done = try await browser.send([], to: Self.path(grace, step), from: "/account")
                #expect(done.status == 403)
            }
            let page = try await browser.get(Self.path(grace))
            #expect(!page.text.contains("<dt>Second factor</dt>"))
        }
    }
}
