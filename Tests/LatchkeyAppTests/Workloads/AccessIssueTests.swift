import LatchkeyApp
import LatchkeyCore
import LatchkeyStore
import LatchkeyTestSupport
import Testing

@Suite("An access token that is given")
struct AccessIssueTests {
    private func issue(
        _ grant: AccessIssue.Grant, of secret: TokenSecret, _ house: House, scope: [String]? = nil,
        from address: String = "192.0.2.7"
    ) async throws -> IssuedAccess {
        let origin = Origin(requestID: "r1", address: Address(address), userAgent: "curl/8")
        let bearer = try await house.app.authenticate(
            secret.reveal()[...], method: "POST", route: "/oauth2/token", from: origin)
        return try await house.app.issueAccess(AccessRequest(grant, scope: scope), of: bearer, from: origin)
    }

    private func grants(of token: IssuedToken, _ house: House) async throws -> [AuditEvent] {
        let history = try await house.app.tokenHistory(token.summary.token.id, as: house.admin)
        return history.map(\.event).filter { $0.verb == .grant }
    }

    private func fact(_ name: String, of event: AuditEvent) -> AuditValue? {
        event.changes.first { $0.field == name }?.after
    }

    @Test("is in the log: for whom, of what, from where, for what and until when", arguments: EngineUnderTest.available)
    func recorded(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let user = try await house.givenServiceUser()
        let token = try await house.givenToken(for: user)
        let first = try await issue(.clientCredentials, of: token.secret, house)
        let second = try await issue(.tokenExchange, of: first.secret, house, scope: ["self:read"])
        let events = try await grants(of: token, house)
        #expect(events.map { fact("grant", of: $0) } == [.text("client_credentials"), .text("token_exchange")])
        #expect(events.map { fact("scope", of: $0) } == [nil, .list(["self:read"])])
        for (event, issued) in zip(events, [first, second]) {
            #expect(event.actor.user == user.user.id && event.actor.token == token.summary.token.id)
            #expect(event.origin == Origin(requestID: "r1", address: Address("192.0.2.7"), userAgent: "curl/8"))
            #expect(fact("audience", of: event) == .text("https://latchkey.example.com"))
            #expect(fact("expiration", of: event) == .text((house.clock.now.wholeSecond + .minutes(10)).text))
            let grant = try await house.caller(issued.secret).credential?.access
            #expect(fact("access_token", of: event) == (grant?.jti).map { .text($0) })
            #expect(!event.changes.stored.contains(issued.secret.reveal()))
        }
        try await house.app.giveUp(second.secret.reveal(), route: "/oauth2/revoke", from: Origin())
        let history = try await house.app.tokenHistory(token.summary.token.id, as: house.admin)
        let given = history.map(\.event).first { $0.verb == .revoke }?.changes.first
        #expect(given?.before == fact("access_token", of: events[1]), "it ends under the name that it was given under")
    }

    @Test("again and again within a minute is one more event, with the count", arguments: EngineUnderTest.available)
    func repeated(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let token = try await house.givenToken(for: try await house.givenServiceUser())
        for _ in 0..<50 { _ = try await issue(.clientCredentials, of: token.secret, house) }
        _ = try await issue(.clientCredentials, of: token.secret, house, from: "192.0.2.8")
        _ = try await issue(.clientCredentials, of: token.secret, house, scope: ["self:read"])
        try await house.app.flushUsage()
        let atOnce = try await grants(of: token, house)
        #expect(atOnce.map { fact("count", of: $0) } == [nil, nil, nil])
        house.clock.advance(by: .seconds(60))
        try await house.app.flushUsage(.lastUses)
        try await house.app.flushUsage(.final)
        let afterwards = try await grants(of: token, house)
        #expect(afterwards.compactMap { fact("count", of: $0) } == [.number(49)])
        #expect(fact("expiration", of: afterwards[3]) == fact("expiration", of: afterwards[0]))
        #expect(afterwards[3].actor == afterwards[0].actor)
        _ = try await issue(.clientCredentials, of: token.secret, house)
        let later = try await grants(of: token, house)
        #expect(later.count == 5, "a new minute begins with an event of its own")
    }

    @Test("is not given where the log cannot be written")
    func unwritten() async throws {
        let house = try await House(on: .sqlite)
        let token = try await house.givenToken(for: try await house.givenServiceUser())
        await house.store.close()
        for _ in 0..<2 {
            let refused = await refusal { _ = try await issue(.clientCredentials, of: token.secret, house) }
            guard case .unavailable = refused else {
                Issue.record("\(String(describing: refused))")
                return
            }
        }
    }

    @Test("lives as long as the instance says, where nobody asks for another length")
    func usualLength() async throws {
        let house = try await House(on: .sqlite, accessMinutes: 25)
        let token = try await house.givenToken(for: try await house.givenServiceUser())
        let issued = try await issue(.clientCredentials, of: token.secret, house)
        #expect(issued.lifetime == .minutes(25))
        let trust = try await WorkloadHouse.trust(house, try await house.givenServiceUser("Job"))
        #expect(trust.trust.lifetime == .minutes(25))
        let other = try await WorkloadHouse.trust(house, try await house.givenServiceUser("Other job"), minutes: 5)
        #expect(other.trust.lifetime == .minutes(5))
    }
}
