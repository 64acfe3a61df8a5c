import LatchkeyCore
import Testing

@Suite("The rules of teams and resources")
struct TeamRulesTests {
    private let admin = Given.caller(.admin)
    private let now = Given.now
    private let everyone = Given.team(1, "Public")

    @Test("keep Public what it is: no other name, no members of its own, no end")
    func isPublic() throws {
        for edit in [TeamEdit(name: "All"), TeamEdit(users: [ID(3)])] {
            #expect(
                refusal { () throws(Refusal) in
                    _ = try everyone.applying(edit, now: ([], []), isNameTaken: false, by: admin, at: now)
                }?.isConflict == true)
        }
        #expect(refusal { () throws(Refusal) in _ = try everyone.delete(by: admin, at: now) }?.isConflict == true)
        let opened = try everyone.applying(
            TeamEdit(permission: .editor, resources: [ID(4)]), now: ([], []), isNameTaken: false, by: admin, at: now)
        #expect(opened?.changes.count == 2)
    }

    @Test("write only the members that come and go")
    func members() throws {
        let team = Given.team(2, "Data")
        let decision = try team.applying(
            TeamEdit(users: [ID(2), ID(3)]), now: ([ID(1), ID(2)], []), isNameTaken: false, by: admin, at: now)
        #expect(decision?.changes.count == 3)
    }

    @Test(
        "refuse a kind of resource that is no plain word",
        arguments: ["", "Data Store", "9x", "a/b", String(repeating: "a", count: 64)])
    func kinds(kind: String) {
        #expect(
            refusal { () throws(Refusal) in
                _ = try Resource.create(ResourceEdit(kind: kind, name: "x"), id: ID(1), by: admin, at: now)
            }?.pointers == ["/kind"])
    }
}
