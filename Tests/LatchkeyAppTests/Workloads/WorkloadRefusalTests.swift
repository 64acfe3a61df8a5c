import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

/// What becomes of tokens that are not taken, and what they cost.
@Suite("A workload's token that is refused")
struct WorkloadRefusalTests {
    /// The reasons of the refused uses in the history of the trust.
    private func refusals(_ house: WorkloadHouse) async throws -> [AuditValue?] {
        try await house.app.flushUsage(.final)
        let history = try await house.app.tokenHistory(house.trust.trust.id, as: house.house.admin)
        return history.map(\.event).filter { $0.verb == .refuse }.map { $0.changes.first?.after }
    }

    @Test("stands in the trust's history when it comes again", arguments: EngineUnderTest.available)
    func replayed(engine: EngineUnderTest) async throws {
        let house = try await WorkloadHouse(on: engine)
        try await house.exchange(house.token())
        for _ in 0..<3 { _ = await refusal { try await house.exchange(house.token(), from: "192.0.2.9") } }
        let reasons = try await refusals(house)
        #expect(reasons == [.text("replayed")])
    }

    @Test("stands there too when it comes from where the trust is not open")
    func elsewhere() async throws {
        let house = try await WorkloadHouse(on: .sqlite, limits: NarrowingRequest(allowedCIDRs: ["10.0.0.0/8"]))
        _ = await refusal { try await house.exchange(house.token(), from: "192.0.2.9") }
        let reasons = try await refusals(house)
        #expect(reasons == [.text("address_not_allowed")])
    }

    @Test("counts against its address like every credential that does not work, and no good one pays for it")
    func limited() async throws {
        let house = try await WorkloadHouse(on: .sqlite, refused: Quota(calls: 3, in: .seconds(10)))
        let wrong = house.token(["aud": #""other""#])
        var refused: [Bool] = []
        for _ in 0..<5 {
            let refusal = await refusal { try await house.exchange(wrong, from: "192.0.2.9") }
            refused.append(refusal?.isLimited == true)
        }
        #expect(refused == [false, false, false, true, true])
        try await house.exchange(house.token(), from: "192.0.2.9")
    }

    @Test("counts so when it comes again, and not when several trust it")
    func replaysLimited() async throws {
        let house = try await WorkloadHouse(on: .sqlite, refused: Quota(calls: 3, in: .seconds(10)))
        func limited(_ token: String) async -> [Bool] {
            var limited: [Bool] = []
            for _ in 0..<5 {
                let refusal = await refusal { try await house.exchange(token, from: "192.0.2.9") }
                limited.append(refusal?.isLimited == true)
            }
            return limited
        }
        try await house.exchange(house.token(), from: "192.0.2.9")
        let replayed = await limited(house.token())
        #expect(replayed == [false, false, false, true, true])
        house.house.clock.advance(by: .seconds(10))
        try await WorkloadHouse.trust(house.house, house.house.givenServiceUser("Other"))
        let fresh = house.token(["jti": #""two""#])
        let ambiguous = await limited(fresh)
        #expect(ambiguous == [false, false, false, false, false])
        let reason = await refusal { try await house.exchange(fresh, from: "192.0.2.9") }
        #expect(reason == WorkloadFault.ambiguous.refusal)
    }

    @Test("under a key that is unknown has the issuer asked again, but once a minute")
    func unknownKeys() async throws {
        let house = try await WorkloadHouse(on: .sqlite)
        try await house.exchange(house.token())
        let next = TokenSigner.elliptic(kid: "next")
        house.issuer.bend { $0.published.append(next) }
        let early = await refusal { try await house.exchange(house.token(["jti": #""two""#], signer: next)) }
        #expect(early == WorkloadFault.issuer(.unknownKey).refusal)
        house.house.clock.advance(by: .seconds(60))
        try await house.exchange(house.token(["jti": #""two""#], signer: next))
        for number in 0..<20 {
            let stranger = TokenSigner.elliptic(kid: "made up \(number)")
            let refused = await refusal { try await house.exchange(house.token(signer: stranger)) }
            #expect(refused == WorkloadFault.issuer(.unknownKey).refusal)
        }
        #expect(house.issuer.requests.count { $0 == "/keys" } == 2)
    }

    @Test("loses nobody the keys that are known, though the issuer cannot be asked just then")
    func outage() async throws {
        let house = try await WorkloadHouse(on: .sqlite)
        try await house.exchange(house.token())
        house.house.clock.advance(by: .seconds(61))
        house.issuer.bend { $0.faults["/keys"] = .unreachable }
        let stranger = TokenSigner.elliptic(kid: "made up")
        let refused = await refusal { try await house.exchange(house.token(signer: stranger)) }
        guard case .unavailable = refused else {
            Issue.record("\(String(describing: refused))")
            return
        }
        try await house.exchange(house.token(["jti": #""two""#]))
    }
}
