import Foundation
import LatchkeyCore
import Testing

@Suite("The permission table")
struct PermissionTableTests {
    /// The file is in git, so that a change of policy is a diff that somebody reads. `SNAPSHOTS=write` makes it anew.
    @Test("is what docs/permissions.txt says")
    func snapshot() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs/permissions.txt")
        let table = Self.table()
        if ProcessInfo.processInfo.environment["SNAPSHOTS"] == "write" {
            try table.write(to: file, atomically: true, encoding: .utf8)
        }
        let kept = try String(contentsOf: file, encoding: .utf8)
        #expect(kept == table, "Run `make snapshots` and read the difference.")
    }

    @Test("opens nothing to a stranger, and directory sync alone to a SCIM token", arguments: Permission.allCases)
    func closed(permission: Permission) {
        #expect(!Caller(.anonymous).isAllowed(permission))
        #expect(Given.caller(.admin, scimOnly: true).isAllowed(permission) == (permission == .provision))
    }

    @Test("takes directory sync from a person who is no Admin any more, and not from a service user")
    func demoted() {
        for role in Role.allCases {
            #expect(Given.caller(role, scimOnly: true).isAllowed(.provision) == (role == .admin))
            #expect(Given.caller(role, type: .service, scimOnly: true).isAllowed(.provision))
            #expect(Given.caller(role, type: .service).isAllowed(.provision) == (role == .admin))
        }
    }

    @Test("is narrowed by a token's actions", arguments: Permission.allCases)
    func narrowed(permission: Permission) {
        let caller = Given.caller(.admin, narrowing: Narrowing(actions: ["self:read"]))
        #expect(caller.isAllowed(permission) == (permission == .readSelf))
    }

    private static func table() -> String {
        let callers: [(String, Caller)] =
            [("anonymous", Caller(.anonymous)), ("scim-token", Given.caller(.admin, scimOnly: true))]
            + Role.allCases.map { ($0.rawValue, Given.caller($0)) }
        let width = Permission.allCases.map(\.rawValue.count).max() ?? 0
        let head =
            "".padding(toLength: width, withPad: " ", startingAt: 0) + "  "
            + callers.map(\.0).joined(separator: "  ")
        let rows = Permission.allCases.map { permission in
            permission.rawValue.padding(toLength: width, withPad: " ", startingAt: 0) + "  "
                + callers.map { name, caller in
                    (caller.isAllowed(permission) ? "yes" : "-").padding(
                        toLength: name.count, withPad: " ", startingAt: 0)
                }.joined(separator: "  ")
        }
        let trimmed = ([head] + rows).map { line in
            var line = line
            while line.last == " " { line.removeLast() }
            return line
        }
        return trimmed.joined(separator: "\n") + "\n"
    }
}
