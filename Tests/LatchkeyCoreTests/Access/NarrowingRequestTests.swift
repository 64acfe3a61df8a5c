import Testing

@testable import LatchkeyCore

@Suite("Limits as their maker writes them")
struct NarrowingRequestTests {
    /// Without a bound this compares a million letters with each name that there is, which takes minutes.
    @Test("are not searched for what a megabyte might have meant", .timeLimit(.minutes(1)))
    func longAction() throws {
        let own = PolicyAction.own.values.map(\.name)
        #expect(NearestName.of("users:raed", among: own) == "users:read")
        #expect(NearestName.of(String(repeating: "a", count: 64), among: [String(repeating: "a", count: 63)]) != nil)
        #expect(NearestName.of(String(repeating: "a", count: 65), among: [String(repeating: "a", count: 64)]) == nil)
        #expect(NearestName.of(String(repeating: "users:read", count: 100_000), among: own) == nil)
    }

    @Test("name no team by more letters than a name has, however they fold")
    func longTeam() throws {
        let (owner, team) = (Given.serviceUser(), Given.team(3, "Sales"))
        let found = try NarrowingRequest(teams: ["SÁLES"]).checked(owner: owner, ownerTeams: [team])
        #expect(found.teams == [ID(3)])
        let marked = "Sales" + String(repeating: "\u{301}", count: 251)
        #expect(marked.folded == team.name.folded)
        let refused = refusal { () throws(Refusal) in
            _ = try NarrowingRequest(teams: [marked]).checked(owner: owner, ownerTeams: [team])
        }
        #expect(refused == .invalid("/teams/0", "must name a team that the token's user is in"))
    }
}
