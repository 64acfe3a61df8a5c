import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyHTTP

@Suite("Home")
struct HomePageTests {
    /// The number on the card that bears these words.
    private static func count(_ words: String, in html: String) -> String? {
        html.firstRange(of: "</b><span>\(words)</span>").flatMap { range in
            html[..<range.lowerBound].split(separator: ">").last.map(String.init)
        }
    }

    @Test("counts what needs attention, each with a link to the list of just that")
    func cards() async throws {
        let server = try await TestServer()
        let user = try await server.givenServiceUser("Nightly Load")
        _ = try await server.givenToken(for: user, name: "ends in a month")
        let never = NewToken(name: "never ends", owner: user, lifetime: .never)
        _ = try await server.app.issueToken(never, as: server.adminCaller)
        server.clock.advance(by: .days(1))
        try await server.browse { browser in
            let home = try await browser.get("/")
            #expect(home.status == 200)
            #expect(Self.count("expiring in 30 days", in: home.text) == "1")
            #expect(Self.count("never expiring", in: home.text) == "1")
            #expect(Self.count("service users without owner", in: home.text) == "1")
            #expect(Self.count("service users without purpose", in: home.text) == "1")
            #expect(Self.count("used after revocation", in: home.text) == "0")
            #expect(home.text.contains("1 token ends in the next 90 days"))
            let list = try await browser.get("/settings/security/users?service=true&ownerless=true")
            #expect(list.text.contains("nightly_load@service"))
        }
    }

    @Test("is the list of their own tokens for those who may see no others")
    func members() async throws {
        let server = try await TestServer()
        let person = try await server.givenPerson("grace@example.com", role: .editor)
        try await server.browse(as: person) { browser in
            let home = try await browser.get("/")
            #expect(home.location == "/settings/tokens")
        }
        let manager = try await server.givenPerson("mary@example.com", role: .manager)
        try await server.browse(as: manager) { browser in
            let home = try await browser.get("/")
            #expect(home.status == 200)
            #expect(!home.text.contains("expiring in 30 days"))
        }
    }
}
