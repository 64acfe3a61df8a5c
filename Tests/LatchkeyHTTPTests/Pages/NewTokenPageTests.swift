import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyHTTP

@Suite("Generate Token")
struct NewTokenPageTests {
    private static let path = "/settings/tokens/new"
    private static let service = "/settings/tokens/new?kind=service"

    @Test("makes a service token for a picked user, with its limits, and shows it once")
    func service() async throws {
        let server = try await TestServer()
        _ = try await server.givenServiceUser("Nightly Load", role: .manager)
        let value = try await server.browse { browser in
            let form = try await browser.get("\(Self.service)&user=nightly_load@service")
            #expect(form.text.contains(#"value="nightly_load@service""#))
            let shown = try await browser.send(
                [
                    ("kind", "service"), ("user_id", "nightly_load@service"), ("name", "production"),
                    ("expires_in_days", "90"), ("role", "Member"), ("teams", "public"),
                    ("allowed_cidrs", "10.0.0.0/8, 192.0.2.1"), ("actions", "self:read"),
                ], to: Self.path, from: Self.service)
            #expect(shown.status == 200)
            return shown.text.firstMatch(of: /eyJ[A-Za-z0-9_.-]+/).map { String($0.0) }
        }
        let secret = try #require(value)
        let bearer = try await server.app.authenticate(
            secret[...], method: "GET", route: "/", from: Origin(address: Address("10.1.2.3")))
        #expect(bearer.role == .member)
        #expect(bearer.expiresAt == server.clock.now.wholeSecond + .days(90))
        #expect(bearer.narrowing.actions == ["self:read"])
        #expect(bearer.narrowing.addresses?.map(\.description) == ["10.0.0.0/8", "192.0.2.1/32"])
    }

    @Test("shows the token at work where the API is")
    func rootPath() async throws {
        let server = try await TestServer(settings: HTTPSettings(rootPath: "/latchkey/v1"))
        try await server.browse { browser in
            let shown = try await browser.send([("name", "laptop"), ("expires_in_days", "30")], to: Self.path)
            #expect(shown.text.contains(" https://latchkey.example.com/latchkey/v1/users/me"))
        }
    }

    @Test("makes a personal token for whoever asks")
    func personal() async throws {
        let server = try await TestServer()
        let person = try await server.givenPerson("grace@example.com")
        try await server.browse(as: person) { browser in
            let form = try await browser.get(Self.service)
            #expect(form.text.contains("Generate personal token"), "service tokens are the Admins'")
            let shown = try await browser.send([("name", "laptop"), ("expires_in_days", "30")], to: Self.path)
            #expect(shown.text.contains("grace@example.com"))
            #expect(shown.text.contains("eyJ"))
            let forced = try await browser.send(
                [("kind", "service"), ("user_id", "x@service"), ("name", "x"), ("expires_in_days", "30")],
                to: Self.path)
            #expect(forced.status == 403)
        }
    }

    @Test(
        "keeps what was typed and says beside each field what is wrong",
        arguments: [
            ("name", "", "must not be empty"), ("user_id", "nobody@service", "There is no service user"),
            ("user_id", "ada@example.com", "service user"), ("expires_in_days", "x", "Choose how long"),
            ("expires_in_days", "400", "must be 1 to 365"), ("role", "Admin", "must be at most Member"),
            ("teams", "Nope", "must name a team"), ("allowed_cidrs", "10.0.0.1/8", "must be an address"),
            ("actions", "fly", "must name an action"),
        ])
    func flaws(field: String, value: String, words: String) async throws {
        let server = try await TestServer()
        _ = try await server.givenServiceUser("Nightly Load")
        try await server.browse { browser in
            var fields = [
                "kind": "service", "user_id": "nightly_load@service", "name": "kept-name", "expires_in_days": "30",
            ]
            fields[field] = value
            let answer = try await browser.send(fields.map { ($0.key, $0.value) }, to: Self.path, from: Self.service)
            #expect(answer.status == 422)
            #expect(answer.text.contains(words), "\(field)")
            #expect(answer.text.contains(#"<p class="flaw">"#))
            if field != "name" { #expect(answer.text.contains(#"value="kept-name""#)) }
        }
    }

    @Test("says when the name is taken")
    func taken() async throws {
        let server = try await TestServer()
        _ = try await server.givenToken(for: server.givenServiceUser("Nightly Load"), name: "production")
        try await server.browse { browser in
            let answer = try await browser.send(
                [
                    ("kind", "service"), ("user_id", "nightly_load@service"), ("name", "production"),
                    ("expires_in_days", "30"),
                ], to: Self.path, from: Self.service)
            #expect(answer.status == 409)
            #expect(answer.text.contains("has a token of this name already"))
        }
    }

    @Test("suggests service users while somebody types")
    func suggestions() async throws {
        let server = try await TestServer()
        _ = try await server.givenServiceUser("Nightly Load")
        _ = try await server.givenServiceUser("Alation Sync")
        try await server.browse { browser in
            let answer = try await browser.get("/settings/tokens/users?value=night")
            #expect(answer.text.contains(#"<option value="nightly_load@service">Nightly Load</option>"#))
            #expect(!answer.text.contains("alation"))
        }
    }
}
