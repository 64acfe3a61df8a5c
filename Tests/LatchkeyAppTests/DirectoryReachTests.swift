import LatchkeyApp
import LatchkeyCore
import LatchkeyStore
import LatchkeyTestSupport
import Testing

/// Whatever a directory asks for, in whatever order, with whatever ids: who is out of its reach stays as they are.
@Suite("Out of a directory's reach")
struct DirectoryReachTests {
    /// All that could be touched, as it stands.
    private struct Standing: Hashable {
        let users: [User]
        let teams: [[Int64]]
        let everyone: Team
    }

    private static func standing(_ store: Store, _ ids: [ID<User>]) async throws -> Standing {
        try await store.read { db throws(Refusal) in
            var users: [User] = []
            var teams: [[Int64]] = []
            for id in ids {
                if let user = try db.user(id) { users.append(user) }
                teams.append(try db.teams(of: id).map(\.id.value))
            }
            return Standing(users: users, teams: teams, everyone: try db.publicTeam())
        }
    }

    @Test("nothing changes, whatever is asked for", arguments: EngineUnderTest.available, [1, 2, 3, 4])
    func untouched(engine: EngineUnderTest, seed: UInt64) async throws {
        let setting = try await DirectoryTests.Setting(on: engine, governsRoles: true)
        let (app, store) = (setting.house.app, setting.house.store)
        let root = try await app.bootstrap(email: "root@example.com", name: "Root", isBreakGlass: true)
        let entra = try await setting.another("Entra")
        let theirs = try await app.createPerson(["userName": .text("theirs@example.com")], as: entra)
        _ = try await app.createTeam(TeamEdit(name: "Mixed"), as: setting.house.admin)
        let service = try await setting.house.givenServiceUser("Pipeline", teams: ["Mixed"])
        let untouchables = [root.user.user.id, theirs.user.id, service.user.id, setting.account.user.id]
        let before = try await Self.standing(store, untouchables)
        let chaos = Chaos(app: app, directory: try await setting.directory, bytes: CountingBytes(seed: seed))
        for _ in 0..<120 { await chaos.step() }
        let after = try await Self.standing(store, untouchables)
        #expect(after == before)
        let admins = try await store.read { db throws(Refusal) in try db.activeAdminCount() }
        #expect(admins >= 1)
        let seen = try await app.listPeople(DirectoryQuery(), as: setting.directory)
        #expect(seen.items.allSatisfy { !untouchables.contains($0.user.id) })
    }
}

/// Draws requests: any verb, any id that could exist, any name that is somebody's.
private struct Chaos {
    let app: App
    let directory: Caller
    let bytes: CountingBytes

    private func draw(_ count: Int) -> Int { Int(bytes.bytes(1)[0]) % count }

    private func id<Kind>() -> ID<Kind> { ID(Int64(draw(16))) }

    private var name: String {
        let names = [
            "root@example.com", "ROOT@EXAMPLE.COM", "theirs@example.com", "pipeline@service", "okta@service", "Public",
            "ada@example.com", "new\(draw(5))@example.com", "3", "7",
        ]
        return names[draw(names.count)]
    }

    private var record: AttributeRecord {
        var record: AttributeRecord = [
            "userName": .text(name), "displayName": .text(name), "externalId": .text("\(draw(14))"),
            "active": .flag(draw(2) == 0),
        ]
        if draw(2) == 0 { record["emails"] = .list([.object(["value": .text(name), "primary": .flag(true)])]) }
        let roles = ["Admin", "Manager", "Editor", "Member"]
        if draw(2) == 0 { record["roles"] = .list([.object(["value": .text(roles[draw(4)])])]) }
        return record
    }

    /// Refusals are welcome; what must not happen is checked afterwards.
    func step() async {
        do throws(Refusal) {
            switch draw(9) {
            case 0: _ = try await app.createPerson(record, as: directory)
            case 1: _ = try await app.replacePerson(id(), with: record, if: .none, as: directory)
            case 2, 3: _ = try await app.editPerson(id(), edits, if: .none, as: directory)
            case 4: try await app.deletePerson(id(), if: .none, as: directory)
            case 5: _ = try await app.createGroup(record, members: [id(), id()], as: directory)
            case 6: _ = try await app.replaceGroup(id(), with: record, members: [id()], if: .none, as: directory)
            case 7: _ = try await app.editGroup(id(), groupEdits, if: .none, as: directory)
            default: try await app.deleteGroup(id(), if: .none, as: directory)
            }
        } catch {
            return
        }
    }

    private var edits: [AttributeEdit] {
        record.prefix(2).map { name, value in .replace(AttributeTarget(AttributePath(name)), value) }
    }

    private var groupEdits: [GroupEdit] {
        let edits: [GroupEdit] = [
            .addMembers([id()]), .removeMembers([id(), id()]), .replaceMembers([id()]), .rename(name),
            .removeMembersMatching(.present(AttributePath("value"))), .externalID("\(draw(9))"),
        ]
        return [edits[draw(edits.count)], edits[draw(edits.count)]]
    }
}
