import LatchkeyCore
import Testing

@Suite("A trusted issuer")
struct TrustedIssuerTests {
    private let now = Given.now

    private func request(
        issuer: String = "https://ci.example", audience: String = "latchkey", subject: String = "repo:acme/x:**",
        claims: [NewClaimCondition] = [], minutes: Int? = nil, limits: NarrowingRequest = NarrowingRequest()
    ) -> NewTrustedIssuer {
        NewTrustedIssuer(
            name: "CI", owner: ID(7), issuer: issuer, audience: audience, subject: subject, claims: claims,
            minutes: minutes, limits: limits)
    }

    private func establish(
        _ request: NewTrustedIssuer, for owner: User = Given.serviceUser(), by caller: Caller = Given.caller(.admin),
        allowsPlainHTTP: Bool = false
    ) throws(Refusal) -> (trust: TrustedIssuer, decision: Decision) {
        let minting = Minting.keyless(
            ID(100), digest: TokenDigest(words: SIMD4(repeating: 5), generation: 1), expiresAt: nil, at: now)
        return try request.establish(
            minting, for: owner, teams: [Given.team(1, "Public")], isNameTaken: false,
            under: TrustTerms(allowsPlainHTTP: allowsPlainHTTP, usualLifetime: .minutes(15)), by: caller)
    }

    @Test("stands on a token that nobody holds, and leaves two events")
    func established() throws {
        let (trust, decision) = try establish(request(claims: [claim("ref", "refs/heads/*")], minutes: 60))
        #expect(trust.id == ID(100))
        #expect(trust.lifetime == .minutes(60))
        #expect(decision.events.map(\.verb) == [.issue, .trust])
        let token = decision.changes.compactMap { if case .insertToken(let token) = $0 { token } else { nil } }.first
        #expect(token?.isKeyless == true)
        #expect(token?.hint == "")
        #expect(decision.changes.count == 2)
    }

    @Test("is judged as a token for the same service user would be")
    func sameRules() {
        #expect(
            refusal { () throws(Refusal) in _ = try establish(request(), for: Given.person()) } == Token.notAServiceUser
        )
        #expect(
            refusal { () throws(Refusal) in
                _ = try establish(request(), for: Given.serviceUser(role: .admin), by: Given.caller(.manager))
            }?.isForbidden == true)
        let wide = NarrowingRequest(role: .admin)
        #expect(
            refusal { () throws(Refusal) in _ = try establish(request(limits: wide)) }?.pointers == ["/role"])
    }

    @Test("inherits the limits of the token through which it is made")
    func inheritsLimits() throws {
        let narrow = Given.caller(.admin, narrowing: Narrowing(role: .member, actions: ["users:read"]))
        let decision = try establish(request(), by: narrow).decision
        let token = decision.changes.compactMap { if case .insertToken(let token) = $0 { token } else { nil } }.first
        #expect(token?.narrowing == Narrowing(role: .member, actions: ["users:read"]))
    }

    private func claim(_ name: String, _ value: String = "x") -> NewClaimCondition {
        NewClaimCondition(name: name, value: value)
    }

    @Test("is refused where a field is wrong, by its pointer")
    func flaws() {
        let wrong: [(NewTrustedIssuer, String)] = [
            (request(issuer: "ci.example"), "/issuer"), (request(issuer: "http://ci.example"), "/issuer"),
            (request(issuer: "https://ci.example/?x"), "/issuer"), (request(audience: ""), "/audience"),
            (request(audience: "two words"), "/audience"), (request(subject: "repo:**"), "/subject"),
            (request(claims: [claim("aud")]), "/claims/0/name"), (request(claims: [claim("")]), "/claims/0/name"),
            (request(claims: [claim("ref"), claim("ref")]), "/claims/1/name"),
            (request(claims: [claim("ref", "*")]), "/claims/0/value"), (request(minutes: 4), "/access_minutes"),
            (request(minutes: 61), "/access_minutes"), (request(claims: (0..<17).map { claim("c\($0)") }), "/claims"),
        ]
        for (request, pointer) in wrong {
            #expect(refusal { () throws(Refusal) in _ = try establish(request) }?.pointers == [pointer])
        }
        #expect(
            refusal { () throws(Refusal) in
                _ = try establish(request(issuer: "http://127.0.0.1:9"), allowsPlainHTTP: true)
            } == nil)
    }

    @Test("is not rotated: there is nothing to hand out")
    func notRotated() throws {
        let token = Token(
            id: ID(100), owner: ID(7), type: .service, isSCIMOnly: false, name: "CI",
            digest: TokenDigest(words: SIMD4(repeating: 5), generation: 1), hint: "", signedBy: "", createdAt: now,
            createdBy: nil, expiresAt: nil)
        let refused = refusal { () throws(Refusal) in
            _ = try token.rotate(
                RotationRequest(), Given.minting(101), name: "CI (2)", owner: Given.serviceUser(),
                by: Given.caller(.admin))
        }
        #expect(refused?.isConflict == true)
    }
}
