/// What somebody says of an issuer to be trusted.
public struct NewTrustedIssuer: Hashable, Sendable {
    public let name: String
    public let owner: ID<User>
    public let issuer: String
    public let audience: String
    public let subject: String
    public let claims: [NewClaimCondition]
    /// Of the access tokens; `nil` for the instance's usual length.
    public let minutes: Int?
    /// Of the trust itself; `nil` for the longest that the instance allows, since there is no secret to leak.
    public let lifetime: Lifetime?
    public let limits: NarrowingRequest

    public init(
        name: String, owner: ID<User>, issuer: String, audience: String, subject: String,
        claims: [NewClaimCondition] = [], minutes: Int? = nil, lifetime: Lifetime? = nil,
        limits: NarrowingRequest = NarrowingRequest()
    ) {
        self.name = name
        self.owner = owner
        self.issuer = issuer
        self.audience = audience
        self.subject = subject
        self.claims = claims
        self.minutes = minutes
        self.lifetime = lifetime
        self.limits = limits
    }

    /// The token that the trust stands on: whoever may issue this may trust an issuer in its place.
    var token: NewToken { NewToken(name: name, owner: owner, lifetime: lifetime ?? .usual, limits: limits) }
}

/// A further claim that its tokens have to have, and the pattern of its value.
public struct NewClaimCondition: Hashable, Sendable {
    public let name: String
    public let value: String

    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

extension Minting {
    /// For a token that nobody will ever hold. `digest` is chance alone, so that no bytes lead to it.
    public static func keyless(
        _ id: ID<Token>, digest: TokenDigest, expiresAt: Timestamp?, at now: Timestamp
    ) -> Minting {
        Minting(id: id, digest: digest, hint: "", signedBy: "", expiresAt: expiresAt, at: now)
    }
}

/// What the instance's settings say of every trust.
public struct TrustTerms: Hashable, Sendable {
    /// Whether an issuer may be asked over plain HTTP.
    public let allowsPlainHTTP: Bool
    /// Of access tokens, where nobody says another.
    public let usualLifetime: Duration

    public init(allowsPlainHTTP: Bool, usualLifetime: Duration) {
        self.allowsPlainHTTP = allowsPlainHTTP
        self.usualLifetime = usualLifetime
    }
}

extension NewTrustedIssuer {
    /// Decides whether a service user, whose `teams` include `Public`, trusts an issuer. The rules are those of issuing
    /// it a token, and those of the fields.
    ///
    /// - Parameter minting: keyless.
    public func establish(
        _ minting: Minting, for user: User, teams: [Team], isNameTaken: Bool, under terms: TrustTerms, by caller: Caller
    ) throws(Refusal) -> (trust: TrustedIssuer, decision: Decision) {
        let (token, issue) = try Token.issue(
            self.token, minting, to: user, teams: teams, isNameTaken: isNameTaken, by: caller)
        let trust = TrustedIssuer(
            id: token.id, issuer: try checkedIssuer(allowsPlainHTTP: terms.allowsPlainHTTP),
            audience: try checkedAudience(),
            subject: try ClaimPattern(subject, given: 2, at: "/subject"), claims: try conditions(),
            lifetime: try AccessLifetime.checked(minutes, or: terms.usualLifetime))
        let event = AuditEvent(
            .trust, .token, token.id.value, changes: trust.facts, by: caller, at: minting.at)
        return (trust, issue.and(Decision(event, [.insertTrustedIssuer(trust)])))
    }

    private func checkedIssuer(allowsPlainHTTP: Bool) throws(Refusal) -> String {
        guard let address = WebAddress(issuer), !issuer.contains("?") else {
            throw .invalid("/issuer", "must be an address such as https://gitlab.com, as the issuer's tokens have it")
        }
        guard address.isEncrypted || allowsPlainHTTP else { throw .invalid("/issuer", "must begin with https://") }
        return issuer
    }

    private func checkedAudience() throws(Refusal) -> String {
        guard (1...255).contains(audience.utf8.count), audience.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .invalid("/audience", "must have 1 to 255 visible ASCII characters")
        }
        return audience
    }

    /// The claims that every trust judges in its own way.
    private static let ownClaims: Set = ["iss", "aud", "sub", "exp", "iat", "nbf", "jti"]
    private static let mostClaims = 16

    private func conditions() throws(Refusal) -> [ClaimCondition] {
        guard claims.count <= Self.mostClaims else { throw .invalid("/claims", "must be at most \(Self.mostClaims)") }
        var conditions: [ClaimCondition] = []
        for (place, claim) in claims.enumerated() {
            guard !Self.ownClaims.contains(claim.name), (1...255).contains(claim.name.utf8.count),
                !conditions.contains(where: { $0.name == claim.name })
            else {
                let others = Self.ownClaims.sorted().joined(separator: ", ")
                throw .invalid("/claims/\(place)/name", "must be a claim beside \(others), each once")
            }
            let pattern = try ClaimPattern(claim.value, given: 1, at: "/claims/\(place)/value")
            conditions.append(ClaimCondition(name: claim.name, pattern: pattern))
        }
        return conditions
    }
}

extension TrustedIssuer {
    fileprivate var facts: [FieldChange] {
        [
            FieldChange("issuer", after: .text(issuer)), FieldChange("audience", after: .text(audience)),
            FieldChange("subject", after: .text(subject.text)),
            FieldChange("claims", after: .list(claims.map { "\($0.name)=\($0.pattern.text)" })),
            FieldChange("access_minutes", after: .number(lifetime.components.seconds / 60)),
        ]
    }
}

/// How long an access token lives: short enough that nobody would want to keep it.
public enum AccessLifetime {
    public static let minutes = 5...60

    public static var shortest: Duration { .minutes(minutes.lowerBound) }
    public static var longest: Duration { .minutes(minutes.upperBound) }

    static func checked(_ asked: Int?, or usual: Duration) throws(Refusal) -> Duration {
        guard let asked else { return usual }
        guard minutes.contains(asked) else {
            throw .invalid("/access_minutes", "must be \(minutes.lowerBound) to \(minutes.upperBound)")
        }
        return .minutes(asked)
    }
}
