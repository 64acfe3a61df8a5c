import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyHTTP

@Suite("One's own identities")
struct IdentityPagesTests {
    private static let disconnect =
        "/account/identities/disconnect?issuer=https%3A%2F%2Fid.example.com&subject=g%201"

    /// Whoever a directory made is no break-glass Admin, whose identities nobody else connects.
    private func givenColleague(_ server: TestServer) async throws -> ID<User> {
        let secret = try await server.givenToken(
            for: server.givenServiceUser("Directory", role: .admin), isSCIMOnly: true)
        let directory = try await server.app.authenticate(
            secret[...], method: "POST", route: "/test", from: Origin()
        ).credential
        return try await server.app.createPerson(
            ["userName": .text("grace@example.com")], as: Caller(.bearer(directory))
        ).user.id
    }

    private func givenGrace(_ server: TestServer) async throws -> (ID<User>, IdentityProvider) {
        let grace = try await givenColleague(server)
        let provider = try await server.givenProvider()
        _ = try await server.app.linkIdentity("g 1", at: provider.id, to: grace, as: server.adminCaller)
        return (grace, provider)
    }

    @Test("are listed on the account page, with a link to connect at each provider that is on")
    func list() async throws {
        let server = try await TestServer()
        let provider = try await server.givenProvider()
        let grace = try await givenColleague(server)
        try await server.browse(as: grace) { browser in
            let none = try await browser.get("/account")
            #expect(none.text.contains(#"<a href="/sso/\#(provider.id)/start?connect">Connect with Example</a>"#))
            #expect(!none.text.contains("Disconnect"))
            _ = try await server.app.linkIdentity("g 1", at: provider.id, to: grace, as: server.adminCaller)
            let one = try await browser.get("/account")
            #expect(one.text.contains("as g 1, since"))
            #expect(one.text.contains(Self.disconnect.replacing("&", with: "&amp;")))
            #expect(!one.text.contains("Connect with Example"))
            var off = IdentityProviderEdit()
            off.isOn = false
            _ = try await server.app.updateIdentityProvider(provider.id, off, as: server.adminCaller)
            let dark = try await browser.get("/account")
            #expect(dark.text.contains("Turned off"))
        }
        try await server.browse { browser in
            let page = try await browser.get("/settings/security/users/\(grace)")
            #expect(page.text.contains("<dt>Example</dt><dd>g 1"))
            let account = try await browser.get("/account")
            #expect(!account.text.contains("Connect with Example"), "a provider that is off connects nobody")
        }
    }

    @Test("are disconnected after a question, with the sessions that began there")
    func disconnecting() async throws {
        let server = try await TestServer()
        let (grace, provider) = try await givenGrace(server)
        try await server.givenPassword(for: grace)
        let there = try await server.app.startSession(
            for: grace, by: .provider(provider.id.value), from: Origin())
        try await server.browse(as: grace) { browser in
            let question = try await browser.get(Self.disconnect)
            #expect(question.text.contains("Disconnect Example?"))
            #expect(question.text.contains("“g 1”"))
            let done = try await browser.send([], to: Self.disconnect)
            #expect(done.location == "/account")
            let account = try await browser.get("/account")
            #expect(account.text.contains("You can no longer sign in this way"))
            #expect(account.text.contains("Connect with Example"))
            let again = try await browser.get(Self.disconnect)
            #expect(again.status == 404)
        }
        await #expect(throws: Refusal.self) {
            try await server.app.signedIn(there.secret.reveal()[...], from: Origin())
        }
    }

    @Test("stay when they are the last way in")
    func lastWayIn() async throws {
        let server = try await TestServer()
        let (grace, _) = try await givenGrace(server)
        try await server.browse(as: grace) { browser in
            let refused = try await browser.send([], to: Self.disconnect)
            #expect(refused.status == 409)
            #expect(refused.text.contains("This is your only way in. Ask an Admin for a password link first."))
        }
        let left = try await server.app.listIdentities(of: grace, as: server.adminCaller)
        #expect(left.count == 1)
    }

    @Test("of somebody else are none of one's own")
    func others() async throws {
        let server = try await TestServer()
        let (grace, _) = try await givenGrace(server)
        try await server.browse { browser in
            let asked = try await browser.get(Self.disconnect)
            #expect(asked.status == 404)
            let done = try await browser.send([], to: Self.disconnect, from: "/account")
            #expect(done.status == 404)
        }
        let left = try await server.app.listIdentities(of: grace, as: server.adminCaller)
        #expect(left.count == 1)
    }
}
