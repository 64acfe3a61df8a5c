import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyHTTP

@Suite("The page of the policy")
struct PolicyPageTests {
    @Test("shows what decides, and who may what")
    func overview() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            let page = try await browser.get(PolicyPage.path)
            #expect(page.status == 200)
            for words in [
                "data-platform", "built in", "since the start", String(PolicyEdition.dataPlatform.digest.prefix(16)),
                "datastores:view", "GET /api/datastores/{id}", "any datastore", "open to everybody",
            ] {
                #expect(page.text.contains(words), "\(words)")
            }
        }
    }

    @Test("says why the newest text was refused, and goes on with the old one")
    func fault() async throws {
        let server = try await TestServer()
        server.app.policyInForce.refuse(because: "policy.yaml:3:1: <b> is no word", at: server.clock.now)
        try await server.browse { browser in
            let page = try await browser.get(PolicyPage.path)
            #expect(page.text.contains("policy.yaml:3:1: &lt;b&gt; is no word"))
            #expect(page.text.contains("data-platform"))
        }
        let edition = try PolicyEdition(yaml: "format: 1\npolicy: newer\n")
        server.app.policyInForce.use(edition, at: server.clock.now)
        try await server.browse { browser in
            let page = try await browser.get(PolicyPage.path)
            #expect(!page.text.contains("is no word"))
            #expect(page.text.contains("newer"))
            #expect(page.text.contains("No rules about requests"))
        }
    }

    @Test("answers for oneself, for a user, for a token by its number and by itself")
    func ask() async throws {
        let server = try await TestServer()
        let user = try await server.givenServiceUser("Robot", role: .manager)
        let limits = NarrowingRequest(actions: ["self:read"])
        let token = try await server.givenToken(for: user, limits: limits)
        let number = try await server.app.listTokens(
            .service, TokenFilter(now: server.clock.now), limit: 10, offset: 0, as: server.adminCaller
        ).first?.token.id
        let questions = [
            ("", "Allowed."), ("robot@service", "Allowed."), ("\(number?.value ?? 0)", "limited to certain actions"),
            (token, "limited to certain actions"),
        ]
        try await server.browse { browser in
            for (subject, words) in questions {
                let fields = [("subject", subject), ("method", "GET"), ("path", "/api/users?page=2")]
                let page = try await browser.send(fields, to: PolicyPage.path)
                #expect(page.status == 200)
                #expect(page.text.contains(words), "\(subject)")
                #expect(page.text.contains("users:read"))
                #expect(page.text.contains("GET /api/users"))
            }
        }
    }

    @Test(
        "says beside the field what cannot be asked",
        arguments: [
            ("subject", "nobody@service", "There is no user like this."), ("subject", "77", "There is no token"),
            ("subject", "nonsense", "There is no token"), ("path", "/a%2fb", "would be denied before any rule"),
            ("path", "", "would be denied before any rule"), ("method", "BREW", "must be one of the methods"),
        ])
    func flaws(field: String, value: String, words: String) async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            var fields = ["subject": "", "method": "GET", "path": "/api/users"]
            fields[field] = value
            let page = try await browser.send(fields.map { ($0.key, $0.value) }, to: PolicyPage.path)
            #expect(page.status == 422)
            #expect(page.text.contains(words))
        }
    }

    @Test("says of a token that does not work why")
    func revoked() async throws {
        let server = try await TestServer()
        let user = try await server.givenServiceUser("Robot")
        let token = try await server.givenToken(for: user)
        _ = try await server.app.revokeTokens(of: user, reason: nil, as: server.adminCaller)
        try await server.browse { browser in
            let fields = [("subject", token), ("method", "GET"), ("path", "/api/users/me")]
            let page = try await browser.send(fields, to: PolicyPage.path)
            #expect(page.status == 422)
            #expect(page.text.contains("would be refused before any rule is asked: revoked"))
        }
    }

    @Test("is for Admins alone")
    func closed() async throws {
        let server = try await TestServer()
        let manager = try await server.givenPerson("mo@example.com", role: .manager)
        try await server.browse(as: manager) { browser in
            let page = try await browser.get(PolicyPage.path)
            #expect(page.status == 403)
        }
    }
}
