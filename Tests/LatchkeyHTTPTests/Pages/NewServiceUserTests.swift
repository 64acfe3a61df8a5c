import HTTPTypes
import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyHTTP

@Suite("Add service user")
struct NewServiceUserTests {
    private static let path = "/settings/security/users/new"
    private static let first = [
        ("name", "Pipeline Automation"), ("role", "Manager"), ("purpose", "Nightly loads"),
        ("owner_id", "ada@example.com"),
    ]
    private static let token = [("token_name", "pipeline-production"), ("token_expires_in_days", "365")]

    @Test("finishes with a user and no token")
    func finish() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            let shown = try await browser.get(Self.path)
            #expect(shown.text.contains(#"value="Member" checked"#))
            #expect(shown.text.contains(#"value="Public" checked disabled"#))
            let answer = try await browser.send(Self.first + [("step", "finish")], to: Self.path)
            #expect(answer.location == "/settings/security/users?sort=created&sort_dir=desc")
            let list = try await browser.get(answer.location ?? "")
            #expect(list.text.contains("The User has been successfully created"))
            #expect(list.text.contains("pipeline_automation@service"))
            let again = try await browser.get("/settings/security/users")
            #expect(!again.text.contains("The User has been successfully created"))
        }
        let users = try await server.app.listUsers(
            UserFilter(type: .service), PageRequest(), as: server.adminCaller)
        let made = try #require(users.items.first)
        #expect(made.user.role == .manager)
        #expect(made.user.purpose == "Nightly loads")
        #expect(made.owner?.handle == "ada@example.com")
    }

    @Test("makes nothing before its second step is finished, then both, and the token works")
    func twoSteps() async throws {
        let server = try await TestServer()
        let shown = try await server.browse { browser in
            let second = try await browser.send(Self.first + [("step", "next")], to: Self.path)
            #expect(second.status == 200)
            #expect(second.text.contains("Step 2 of 2"))
            #expect(second.text.contains(#"value="pipeline_automation@service""#))
            let before = try await browser.get("/settings/security/users")
            #expect(!before.text.contains("pipeline_automation@service"))
            let done = try await browser.send(Self.first + Self.token + [("step", "issue")], to: Self.path)
            #expect(done.status == 200)
            #expect(done.text.contains("Copy it now."))
            #expect(done.headers[.cacheControl] == "no-store")
            return done.text
        }
        let secret = try #require(shown.firstMatch(of: /id="token-value"[^>]*>([^<]+)</)).1
        #expect(shown.contains("pipeline-production-token.txt"))
        let bearer = try await server.app.authenticate(secret, method: "GET", route: "/test", from: Origin())
        #expect(bearer.account.handle == "pipeline_automation@service")
        #expect(bearer.role == .manager)
        #expect(bearer.expiresAt == server.clock.now.wholeSecond + .days(365))
    }

    @Test("goes back with what was typed")
    func back() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            let first = try await browser.send(Self.first + Self.token + [("step", "back")], to: Self.path)
            #expect(first.text.contains(#"value="Pipeline Automation""#))
            #expect(first.text.contains(#"value="Manager" checked"#))
            #expect(first.text.contains("Nightly loads</textarea>"))
        }
    }

    @Test(
        "refused keeps what was typed and says what is wrong beside the field, whichever the step",
        arguments: [
            ("name", "", "This must not be empty"), ("name", "!!!", "at least one letter"),
            ("owner_id", "nobody@example.com", "There is no person with this mail address."),
            ("teams", "Nowhere", "There is no team named"), ("role", "King", "must be one of the roles"),
        ], ["finish", "next", "issue"])
    func flaws(flaw: (field: String, value: String, words: String), step: String) async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            let fields = Self.first.filter { $0.0 != flaw.field } + [(flaw.field, flaw.value), ("step", step)]
            let answer = try await browser.send(fields + Self.token, to: Self.path)
            #expect(answer.status == 422)
            #expect(answer.text.contains(flaw.words))
            #expect(answer.text.contains("Step 1 of 2"))
            #expect(answer.text.contains("Nightly loads"))
        }
        let users = try await server.app.listUsers(UserFilter(), PageRequest(), as: server.adminCaller)
        #expect(users.total == 1)
    }

    @Test("refused for its token makes no user either")
    func tokenFlaws() async throws {
        let server = try await TestServer(tokens: TokenPolicy(longestDays: 90, allowsNever: false))
        try await server.browse { browser in
            for (name, days) in [("", "30"), ("a", "never"), ("a", "365"), ("a", "soon")] {
                let token = [("token_name", name), ("token_expires_in_days", days), ("step", "issue")]
                let answer = try await browser.send(Self.first + token, to: Self.path)
                #expect(answer.status == 422)
                #expect(answer.text.contains("Step 2 of 2"))
                #expect(answer.text.contains(#"class="flaw""#))
                #expect(!answer.text.contains(#"value="never""#))
            }
            let list = try await browser.get("/settings/security/users")
            #expect(!list.text.contains("pipeline_automation@service"))
        }
    }

    @Test("says of a name, as it is typed, what handle it gives, and when it is taken or says nothing")
    func handle() async throws {
        let server = try await TestServer()
        _ = try await server.givenServiceUser("API Access")
        try await server.browse { browser in
            func comment(_ name: String) async throws -> String {
                try await browser.get("\(Self.path)/handle?value=\(FormText.encoded(name))").text
            }
            let good = try await comment("Alation  Sync")
            #expect(good.contains("alation_sync@service"))
            #expect(!good.contains("class=\"flaw\""))
            #expect(!good.contains("<html"))
            let taken = try await comment("api access")
            #expect(taken.contains("is taken"))
            for name in ["service1", "temp", "test123"] {
                let empty = try await comment(name)
                #expect(empty.contains("does not say what"), "\(name)")
            }
            let none = try await comment("!!!")
            #expect(none.contains("at least one letter"))
            let people = try await browser.get("/settings/security/users/people?value=ada")
            #expect(people.text.contains(#"<option value="ada@example.com">Ada</option>"#))
        }
    }

    @Test("shows a hostile name as text in every step")
    func hostile() async throws {
        let server = try await TestServer()
        let name = #"x"><script>alert(1)</script>{{formToken}}"#
        try await server.browse { browser in
            for step in ["next", "back", "issue"] {
                let fields = [("name", name), ("role", "Member"), ("step", step)] + Self.token
                let answer = try await browser.send(fields, to: Self.path)
                #expect(answer.status == 200)
                #expect(!answer.text.contains("<script>alert"))
            }
        }
    }
}
