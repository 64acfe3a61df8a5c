import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@Suite("Teams and their resources")
struct TeamTests {
    @Test("open resources to their members alone", arguments: EngineUnderTest.available)
    func visibility(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let sales = try await house.app.createResource(
            ResourceEdit(kind: "datastore", name: "Sales"), as: house.admin)
        _ = try await house.app.createResource(ResourceEdit(kind: "datastore", name: "Payroll"), as: house.admin)
        let member = try await house.givenServiceUser()
        let team = try await house.app.createTeam(
            TeamEdit(name: "Data", permission: .viewer, users: [member.user.id], resources: [sales.id]),
            as: house.admin)
        let token = try await house.givenToken(for: member)
        let caller = try await house.caller(token.secret)
        #expect(caller.credential?.teams.contains(team.team.id) == true)
        let visible = try await house.app.listResources(ResourceFilter(), PageRequest(), as: caller)
        #expect(visible.items.map(\.name) == ["Sales"])

        try await house.app.deleteTeam(team.team.id, as: house.admin)
        let after = try await house.caller(token.secret)
        let left = try await house.app.listResources(ResourceFilter(), PageRequest(), as: after)
        #expect(left.total == 0)
    }

    @Test("change resources only with the level Editor", arguments: EngineUnderTest.available)
    func editing(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let sales = try await house.app.createResource(
            ResourceEdit(kind: "datastore", name: "Sales"), as: house.admin)
        let editor = try await house.givenServiceUser(role: .editor)
        let team = try await house.app.createTeam(
            TeamEdit(name: "Data", permission: .viewer, users: [editor.user.id], resources: [sales.id]),
            as: house.admin)
        let caller = try await house.caller(try await house.givenToken(for: editor).secret)
        let edit = ResourceEdit(description: "x")
        let refused = await refusal { _ = try await house.app.updateResource(sales.id, edit, as: caller) }
        guard case .forbidden = refused else {
            Issue.record("changed with the level Viewer")
            return
        }
        _ = try await house.app.updateTeam(team.team.id, TeamEdit(permission: .editor), as: house.admin)
        let changed = try await house.app.updateResource(sales.id, edit, as: caller)
        #expect(changed.description == "x")
    }

    @Test("have names of their own, whatever the case", arguments: EngineUnderTest.available)
    func names(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        _ = try await house.app.createTeam(TeamEdit(name: "Data"), as: house.admin)
        for name in ["Data", "DATA", "public"] {
            let refused = await refusal { _ = try await house.app.createTeam(TeamEdit(name: name), as: house.admin) }
            guard case .conflict = refused else {
                Issue.record("\(name) was made twice: \(String(describing: refused))")
                return
            }
        }
    }
}
