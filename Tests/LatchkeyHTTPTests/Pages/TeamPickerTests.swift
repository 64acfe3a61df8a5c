import LatchkeyApp
import LatchkeyCore
import Testing

@testable import LatchkeyHTTP

@Suite("The picker of teams")
struct TeamPickerTests {
    private static let new = "/settings/security/users/new"

    private static func givenTeams(_ count: Int, _ server: TestServer) async throws {
        let admin = try await server.adminCaller
        for number in 0..<count {
            let edit = TeamEdit(name: "Team \(1000 + number)", description: "", permission: .viewer)
            _ = try await server.app.createTeam(edit, as: admin)
        }
    }

    private static func ticked(_ html: String) -> [String] {
        html.matches(of: /name="teams" value="([^"]+)" checked>/).map { String($0.1) }
    }

    private static func offered(_ html: String) -> Int { html.matches(of: /name="teams"/).count }

    @Test("stays small with two thousand teams, and so do the lists that they narrow")
    func size() async throws {
        let server = try await TestServer()
        try await Self.givenTeams(2000, server)
        let user = try await server.givenServiceUser("Nightly Load")
        try await server.browse { browser in
            for path in [Self.new, "/settings/security/users/\(user)/edit", "/settings/security/users"] {
                let page = try await browser.get(path)
                #expect(page.status == 200)
                #expect(page.text.utf8.count < 55_000, "\(path): \(page.text.utf8.count) bytes")
            }
            let page = try await browser.get(Self.new)
            #expect(Self.offered(page.text) == TeamPicker.shown + 1, "Public comes on top")
            #expect(page.text.contains("1,980 more"))
        }
    }

    @Test("shows all of few teams, and asks for no search")
    func few() async throws {
        let server = try await TestServer()
        try await Self.givenTeams(3, server)
        try await server.browse { browser in
            let page = try await browser.get(Self.new)
            #expect(Self.offered(page.text) == 4)
            #expect(!page.text.contains("find_teams"))
        }
    }

    @Test("finds without a script, and keeps what was ticked and typed")
    func find() async throws {
        let server = try await TestServer()
        try await Self.givenTeams(40, server)
        try await server.browse { browser in
            let typed = [
                ("name", "Pipeline Automation"), ("role", "Manager"), ("teams", "Team 1003"), ("teams", "Team 1030"),
                ("find_teams", "m 103"), ("step", "find"),
            ]
            let found = try await browser.send(typed, to: Self.new)
            #expect(found.status == 200)
            #expect(Self.ticked(found.text) == ["Team 1003", "Team 1030"])
            #expect(Self.offered(found.text) == 12, "Public, the two, and nine others that match")
            #expect(found.text.contains(#"value="Pipeline Automation""#))
            #expect(found.text.contains(#"value="Manager" checked"#))
            #expect(found.text.contains(#"name="find_teams" value="m 103""#))
        }
    }

    @Test("of a user shows the teams it is in, wherever these stand, and changes nothing while it searches")
    func edit() async throws {
        let server = try await TestServer()
        try await Self.givenTeams(40, server)
        let user = try await server.givenServiceUser("Nightly Load")
        let admin = try await server.adminCaller
        _ = try await server.app.updateUser(user, UserEditRequest(teams: ["Team 1039"]), as: admin)
        let path = "/settings/security/users/\(user)/edit"
        try await server.browse { browser in
            let shown = try await browser.get(path)
            #expect(Self.ticked(shown.text) == ["Team 1039"])
            let version = try #require(shown.text.firstMatch(of: /name="version" value="(\d+)"/)).1
            let typed = [
                ("version", String(version)), ("name", "Nightly Load"), ("role", "Member"), ("teams", "Team 1002"),
            ]
            let found = try await browser.send(typed + [("find_teams", "1038"), ("step", "find")], to: path)
            #expect(Self.ticked(found.text) == ["Team 1002"])
            let before = try await server.app.findUser(user, as: admin)
            #expect(before.teams == ["Public", "Team 1039"])
            let saved = try await browser.send(typed + [("find_teams", "1038")], to: path)
            #expect(saved.location == "/settings/security/users/\(user)")
        }
        let after = try await server.app.findUser(user, as: admin)
        #expect(after.teams == ["Public", "Team 1002"])
    }

    @Test("answers scripts with boxes and with names, as text")
    func fragments() async throws {
        let server = try await TestServer()
        try await Self.givenTeams(30, server)
        let hostile = #"<img src=x onerror=alert(1)>"#
        _ = try await server.app.createTeam(
            TeamEdit(name: hostile, description: "", permission: .viewer), as: server.adminCaller)
        try await server.browse { browser in
            let boxes = try await browser.get("/settings/security/teams/options?value=team+102")
            #expect(Self.offered(boxes.text) == 10)
            #expect(!boxes.text.contains("<html"))
            let names = try await browser.get("/settings/security/teams/names?value=TEAM+1021")
            #expect(names.text.contains(#"<option value="Team 1021">"#))
            let odd = try await browser.get("/settings/security/teams/options?value=%3Cimg")
            #expect(Self.offered(odd.text) == 1)
            #expect(!odd.text.contains("<img"))
        }
    }

    @Test("in the filter of users is a field that suggests, and finds the members of a team")
    func filter() async throws {
        let server = try await TestServer()
        try await Self.givenTeams(2, server)
        let user = try await server.givenServiceUser("Nightly Load")
        _ = try await server.givenServiceUser("Other Load")
        _ = try await server.app.updateUser(user, UserEditRequest(teams: ["Team 1001"]), as: server.adminCaller)
        try await server.browse { browser in
            let page = try await browser.get("/settings/security/users?team=team+1001")
            #expect(page.text.contains("nightly_load@service"))
            #expect(!page.text.contains("other_load@service"))
            #expect(page.text.contains(#"data-suggestions="/settings/security/teams/names""#))
        }
    }
}
