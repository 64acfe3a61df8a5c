import LatchkeyApp
import LatchkeyCore
import Testing

@testable import LatchkeyHTTP

@Suite("Many tokens at once in the console")
struct ManyTokensPageTests {
    private static func given(_ server: TestServer) async throws -> [ID<Token>] {
        let user = try await server.givenServiceUser("Nightly Load")
        var ids: [ID<Token>] = []
        for name in ["one", "two", "three"] {
            let request = NewToken(name: name, owner: user, lifetime: .days(30))
            ids.append(try await server.app.issueToken(request, as: server.adminCaller).summary.token.id)
        }
        _ = try await server.app.updateToken(ids[2], TokenEdit(revoke: true), as: server.adminCaller)
        return ids
    }

    private static func query(_ ids: [ID<Token>], _ change: String) -> String {
        "/settings/tokens/many?change=\(change)&" + ids.map { "id=\($0)" }.joined(separator: "&")
    }

    @Test("first say what would happen, then do just that")
    func rehearsal() async throws {
        let server = try await TestServer()
        let ids = try await Self.given(server)
        try await server.browse { browser in
            let page = try await browser.get(Self.query(ids, "revoke"))
            #expect(page.status == 200)
            #expect(page.text.contains("Revoke 2 tokens?"))
            #expect(page.text.contains("Nothing has been changed yet"))
            #expect(page.text.contains("This token is revoked already."))
            let still = try await server.app.findToken(ids[0], as: server.adminCaller)
            #expect(still.token.revocation == nil, "nothing changes on a GET")
            let fields = ids.map { ("id", "\($0)") } + [("change", "revoke"), ("reason", "superseded")]
            let sent = try await browser.send(
                fields + [("back", "/settings/tokens/service?status=active")], to: "/settings/tokens/many",
                from: Self.query(ids, "revoke"))
            #expect(sent.location == "/settings/tokens/service?status=active")
            let list = try await browser.get("/settings/tokens/service")
            #expect(list.text.contains("2 user tokens successfully revoked"))
            let after = try await server.app.findToken(ids[0], as: server.adminCaller)
            #expect(after.token.revocation?.reason == .superseded)
        }
    }

    @Test("offer no button where nothing can be done, and say when nothing was chosen")
    func nothing() async throws {
        let server = try await TestServer()
        let ids = try await Self.given(server)
        try await server.browse { browser in
            let none = try await browser.get(Self.query(Array(ids.prefix(2)), "delete"))
            #expect(none.text.contains("None of these can be deleted"))
            #expect(!none.text.contains("<button class=\"grave\""))
            let empty = try await browser.get("/settings/tokens/many?change=revoke&back=%2Fsettings%2Ftokens%2Fservice")
            #expect(empty.location == "/settings/tokens/service")
            let unknown = try await browser.get(Self.query(ids, "burn"))
            #expect(unknown.status == 400)
            let foreign = try await browser.get(Self.query([ID(999)], "revoke"))
            #expect(foreign.status == 404)
        }
    }
}
