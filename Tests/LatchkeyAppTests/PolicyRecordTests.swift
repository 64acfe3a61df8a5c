import LatchkeyApp
import LatchkeyCore
import LatchkeyStore
import LatchkeyTestSupport
import Testing

/// What the audit log knows of the policy.
@Suite("The log of the policy")
struct PolicyRecordTests {
    private static func edition(_ name: String) throws -> PolicyEdition {
        try PolicyEdition(yaml: "format: 1\npolicy: \(name)\nroutes:\n  GET /\(name): public\n")
    }

    private func events(_ house: House) async throws -> [AuditEvent] {
        try await house.store.read { db throws(Refusal) in try db.history(of: .policy, 0).map(\.event) }
    }

    @Test(
        "says which text decides from when on, and nothing where it is the same", arguments: EngineUnderTest.available)
    func taken(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        try await house.app.recordPolicy()
        let atFirst = try await events(house)
        #expect(atFirst.isEmpty, "what is built in has decided from the beginning")
        let (one, two) = (try Self.edition("one"), try Self.edition("two"))
        for edition in [one, one, two] { try await house.app.takeUp(edition) }
        #expect(house.app.policyInForce.edition === two)
        let events = try await events(house)
        let digests = events.map { event in event.changes.filter { $0.field == "digest" } }
        #expect(
            digests == [
                [FieldChange("digest", before: .text(PolicyEdition.dataPlatform.digest), after: .text(one.digest))],
                [FieldChange("digest", before: .text(one.digest), after: .text(two.digest))],
            ])
        #expect(events.allSatisfy { $0.verb == .update && $0.actor.handle == "job:policy" })
        #expect(events.allSatisfy { $0.changes.contains(FieldChange("file", after: .text(PolicyInForce.builtIn))) })
    }

    @Test("says at a start that another one decides than before", arguments: EngineUnderTest.available)
    func start(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        try await house.app.recordPolicy()
        try await house.app.takeUp(try Self.edition("one"))
        let next = try await house.elsewhere()
        try await next.recordPolicy()
        try await next.recordPolicy()
        let last = try await events(house).last?.changes.last?.after
        #expect(last == .text(PolicyEdition.dataPlatform.digest))
        let count = try await events(house).count
        #expect(count == 2)
    }

    @Test(
        "says once of a wrong text why it was refused, and again when it comes back",
        arguments: EngineUnderTest.available)
    func refused(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let inForce = house.app.policyInForce.edition
        let reason = String(repeating: "long ", count: 1000)
        for digest in ["aa", "aa", "bb", nil, nil] { try await house.app.refusePolicy(digest, because: reason) }
        #expect(house.app.policyInForce.edition === inForce)
        #expect(house.app.policyInForce.standing.fault?.detail == reason)
        let events = try await events(house)
        #expect(events.map(\.verb) == [.refuse, .refuse, .refuse] && events.allSatisfy { $0.outcome == .refused })
        #expect(events.first?.changes.contains(FieldChange("digest", after: .text("aa"))) == true)
        #expect(events.first?.changes.last == FieldChange("reason", after: .text(String(reason.prefix(500)))))
        try await house.app.takeUp(inForce)
        try await house.app.refusePolicy("bb", because: reason)
        let all = try await self.events(house).map(\.outcome)
        #expect(all == [.refused, .refused, .refused, .refused])
    }
}
