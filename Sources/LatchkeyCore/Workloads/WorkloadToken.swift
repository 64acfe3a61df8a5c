import Crypto

/// A workload's own token, once its signature has been checked.
public struct WorkloadToken: Sendable {
    public let issuer: String
    public let subject: String
    public let expiresAt: Timestamp
    private let audience: [String]
    private let claims: Claims
    /// What it is known by when it comes again: its `jti`, or all that was signed where its issuer gives none, as
    /// Kubernetes before 1.29 does.
    public let fingerprint: [UInt8]

    /// 16 KiB. Platforms' own have one or two; reading claims costs more the more there are, and strangers may send
    /// them.
    public static let longest = 16 * 1024

    /// A token that lived longer would have to be remembered for longer, against its coming again.
    static let longestLife = Duration.days(1)

    /// What every such token has to say, whoever trusts it: who says it, of whom, to whom, from when and until when.
    public init(_ token: SignedToken, at now: Timestamp) throws(WorkloadFault) {
        let claims = token.claims
        guard token.type.map({ $0.lowercased() == "jwt" }) ?? true else { throw .badClaim("typ", "is not JWT") }
        guard let issuer = claims.text("iss") else { throw .badClaim("iss", "is missing") }
        guard let subject = claims.text("sub"), !subject.isEmpty else { throw .badClaim("sub", "is missing") }
        guard let audience = claims.texts("aud"), !audience.isEmpty else { throw .badClaim("aud", "is missing") }
        expiresAt = try Self.expiry(claims, at: now)
        if claims["jti"] != nil, claims.text("jti") == nil { throw .badClaim("jti", "is no text") }
        self.issuer = issuer
        self.subject = subject
        self.audience = audience
        self.claims = claims
        let identity = claims.text("jti").map { Array("jti \($0)".utf8) } ?? token.signed
        fingerprint = Array(SHA256.hash(data: identity))
    }

    private static func expiry(_ claims: Claims, at now: Timestamp) throws(WorkloadFault) -> Timestamp {
        let skew = IDTokenDemand.skew
        guard let expiry = claims.moment("exp") else { throw .badClaim("exp", "is missing") }
        guard now < expiry + skew else { throw .badClaim("exp", "lies in the past: get a fresh token") }
        guard let issued = claims.moment("iat") else { throw .badClaim("iat", "is missing") }
        guard issued <= now + skew else {
            throw .badClaim("iat", "lies in the future: the clocks differ by more than a minute")
        }
        guard expiry - issued <= longestLife else { throw .badClaim("exp", "lies more than a day behind iat") }
        if claims["nbf"] != nil {
            guard let begin = claims.moment("nbf"), begin <= now + skew else {
                throw .badClaim("nbf", "lies in the future")
            }
        }
        return expiry
    }

    /// Until when it must be remembered that it was used.
    public var rememberedUntil: Timestamp { expiresAt + IDTokenDemand.skew }

    /// Whether it is made for this trust's audience.
    public func isMeant(for trust: TrustedIssuer) -> Bool { audience.contains(trust.audience) }

    public func fits(_ trust: TrustedIssuer) -> Bool {
        issuer == trust.issuer && isMeant(for: trust) && trust.subject.matches(subject)
            && trust.claims.allSatisfy { $0.holds(in: claims) }
    }
}

/// That a workload's token has been exchanged: it is not taken again.
public struct WorkloadTokenUse: Hashable, Sendable {
    public let issuer: String
    public let fingerprint: [UInt8]
    public let forgettableFrom: Timestamp

    public init(issuer: String, fingerprint: [UInt8], forgettableFrom: Timestamp) {
        self.issuer = issuer
        self.fingerprint = fingerprint
        self.forgettableFrom = forgettableFrom
    }
}

extension TrustedIssuer {
    /// Decides that a workload gets an access token through this trust, once for each token of its own.
    ///
    /// - Parameter isUsed: whether this very token was exchanged before.
    public func admit(
        _ token: WorkloadToken, issuing issue: AccessIssue, isUsed: Bool, by caller: Caller, at now: Timestamp
    ) throws(Refusal) -> Decision {
        guard !isUsed else { throw WorkloadFault.replayed.refusal }
        let subject = FieldChange("subject", after: .text(String(token.subject.prefix(ClaimPattern.longest))))
        let event = AuditEvent(
            .exchange, .token, id.value, changes: [subject, issue.jtiFact] + issue.facts, by: caller, at: now)
        let use = WorkloadTokenUse(
            issuer: token.issuer, fingerprint: token.fingerprint, forgettableFrom: token.rememberedUntil)
        return Decision(event, [.useWorkloadToken(use)])
    }
}
