import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyHTTP

@Suite("The pages of teams")
struct TeamPagesTests {
    private static let list = "/settings/security/teams"

    private static func given(_ server: TestServer, _ edit: TeamEdit) async throws -> TeamSummary {
        try await server.app.createTeam(edit, as: server.adminCaller)
    }

    private static func find(_ server: TestServer, _ id: ID<Team>) async throws -> TeamSummary {
        try await server.app.findTeam(id, as: server.adminCaller)
    }

    @Test("list who is in how many teams, and are searched and sorted")
    func list() async throws {
        let server = try await TestServer()
        _ = try await Self.given(server, TeamEdit(name: "Data Engineering", permission: .editor))
        _ = try await Self.given(server, TeamEdit(name: "Analytics", description: "Reports <b>only</b>"))
        try await server.browse { browser in
            let page = try await browser.get(Self.list)
            #expect(page.status == 200)
            #expect(page.text.contains("Data Engineering") && page.text.contains("Public"))
            #expect(page.text.contains("Reports &lt;b&gt;only&lt;/b&gt;"))
            let found = try await browser.get("\(Self.list)?name=ana&sort=created")
            #expect(found.text.contains("Analytics") && !found.text.contains("Data Engineering"))
            let none = try await browser.get("\(Self.list)?name=nothing")
            #expect(none.text.contains("No team matches"))
        }
        let manager = try await server.givenPerson("grace@example.com", role: .manager)
        try await server.browse(as: manager) { browser in
            let page = try await browser.get(Self.list)
            #expect(page.status == 200)
            #expect(!page.text.contains("Add Team"))
            let refused = try await browser.get("\(Self.list)/new")
            #expect(refused.status == 403)
        }
    }

    @Test("tell who is deactivated apart from the members, and search where there are many")
    func manyMembers() async throws {
        let server = try await TestServer()
        var users: [ID<User>] = []
        for number in 1...27 { users.append(try await server.givenServiceUser("Load \(number)")) }
        let members = users
        let team = try await Self.given(server, TeamEdit(name: "Data & Loads", users: members)).team
        try await server.browse { browser in
            let page = try await browser.get(team.path)
            #expect(page.text.contains("<small>27</small>"))
            #expect(page.text.contains(#"name="team" value="Data &amp; Loads""#))
            for user in members.prefix(3) {
                _ = try await server.app.deactivateUser(user, revokingTokens: false, as: server.adminCaller)
            }
            let after = try await browser.get(team.path)
            #expect(after.text.contains("<small>24 and 3 deactivated</small>"))
            #expect(!after.text.contains("Search members"))
        }
    }

