import LatchkeyApp
import LatchkeyCore
import Testing

@testable import LatchkeyHTTP

@Suite("The list of users")
struct UserListPageTests {
    private static let path = "/settings/security/users"

    @Test("shows who is there, with badges in words")
    func rows() async throws {
        let server = try await TestServer()
        let user = try await server.givenServiceUser("Pipeline Automation", role: .manager)
        _ = try await server.givenToken(for: user)
        let gone = try await server.givenServiceUser("Old Load")
        try await server.app.deactivateUser(gone, revokingTokens: true, as: server.adminCaller)
        try await server.browse { browser in
            let page = try await browser.get(Self.path)
            #expect(page.status == 200)
            #expect(page.text.contains("Pipeline Automation"))
            #expect(page.text.contains("pipeline_automation@service"))
            #expect(page.text.contains(#"<span class="badge service">Service</span>"#))
            #expect(!page.text.contains("Old Load"))
            let all = try await browser.get("\(Self.path)?deactivated=true")
            #expect(all.text.contains("Old Load"))
            #expect(all.text.contains("Deactivated</span>"))
            #expect(all.text.contains(#"<span class="badge good">Active</span>"#))
        }
    }

    @Test("is searched, filtered and sorted by its query, and says how many filters are on")
    func query() async throws {
        let server = try await TestServer()
        _ = try await server.givenServiceUser("Alpha", role: .editor)
        _ = try await server.givenServiceUser("Beta")
        try await server.browse { browser in
            let found = try await browser.get("\(Self.path)?name=alp")
            #expect(found.text.contains("alpha@service"))
            #expect(!found.text.contains("beta@service"))
            let narrowed = try await browser.get("\(Self.path)?role=Editor&service=true&name=")
            #expect(narrowed.text.contains("alpha@service"))
            #expect(!narrowed.text.contains("beta@service"))
            #expect(narrowed.text.contains(#"aria-label="2 active">2</span>"#))
            let sorted = try await browser.get("\(Self.path)?sort=name&sort_dir=desc").text
            let (alpha, beta) = (sorted.firstRange(of: "alpha@service"), sorted.firstRange(of: "beta@service"))
            #expect(try #require(beta).lowerBound < #require(alpha).lowerBound)
            #expect(sorted.contains(#"aria-sort="descending""#))
            let none = try await browser.get("\(Self.path)?name=nobody")
            #expect(none.text.contains("No user matches"))
            let wild = try await browser.get("\(Self.path)?page=x&sort=oops&role=King&unknown=1")
            #expect(wild.status == 200)
        }
    }

    @Test("sorts by teams: how many, and equals by name")
    func teams() async throws {
        let server = try await TestServer()
        let admin = try await server.adminCaller
        for name in ["Data", "Ops"] { _ = try await server.app.createTeam(TeamEdit(name: name), as: admin) }
        for (name, teams) in [("Alpha", ["Data"]), ("Beta", ["Data", "Ops"]), ("Gamma", []), ("Delta", ["Ops"])] {
            let made = NewServiceUser(name: name, role: .member, teams: teams)
            _ = try await server.app.createServiceUser(made, as: admin)
        }
        try await server.browse { browser in
            for (order, expected) in [
                ("asc", ["Gamma", "Alpha", "Delta", "Beta"]), ("desc", ["Beta", "Delta", "Alpha", "Gamma"]),
            ] {
                let page = try await browser.get("\(Self.path)?service=true&sort=teams&sort_dir=\(order)").text
                let found = expected.compactMap { name in page.firstRange(of: ">\(name)</a>")?.lowerBound }
                #expect(found.count == 4)
                #expect(found == found.sorted(), "\(order)")
            }
        }
    }

    @Test("comes in pages whose links keep the query")
    func pages() async throws {
        let server = try await TestServer()
        for number in 10...40 { _ = try await server.givenServiceUser("Load \(number)") }
        try await server.browse { browser in
            let first = try await browser.get("\(Self.path)?service=true&name=Load+")
            #expect(first.text.contains("1–25 of 31"))
            #expect(first.text.contains(#"href="\#(Self.path)?service=true&amp;name=Load%20&amp;page=2""#))
            let second = try await browser.get("\(Self.path)?service=true&name=Load+&page=2")
            #expect(second.text.contains("26–31 of 31"))
            let beyond = try await browser.get("\(Self.path)?page=999")
            #expect(beyond.location == "\(Self.path)?page=2")
        }
    }

    @Test("shows names as they are written, whatever they hold")
    func hostileNames() async throws {
        let server = try await TestServer()
        let name = #"<img src=x onerror=alert(1)>"'&{{name}}{{{role}}}"#
        _ = try await server.givenServiceUser(name)
        try await server.browse { browser in
            for path in [Self.path, "\(Self.path)?name=\(FormText.encoded("\"><script>alert(1)</script>"))"] {
                let page = try await browser.get(path)
                #expect(!page.text.contains("<img"))
                #expect(!page.text.contains("<script>alert"))
            }
            let page = try await browser.get(Self.path)
            #expect(page.text.contains("&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;{{name}}{{{role}}}"))
        }
    }

    @Test("offers changes to those alone who may make them")
    func managers() async throws {
        let server = try await TestServer()
        _ = try await server.givenServiceUser("Nightly Load")
        let person = try await server.givenPerson("grace@example.com", role: .manager)
        try await server.browse(as: person) { browser in
            let page = try await browser.get(Self.path)
            #expect(page.status == 200)
            #expect(!page.text.contains("Actions for"))
            #expect(!page.text.contains("Service User</a>"))
        }
        try await server.browse { browser in
            let page = try await browser.get(Self.path)
            #expect(page.text.contains(#"aria-label="Actions for Nightly Load""#))
        }
    }
}
