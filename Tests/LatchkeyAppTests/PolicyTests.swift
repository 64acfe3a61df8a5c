import Foundation
import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@Suite("The policy")
struct PolicyTests {
    @Test("that is built in says what its cases say")
    func cases() {
        let policy = Policy.dataPlatform
        #expect(policy.cases.count > 50)
        for (failed, ruling) in policy.failedCases {
            Issue.record("line \(failed.mark.line): \(failed.text): \(ruling.reason.rawValue)")
        }
    }

    /// The file is in git, so that a change of policy is a diff that somebody reads. `SNAPSHOTS=write` makes it anew.
    @Test("that is built in is what docs/data-platform-policy.txt says")
    func snapshot() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/data-platform-policy.txt")
        let table = PolicyTable.text(of: .dataPlatform)
        if ProcessInfo.processInfo.environment["SNAPSHOTS"] == "write" {
            try table.write(to: file, atomically: true, encoding: .utf8)
        }
        let kept = try String(contentsOf: file, encoding: .utf8)
        #expect(kept == table, "Run `make snapshots` and read the difference.")
    }

    @Test(
        "in wrong YAML is refused with line and column",
        arguments: [
            ("format: 1\npolicy: [a\n", 3), ("format: 1\npolicy: x\npolicy: y\n", 3), ("", 1), ("- a\n", 1),
            ("format: 1\npolicy: x\nroutes:\n  GET /x: nothing:here\n", 4), ("format: 1\npolicy: \"x\n", 3),
        ])
    func wrong(text: String, line: Int) {
        do throws(PolicyFlaws) {
            _ = try Policy(yaml: text)
            Issue.record("\(text) is no policy")
        } catch {
            #expect(error.flaws.contains { $0.mark.line == line }, "\(error.flaws)")
        }
    }

    @Test("knows the actions of a token's limits by name", arguments: EngineUnderTest.available)
    func narrowing(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let robot = try await house.givenServiceUser()
        let issued = try await house.givenToken(
            for: robot, limits: NarrowingRequest(actions: ["datastores:view", "self:read"]))
        #expect(issued.summary.token.narrowing.actions == ["datastores:view", "self:read"])
        let refused = await refusal {
            _ = try await house.givenToken(
                "other", for: robot, limits: NarrowingRequest(actions: ["self:read", "datastore:view"]))
        }
        let detail =
            "must name an action of the policy data-platform, and \"datastore:view\" is none; "
            + "did you mean datastores:view?"
        #expect(refused == .invalid("/actions/1", detail))
    }
}

/// The table of a policy, for people to read.
private enum PolicyTable {
    static func text(of policy: Policy) -> String {
        let own = Set(Permission.allCases.map(\.rawValue))
        let rows = policy.actions.filter { !own.contains($0.name) }.map { row($0) }
        let routes = policy.routes.map { route in
            switch route.opens {
            case .everybody: "\(route.text)  public"
            case .anyToken: "\(route.text)  any-token"
            case .holders(let action, let target):
                "\(route.text)  \(action.name)"
                    + (target.map { " on \($0.segment == nil ? "any " : "")\($0.kind)" } ?? "")
            }
        }
        return ([heading] + rows + [""] + routes).joined(separator: "\n") + "\n"
    }

    private static let heading =
        padded("", 26) + padded("role alone", 12) + padded("role with team", 16) + "team's level"

    private static func row(_ action: PolicyAction) -> String {
        let grant = action.grant
        let levels = grant.levels.sorted { $0.key < $1.key }.map { "\($0.value.rawValue) on \($0.key)" }
        let line =
            padded(action.name, 26) + padded(grant.role?.rawValue ?? "-", 12)
            + padded(grant.roleThroughTeams?.rawValue ?? "-", 16)
            + (levels.isEmpty ? "-" : levels.joined(separator: ", "))
        return line
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text.padding(toLength: max(width, text.count + 1), withPad: " ", startingAt: 0)
    }
}
