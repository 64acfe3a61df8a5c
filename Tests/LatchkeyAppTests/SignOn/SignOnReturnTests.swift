import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

/// What an attacker could bring back instead.
@Suite("A browser that comes back from a provider")
struct SignOnReturnTests {
    private static let stray = SignOnFault.strayReturn.refusal

    private func complete(
        _ house: SignOnHouse, _ answer: SignOnReturn, _ cookie: String?
    ) async -> Refusal? {
        await refusal { _ = try await house.app.completeSignOn(answer, cookie: cookie, from: Origin()) }
    }

    @Test("has to be the one that left")
    func binding() async throws {
        let house = try await SignOnHouse(on: .sqlite)
        let mine = try await house.app.beginSignOn(through: house.set.id, returnTo: "/")
        let theirs = try await house.app.beginSignOn(through: house.set.id, returnTo: "/")
        let answer = house.provider.authorize(mine.address)
        for cookie in [nil, "", "x", theirs.cookie, String(mine.cookie.dropLast()), mine.cookie + "A"] {
            let refused = await complete(house, answer, cookie)
            #expect(refused == Self.stray, "\(cookie ?? "none")")
        }
        for state in [nil, "", "x"] {
            let other = SignOnReturn(state: state, code: answer.code, error: nil, issuer: nil)
            let refused = await complete(house, other, mine.cookie)
            #expect(refused == Self.stray)
        }
        let good = await complete(house, answer, mine.cookie)
        #expect(good == nil)
        let events = try await house.app.listActivity(
            ActivityFilter(verbs: [.refuse]), PageRequest(), as: house.admin)
        #expect(events.total == 0, "strangers can invent returns without end")
    }

    @Test("has ten minutes")
    func time() async throws {
        let house = try await SignOnHouse(on: .sqlite)
        let start = try await house.app.beginSignOn(through: house.set.id, returnTo: "/")
        let answer = house.provider.authorize(start.address)
        house.clock.advance(by: .minutes(10))
        let late = await complete(house, answer, start.cookie)
        #expect(late == Self.stray)
        house.clock.advance(by: .milliseconds(-1))
        let inTime = await complete(house, answer, start.cookie)
        #expect(inTime == nil)
    }

    @Test("brings a code that works once, and for its own request alone")
    func code() async throws {
        let house = try await SignOnHouse(on: .sqlite)
        let victim = try await house.app.beginSignOn(through: house.set.id, returnTo: "/")
        let attacker = try await house.app.beginSignOn(through: house.set.id, returnTo: "/")
        let stolen = house.provider.authorize(victim.address)
        let own = house.provider.authorize(attacker.address)
        let injected = SignOnReturn(state: own.state, code: stolen.code, error: nil, issuer: nil)
        let refused = await complete(house, injected, attacker.cookie)
        #expect(refused == SignOnFault.codeRefused("invalid_grant").refusal)
        let first = await complete(house, own, attacker.cookie)
        #expect(first == nil)
        let second = await complete(house, own, attacker.cookie)
        #expect(second == SignOnFault.codeRefused("invalid_grant").refusal)
    }

    @Test("must be from the provider that it was sent to (RFC 9207)")
    func issuer() async throws {
        let house = try await SignOnHouse(on: .sqlite)
        let start = try await house.app.beginSignOn(through: house.set.id, returnTo: "/")
        let answer = house.provider.authorize(start.address)
        let other = SignOnReturn(
            state: answer.state, code: answer.code, error: nil, issuer: "https://evil.example.com")
        let refused = await complete(house, other, start.cookie)
        #expect(refused == SignOnFault.badClaim("iss", "of the return is another provider's").refusal)
    }

    @Test("must name the provider that says that it names itself")
    func namedIssuer() async throws {
        let house = try await SignOnHouse(on: .sqlite)
        let words = await house.words { $0.discovery["authorization_response_iss_parameter_supported"] = "true" }
        #expect(words?.contains("another provider's") == true)
    }

    @Test("may bring a refusal, of which only a plain word is repeated")
    func error() async throws {
        let house = try await SignOnHouse(on: .sqlite)
        let start = try await house.app.beginSignOn(through: house.set.id, returnTo: "/")
        let state = house.provider.authorize(start.address).state
        for (word, shown) in [("access_denied", "access_denied"), ("<script>", "for a reason that it does not name")] {
            let refused = await complete(
                house, SignOnReturn(state: state, code: nil, error: word, issuer: nil), start.cookie)
            #expect(refused == .badRequest("The identity provider refused: \(shown)."))
        }
    }

    @Test("finds nobody in when the provider was turned off meanwhile", arguments: EngineUnderTest.available)
    func turnedOff(engine: EngineUnderTest) async throws {
        let house = try await SignOnHouse(on: engine)
        let start = try await house.app.beginSignOn(through: house.set.id, returnTo: "/")
        var edit = IdentityProviderEdit()
        edit.isOn = false
        _ = try await house.app.updateIdentityProvider(house.set.id, edit, as: house.admin)
        let refused = await complete(house, house.provider.authorize(start.address), start.cookie)
        #expect(refused == .notFound("identity provider"))
        let begun = await refusal { _ = try await house.app.beginSignOn(through: house.set.id, returnTo: "/") }
        #expect(begun == .notFound("identity provider"))
        let buttons = try await house.app.providerButtons()
        #expect(buttons.isEmpty)
    }

    @Test("may come to nothing fifty times from one address, and no oftener")
    func limit() async throws {
        let house = try await SignOnHouse(on: .sqlite)
        let origin = Origin(address: Address("203.0.113.7"))
        func attempt(_ code: String?, from origin: Origin) async -> Refusal? {
            await refusal {
                let start = try await house.app.beginSignOn(through: house.set.id, returnTo: "/")
                let answer = house.provider.authorize(start.address)
                let brought = SignOnReturn(state: answer.state, code: code ?? answer.code, error: nil, issuer: nil)
                _ = try await house.app.completeSignOn(brought, cookie: start.cookie, from: origin)
            }
        }
        for _ in 0..<50 {
            let refused = await attempt("invented", from: origin)
            #expect(refused == SignOnFault.codeRefused("invalid_grant").refusal)
        }
        let asked = house.provider.requests.count
        let held = await attempt("invented", from: origin)
        #expect(held == .limited(retryAfter: .minutes(15)))
        #expect(house.provider.requests.count == asked)
        let elsewhere = await attempt(nil, from: Origin(address: Address("203.0.113.8")))
        #expect(elsewhere == nil)
        house.clock.advance(by: .minutes(15))
        let later = await attempt(nil, from: origin)
        #expect(later == nil)
    }

    @Test("leaves with a state, a nonce and a challenge that nobody can guess, and shows none of its secrets")
    func leaving() async throws {
        let house = try await SignOnHouse(on: .sqlite)
        let start = try await house.app.beginSignOn(through: house.set.id, returnTo: "/")
        let query = FakeProvider.fields(String(start.address.split(separator: "?")[1]))
        #expect(query["code_challenge_method"] == "S256")
        #expect(query["response_type"] == "code")
        #expect(query["redirect_uri"] == "https://latchkey.example.com/sso/callback")
        for name in ["state", "nonce", "code_challenge"] { #expect(query[name]?.utf8.count == 43) }
        let other = try await house.app.beginSignOn(through: house.set.id, returnTo: "/")
        #expect(other.address != start.address)
        #expect(!start.cookie.contains(query["state"] ?? "?"))
    }
}
