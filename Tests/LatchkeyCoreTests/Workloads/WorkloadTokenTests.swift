import Testing

@testable import LatchkeyCore

@Suite("A workload's token")
struct WorkloadTokenTests {
    private let now = Given.now

    private func token(
        _ changes: [String: String?] = [:], head: String = #"{"alg":"RS256","typ":"JWT"}"#
    ) throws -> SignedToken {
        var claims: [String: String] = [
            "iss": #""https://ci.example""#, "sub": #""repo:acme/x:ref:refs/heads/main""#, "aud": #""latchkey""#,
            "iat": "\(now.seconds - 10)", "exp": "\(now.seconds + 300)", "jti": #""one""#,
        ]
        for (name, value) in changes { claims[name] = value }
        let json = "{" + claims.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}"
        return try SignedToken("\(Base64URL.text(head.utf8)).\(Base64URL.text(json.utf8)).AAAA")
    }

    private func fault(_ token: SignedToken) -> WorkloadFault? {
        do throws(WorkloadFault) {
            _ = try WorkloadToken(token, at: now)
            return nil
        } catch {
            return error
        }
    }

    @Test("has to say iss, sub, aud, iat and exp", arguments: ["iss", "sub", "aud", "iat", "exp"])
    func missing(name: String) throws {
        #expect(fault(try token([name: String?.none])) == .badClaim(name, "is missing"))
        #expect(fault(try token([name: "{}"])) == .badClaim(name, "is missing"))
    }

    @Test("has to be of now, and of a day at most")
    func times() throws {
        let start = now.seconds
        let wrong: [(changes: [String: String?], claim: String)] = [
            (["exp": "\(start - 60)"], "exp"), (["iat": "\(start + 61)"], "iat"), (["nbf": "\(start + 61)"], "nbf"),
            (["nbf": #""soon""#], "nbf"), (["exp": "\(start + 86_400)"], "exp"), (["jti": "7"], "jti"),
        ]
        for (changes, claim) in wrong {
            let fault = fault(try token(changes))
            guard case .badClaim(claim, _)? = fault else {
                Issue.record("\(changes): \(String(describing: fault))")
                continue
            }
        }
        #expect(fault(try token(["exp": "\(start - 59)"])) == nil, "clocks may differ by a minute")
    }

    @Test("of another type than JWT is none")
    func type() throws {
        #expect(fault(try token(head: #"{"alg":"RS256","typ":"at+jwt"}"#)) == .badClaim("typ", "is not JWT"))
        #expect(fault(try token(head: #"{"alg":"RS256"}"#)) == nil)
    }

    @Test("fits a trust when issuer, audience, subject and all claims do")
    func fits() throws {
        let signed = try token([
            "ref": #""refs/heads/main""#, "protected": "true", "run": "12", "groups": #"["a","b"]"#,
            "env": #"{"name":"prod"}"#,
        ])
        let token = try WorkloadToken(signed, at: now)
        #expect(token.fits(try trust()))
        #expect(
            token.fits(try trust(claims: ["ref": "refs/heads/*", "protected": "true", "run": "12", "groups": "b"])))
        #expect(!token.fits(try trust(issuer: "https://ci.example/")))
        #expect(!token.fits(try trust(audience: "Latchkey")))
        #expect(!token.fits(try trust(subject: "repo:acme/y:**")))
        for claims in [["ref": "refs/heads/dev"], ["gone": "x"], ["groups": "c"], ["env": "prod"], ["run": "12.0"]] {
            #expect(!token.fits(try trust(claims: claims)), "\(claims)")
        }
    }

    @Test("is known again by its jti, or by all that was signed")
    func fingerprint() throws {
        let one = try WorkloadToken(token(), at: now)
        let again = try WorkloadToken(token(["iat": "\(now.seconds - 9)"]), at: now)
        let other = try WorkloadToken(token(["jti": #""two""#]), at: now)
        #expect(one.fingerprint == again.fingerprint)
        #expect(one.fingerprint != other.fingerprint)
        let nameless = try token(["jti": String?.none])
        let later = try token(["jti": String?.none, "iat": "\(now.seconds - 9)"])
        #expect(try WorkloadToken(nameless, at: now).fingerprint == WorkloadToken(nameless, at: now).fingerprint)
        #expect(try WorkloadToken(nameless, at: now).fingerprint != WorkloadToken(later, at: now).fingerprint)
    }

    @Test("is taken once")
    func once() throws {
        let token = try WorkloadToken(token(), at: now)
        let trust = try trust()
        let issue = AccessIssue(
            grant: .tokenExchange, jti: "one", audience: "https://keys.example", actions: ["b", "a"],
            expiresAt: now + .minutes(5))
        let decision = try trust.admit(token, issuing: issue, isUsed: false, by: Given.caller(.member), at: now)
        #expect(decision.events.map(\.verb) == [.exchange])
        let changes = decision.events[0].changes
        #expect(
            changes.map(\.field) == ["subject", "access_token", "grant", "audience", "expiration", "scope"])
        #expect(changes.last?.after == .list(["a", "b"]))
        #expect(decision.changes.count == 1)
        let refused = refusal { () throws(Refusal) in
            _ = try trust.admit(token, issuing: issue, isUsed: true, by: Given.caller(.member), at: now)
        }
        #expect(refused == WorkloadFault.replayed.refusal)
    }

    private func trust(
        issuer: String = "https://ci.example", audience: String = "latchkey", subject: String = "repo:acme/x:**",
        claims: [String: String] = [:]
    ) throws -> TrustedIssuer {
        TrustedIssuer(
            id: ID(100), issuer: issuer, audience: audience,
            subject: try ClaimPattern(subject, given: 2, at: "/subject"),
            claims: try claims.sorted { $0.key < $1.key }.map {
                ClaimCondition(name: $0.key, pattern: try ClaimPattern($0.value, given: 1, at: "/claims"))
            }, lifetime: .minutes(10))
    }
}
