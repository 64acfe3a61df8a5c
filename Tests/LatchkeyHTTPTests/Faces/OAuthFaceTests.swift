import Foundation
import HTTPTypes
import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyHTTP

@Suite("OAuth's calls")
struct OAuthFaceTests {
    private func form(
        _ client: TestClient, _ path: String, _ text: String, as token: String? = nil, basic: String? = nil
    ) async throws -> Answer {
        var headers: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
        if let basic { headers[.authorization] = "Basic \(Data(basic.utf8).base64EncodedString())" }
        return try await client.ask(.post, path, as: token, text, headers: headers)
    }

    private func introspect(_ client: TestClient, _ text: String, as token: String?) async throws -> Answer {
        try await form(client, "/oauth2/introspect", text, as: token)
    }

    @Test("take each parameter once, and so many", arguments: FaceWay.allCases)
    func parameters(way: FaceWay) async throws {
        let server = try await TestServer()
        let asker = try await server.givenToken(acting: .member)
        func numbered(_ count: Int) -> String { (1...count).map { "p\($0)=x&" }.joined() }
        let long = String(repeating: "a", count: 65)
        let forms = [
            (
                "token=a&token=b",
                #"{"error":"invalid_request","error_description":"The parameter token is there twice."}"#
            ),
            (
                numbered(64) + "token=a",
                #"{"error":"invalid_request","error_description":"Send at most 64 parameters."}"#
            ),
            (numbered(63) + "token=a", #"{"active":false}"#),
            ("\(long)=x&\(long)=y&token=a", #"{"active":false}"#),
            ("%C3%A9=x&e%CC%81=y&token=a", #"{"active":false}"#),
            ("token=&empty=&empty=&token=a", #"{"active":false}"#),
        ]
        try await server.test(way) { client in
            for (text, said) in forms {
                let answer = try await introspect(client, text, as: asker)
                #expect(answer.text == said)
                #expect(answer.status == (said.contains("error") ? 400 : 200))
            }
        }
    }

    @Test("say whose a token is that works, and of any other nothing at all", arguments: FaceWay.allCases)
    func introspection(way: FaceWay) async throws {
        let server = try await TestServer()
        let asker = try await server.givenToken(acting: .member)
        let user = try await server.givenServiceUser("Robot", role: .manager)
        let limits = NarrowingRequest(role: .editor, actions: ["users:read", "self:read"])
        let token = try await server.givenToken(for: user, limits: limits)
        let scim = try await server.givenToken(for: user, name: "scim", isSCIMOnly: true)
        let elsewhere = try await server.givenToken(
            for: user, name: "office", limits: NarrowingRequest(allowedCIDRs: ["10.0.0.0/8"]))
        try await server.test(way) { client in
            let known = try await introspect(client, "token=\(token)&token_type_hint=access_token", as: asker)
            #expect(known.status == 200)
            #expect(known["active"] == .flag(true))
            #expect(known["sub"] == "robot@service")
            #expect(known["client_id"] == "robot@service")
            #expect(known["scope"] == "self:read users:read")
            #expect(known["role"] == "Editor")
            #expect(known["teams"] == ["Public"])
            #expect(known["iss"] == "https://latchkey.example.com")
            let others = ["token=nonsense", "token=\(token)x", "token=\(scim)", "token=\(elsewhere)"]
            for text in others + ["token=\(elsewhere)&address=192.0.2.1"] {
                let nothing = try await introspect(client, text, as: asker)
                #expect(nothing.status == 200)
                #expect(nothing.text == #"{"active":false}"#)
            }
            let office = try await introspect(client, "token=\(elsewhere)&address=10.1.1.1", as: asker)
            #expect(office["active"] == .flag(true))
            #expect(office["scope"] == nil)
        }
        server.clock.advance(by: .days(31))
        try await server.test(way) { client in
            let renewed = try await server.givenToken(acting: .manager)
            let expired = try await introspect(client, "token=\(token)", as: renewed)
            #expect(expired.text == #"{"active":false}"#)
        }
    }

    @Test("take the client's word in every way that clients say it", arguments: FaceWay.allCases)
    func credentials(way: FaceWay) async throws {
        let server = try await TestServer()
        let user = try await server.givenServiceUser("Api")
        let token = try await server.givenToken(for: user)
        let escaped = "api%40service:\(token)"
        try await server.test(way) { client in
            let question = "token=\(token)"
            let answers = [
                try await introspect(client, question, as: token),
                try await form(client, "/oauth2/introspect", question, basic: "api@service:\(token)"),
                try await form(client, "/oauth2/introspect", question, basic: escaped),
                try await introspect(client, question + "&client_id=api%40service&client_secret=\(token)", as: nil),
            ]
            for answer in answers { #expect(answer["active"] == .flag(true)) }
            let refused = [
                try await introspect(client, question, as: nil),
                try await introspect(client, question, as: "nonsense"),
                try await form(client, "/oauth2/introspect", question, basic: "other@service:\(token)"),
                try await form(client, "/oauth2/introspect", question, basic: "api@service:nonsense"),
                try await introspect(client, question + "&client_id=x&client_secret=\(token)", as: nil),
            ]
            for answer in refused {
                #expect(answer.status == 401)
                #expect(answer["error"] == "invalid_client")
                // The scheme that the client used has to be among them (RFC 6749 §5.2, RFC 6750 §3).
                let schemes = answer.headers[values: .wwwAuthenticate].compactMap { $0.split(separator: " ").first }
                #expect(schemes == ["Basic", "Bearer"])
            }
        }
    }

    @Test("count a token that works under another's name as a use that failed", arguments: FaceWay.allCases)
    func otherName(way: FaceWay) async throws {
        let server = try await TestServer()
        let token = try await server.givenToken(for: try await server.givenServiceUser("Api"))
        try await server.test(way) { client in
            let answer = try await form(client, "/oauth2/introspect", "token=x", basic: "other@service:\(token)")
            #expect(answer.status == 401)
        }
        let admin = try await server.adminCaller
        let number = try await server.app.authenticate(token[...], method: "GET", route: "/", from: Origin()).token
        let (from, until) = (server.clock.now - .hours(1), server.clock.now + .hours(1))
        let uses = try await server.app.tokenUsage(
            UsageQuery(token: number, from: from, until: until, step: .hour), as: admin)
        #expect(uses.map(\.key.outcome) == [.failed])
        try await server.app.flushUsage(.final)
        let refused = try await server.app.listActivity(
            ActivityFilter(verbs: [.refuse], token: number), PageRequest(), as: admin)
        #expect(refused.items.isEmpty)
    }

    @Test("refuse what is no request of theirs, in OAuth's words", arguments: FaceWay.allCases)
    func malformed(way: FaceWay) async throws {
        let server = try await TestServer()
        try await server.test(way) { client in
            for text in ["", "token=", "token=a&token=b", "token=a&address=here"] {
                let answer = try await introspect(client, text, as: client.admin)
                #expect(answer.status == 400)
                #expect(answer["error"] == "invalid_request")
            }
            let json = try await client.post("/oauth2/introspect", #"{"token":"x"}"#)
            #expect(json.status == 400)
            let method = try await client.get("/oauth2/introspect")
            #expect(method.status == 405)
            let both = try await introspect(
                client, "token=a&client_id=ada@example.com&client_secret=x", as: client.admin)
            #expect(both["error"] == "invalid_request")
        }
    }

    @Test("let nobody ask who may not", arguments: FaceWay.allCases)
    func permission(way: FaceWay) async throws {
        let server = try await TestServer()
        let user = try await server.givenServiceUser("Narrow", role: .admin)
        let narrow = try await server.givenToken(for: user, limits: NarrowingRequest(actions: ["users:read"]))
        let scim = try await server.givenToken(for: user, name: "scim", isSCIMOnly: true)
        try await server.test(way) { client in
            for token in [narrow, scim] {
                let answer = try await introspect(client, "token=\(client.admin)", as: token)
                #expect(answer.status == 403)
                #expect(answer["error"] == "insufficient_scope")
            }
        }
    }

    @Test("give a token up for whoever holds it, and are content with any other")
    func revocation() async throws {
        let server = try await TestServer()
        let user = try await server.givenServiceUser("Robot")
        let token = try await server.givenToken(for: user, limits: NarrowingRequest(actions: ["self:read"]))
        try await server.test { client in
            for _ in 0..<2 {
                let answer = try await form(client, "/oauth2/revoke", "token=\(token)")
                #expect(answer.status == 200)
                let me = try await client.ask(.get, "/api/users/me", as: token)
                #expect(me.status == 401)
            }
            let unknown = try await form(client, "/oauth2/revoke", "token=nonsense")
            #expect(unknown.status == 200)
            let liar = try await form(client, "/oauth2/revoke", "token=\(client.admin)", basic: "x:y")
            #expect(liar.status == 401)
            let still = try await client.get("/api/users/me")
            #expect(still.status == 200)
        }
    }

    @Test("give access tokens for as long as the instance says, or as was asked")
    func lengths() async throws {
        let server = try await TestServer(tokens: TokenPolicy(accessMinutes: 25))
        let user = try await server.givenServiceUser("Robot")
        let token = try await server.givenToken(for: user)
        try await server.test { client in
            let grant = "grant_type=client_credentials"
            let usual = try await form(client, "/oauth2/token", grant, basic: "robot@service:\(token)")
            #expect(usual["expires_in"] == .integer(1500))
            let asked = try await form(
                client, "/oauth2/token", grant + "&expires_in=300", basic: "robot@service:\(token)")
            #expect(asked["expires_in"] == .integer(300))
        }
        try await server.browse { browser in
            let page = try await browser.get("/settings/security/users/\(user)/trust")
            #expect(page.text.contains(#"<option value="25" selected>25 minutes</option>"#))
        }
    }

    @Test("describe themselves, and only what there is")
    func metadata() async throws {
        let server = try await TestServer()
        let doors = server.doors
        try await server.test { client in
            let document = try await client.ask(.get, "/.well-known/oauth-authorization-server", as: nil)
            #expect(document["issuer"] == "https://latchkey.example.com")
            guard case .object(let members) = document.json else {
                Issue.record("no object")
                return
            }
            let paths = doors.faces.map(\.path) + ["/.well-known/jwks.json"]
            for member in members where member.name.hasSuffix("_endpoint") || member.name == "jwks_uri" {
                let path = member.value.string?.replacing("https://latchkey.example.com", with: "") ?? ""
                #expect(paths.contains(path), "\(member.name)")
            }
        }
    }
}
