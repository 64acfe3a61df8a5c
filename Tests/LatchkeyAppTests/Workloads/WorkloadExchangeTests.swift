import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@Suite("A workload's token")
struct WorkloadExchangeTests {
    @Test("becomes an access token of the service user's, and leaves an event", arguments: EngineUnderTest.available)
    func exchanged(engine: EngineUnderTest) async throws {
        let house = try await WorkloadHouse(on: engine)
        let issued = try await house.exchange(house.token())
        #expect(issued.lifetime == .minutes(10))
        let caller = try await house.house.caller(issued.secret)
        #expect(caller.handle == house.user.user.handle)
        #expect(caller.role == .editor)
        #expect(caller.credential?.token == house.trust.trust.id)
        #expect(caller.credential?.access != nil)
        let history = try await house.app.tokenHistory(house.trust.trust.id, as: house.house.admin)
        #expect(history.map(\.event.verb) == [.issue, .trust, .exchange])
        let stored = history.map(\.event.changes.stored).joined()
        #expect(stored.contains("repo:acme/pipelines:ref:refs/heads/main"))
        #expect(!stored.contains(issued.secret.reveal()))
    }

    @Test("gives a token that ends with it, and at the trust's length at the latest")
    func lengths() async throws {
        let house = try await WorkloadHouse(on: .sqlite, minutes: 60)
        let now = house.house.clock.now.seconds
        let short = try await house.exchange(house.token(["exp": "\(now + 90)"]))
        #expect(short.lifetime == .seconds(90))
        let long = try await house.exchange(house.token(["exp": "\(now + 80_000)", "jti": #""two""#]))
        #expect(long.lifetime == .minutes(60))
        house.house.clock.advance(by: .seconds(90))
        let refused1 = await house.house.isRefused(short.secret)
        #expect(refused1)
        let refused2 = await house.house.isRefused(long.secret)
        #expect(!refused2)
    }

    @Test("is taken once, from however many at the same time", arguments: EngineUnderTest.available)
    func replay(engine: EngineUnderTest) async throws {
        let house = try await WorkloadHouse(on: engine)
        let token = house.token()
        let taken = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<20 { group.addTask { (try? await house.exchange(token)) != nil } }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(taken == 1)
        let again = await refusal { try await house.exchange(token) }
        #expect(again == WorkloadFault.replayed.refusal)
        let nameless = house.token(["jti": String?.none])
        try await house.exchange(nameless)
        let repeated = await refusal { try await house.exchange(nameless) }
        #expect(repeated == WorkloadFault.replayed.refusal)
    }

    @Test("is refused where a claim is missing or does not hold", arguments: missing + wrong)
    func claims(bent: [String: String?]) async throws {
        let house = try await WorkloadHouse(on: .sqlite)
        let refused = await refusal { try await house.exchange(house.token(bent)) }
        guard case .badRequest = refused else {
            Issue.record("\(bent): \(String(describing: refused))")
            return
        }
    }

    static let missing: [[String: String?]] = ["iss", "sub", "aud", "exp", "iat"].map { [$0: String?.none] }
    static let wrong: [[String: String?]] = [
        ["exp": "\(HandClock.start.seconds - 60)"], ["iat": "\(HandClock.start.seconds + 61)"],
        ["nbf": "\(HandClock.start.seconds + 61)"], ["aud": #""other""#], ["aud": #"["other"]"#],
        ["iss": #""https://ci.example.com/""#], ["sub": #""repo:acme/other:ref:refs/heads/main""#],
        ["sub": #""repo:acme/pipelines""#], ["exp": "\(HandClock.start.seconds + 90_000)"],
    ]

    @Test("is refused under another key, another algorithm or none")
    func signatures() async throws {
        let house = try await WorkloadHouse(on: .sqlite)
        let other = TokenSigner.elliptic(kid: "rsa")
        let publicKey = Array(TokenSigner.usual.jwk.utf8)
        let tokens = [
            house.token(signer: other), house.token(signer: .unsigned(kid: "rsa")),
            house.token(signer: .shared(publicKey, kid: "rsa")),
            house.token(header: #"{"alg":"none"}"#), house.token(header: #"{"alg":"HS256","kid":"rsa"}"#),
            house.token(header: #"{"alg":"RS512","kid":"rsa"}"#), house.token(header: #"{"alg":"RS256","kid":"gone"}"#),
            house.token(header: #"{"alg":"RS256","kid":"rsa","crit":["exp"]}"#),
            house.token(header: #"{"alg":"RS256","kid":"rsa","typ":"logout+jwt"}"#),
            String(house.token().dropLast(2)), house.token() + ".x", "a.b.c", "",
            house.token(["padding": "\"\(String(repeating: "x", count: SignedToken.longest))\""]),
        ]
        for (place, token) in tokens.enumerated() {
            let refused = await refusal { try await house.exchange(token) }
            guard case .badRequest = refused else {
                Issue.record("token \(place): \(String(describing: refused))")
                continue
            }
        }
        try await house.exchange(house.token())
    }

    @Test("of an issuer that nobody trusts has nothing fetched")
    func stranger() async throws {
        let house = try await WorkloadHouse(on: .sqlite)
        let token = house.token(["iss": #""https://evil.example.com""#])
        let refused = await refusal { try await house.exchange(token) }
        #expect(refused == WorkloadFault.unknownIssuer.refusal)
        #expect(house.issuer.requests.isEmpty)
    }

    @Test("is refused when its issuer's documents cannot be had, or are another's", arguments: badDocuments)
    func documents(bent: @Sendable (inout FakeIssuer.Manner) -> Void, mayPass: Bool) async throws {
        let house = try await WorkloadHouse(on: .sqlite)
        house.issuer.bend(bent)
        let refused = await refusal { try await house.exchange(house.token()) }
        switch refused {
        case .unavailable: #expect(mayPass)
        case .badRequest: #expect(!mayPass)
        default: Issue.record("\(String(describing: refused))")
        }
    }

    static let badDocuments: [(@Sendable (inout FakeIssuer.Manner) -> Void, Bool)] = [
        ({ $0.faults["/keys"] = .timedOut }, true), ({ $0.faults["/keys"] = .redirected }, false),
        ({ $0.faults["/keys"] = .tooLong }, false), ({ $0.faults["/keys"] = .innerAddress }, false),
        ({ $0.faults["/.well-known/openid-configuration"] = .unreachable }, true),
        ({ $0.document = "<html>" }, false), ({ $0.document = #"{"issuer":"https://ci.example.com"}"# }, false),
        ({ $0.document = #"{"issuer":"https://x.example.com","jwks_uri":"https://ci.example.com/keys"}"# }, false),
        ({ $0.published = [] }, false),
    ]
}