    @Test("add one, with what each level grants told beside it")
    func add() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            let form = try await browser.get("\(Self.list)/new")
            #expect(form.text.contains("Run, manage and schedule operations"))
            let made = try await browser.send(
                [("name", "Data"), ("description", "All of it"), ("permission", "Author")], to: "\(Self.list)/new")
            let path = try #require(made.location)
            let page = try await browser.get(path)
            #expect(page.text.contains("Team successfully created"))
            #expect(page.text.contains("Permission: Author"))
            #expect(page.text.contains("It opens nothing yet."))
            let taken = try await browser.send(
                [("name", "data"), ("description", "kept"), ("permission", "Viewer")], to: "\(Self.list)/new")
            #expect(taken.status == 409)
            #expect(taken.text.contains("There is a team of this name already") && taken.text.contains("kept"))
            let bad = try await browser.send([("name", ""), ("permission", "King")], to: "\(Self.list)/new")
            #expect(bad.status == 422)
        }
    }

    @Test("edit it, and tell the second of two who do")
    func edit() async throws {
        let server = try await TestServer()
        let team = try await Self.given(server, TeamEdit(name: "Data")).team
        try await server.browse { browser in
            let version = ("version", "\(team.version)")
            let fields = [version, ("name", "Data 2"), ("description", ""), ("permission", "Editor")]
            let first = try await browser.send(fields, to: "\(team.path)/edit")
            #expect(first.location == team.path)
            let second = try await browser.send(
                [version, ("name", "Other"), ("description", ""), ("permission", "Viewer")], to: "\(team.path)/edit")
            #expect(second.status == 409)
            #expect(second.text.contains("Somebody has changed this team meanwhile"))
            let now = try await Self.find(server, team.id)
            #expect(now.team.name == "Data 2" && now.team.permission == .editor)
        }
    }

    @Test("take members in and let them go")
    func members() async throws {
        let server = try await TestServer()
        let user = try await server.givenServiceUser("Nightly Load")
        let team = try await Self.given(server, TeamEdit(name: "Data")).team
        try await server.browse { browser in
            let added = try await browser.send(
                [("version", "1"), ("user_id", "nightly_load@service")], to: "\(team.path)/members", from: team.path)
            #expect(added.location == team.path)
            let summary = try await Self.find(server, team.id)
            #expect(summary.users == [user])
            let page = try await browser.get(team.path)
            #expect(page.text.contains("nightly_load@service"))
            let unknown = try await browser.send(
                [("version", "2"), ("user_id", "nobody@service")], to: "\(team.path)/members", from: team.path)
            #expect(unknown.status == 422)
            #expect(unknown.text.contains("There is nobody of this mail address or user_id."))
            #expect(unknown.text.contains(#"value="nobody@service""#))
            let late = try await browser.send(
                [("version", "1"), ("user", "\(user)")], to: "\(team.path)/members/remove", from: team.path)
            #expect(late.status == 409)
            let removed = try await browser.send(
                [("version", "2"), ("user", "\(user)")], to: "\(team.path)/members/remove", from: team.path)
            #expect(removed.location == team.path)
            let after = try await Self.find(server, team.id)
            #expect(after.users.isEmpty)
        }
    }

    @Test("open resources, making those that are not there yet, and close them")
    func resources() async throws {
        let server = try await TestServer()
        let team = try await Self.given(server, TeamEdit(name: "Data")).team
        try await server.browse { browser in
            for (version, name) in [("1", "Sales"), ("2", "Stock")] {
                let added = try await browser.send(
                    [("version", version), ("kind", "datastore"), ("resource", name)], to: "\(team.path)/resources",
                    from: team.path)
                #expect(added.location == team.path)
            }
            let summary = try await Self.find(server, team.id)
            #expect(summary.resources.count == 2)
            let bad = try await browser.send(
                [("version", "3"), ("kind", "No Kind"), ("resource", "x")], to: "\(team.path)/resources",
                from: team.path)
            #expect(bad.status == 422)
            let closed = try await browser.send(
                [("version", "3"), ("resource_id", "\(summary.resources[0])")],
                to: "\(team.path)/resources/remove", from: team.path)
            #expect(closed.location == team.path)
            let after = try await Self.find(server, team.id)
            #expect(after.resources == [summary.resources[1]])
        }
    }

    @Test("keep Public what it is: everybody's, under its name, for good")
    func everybody() async throws {
        let server = try await TestServer()
        try await server.browse { browser in
            let path = "\(Self.list)/1"
            let page = try await browser.get(path)
            #expect(page.text.contains("Public holds everybody, always"))
            #expect(!page.text.contains("Add member") && !page.text.contains("/delete"))
            #expect(page.text.contains("Add resource"))
            let form = try await browser.get("\(path)/edit")
            #expect(form.text.contains("readonly"))
            let renamed = try await browser.send(
                [("version", "1"), ("name", "Mine"), ("permission", "Viewer")], to: "\(path)/edit")
            #expect(renamed.status == 409)
            let raised = try await browser.send(
                [("version", "1"), ("name", "Public"), ("description", "Everyone."), ("permission", "Reporter")],
                to: "\(path)/edit")
            #expect(raised.location == path)
            let deleted = try await browser.send([], to: "\(path)/delete")
            #expect(deleted.status == 409)
        }
    }

    @Test("delete one after saying what its members lose")
    func delete() async throws {
        let server = try await TestServer()
        let user = try await server.givenServiceUser("Nightly Load")
        let team = try await Self.given(server, TeamEdit(name: "Data", users: [user])).team
        try await server.browse { browser in
            let asked = try await browser.get("\(team.path)/delete")
            #expect(asked.text.contains("1 member loses"))
            let deleted = try await browser.send([], to: "\(team.path)/delete")
            #expect(deleted.location == Self.list)
            let gone = try await browser.get(team.path)
            #expect(gone.status == 404)
        }
    }
}
