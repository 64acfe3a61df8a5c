import Foundation

/// Whose word lets a workload act as a service user: an issuer of OpenID Connect tokens, and what its tokens have to
/// say. No secret exists; the workload exchanges its own short token for one of ours.
///
/// It stands on a token that nobody holds: the keyless token of the same number. That gives it a name, an owner,
/// limits, an end, revocation, uses and a history like any token's, and what is revoked reaches everything at once
/// that came of it. Like a token it is never edited: another trust is another token.
public struct TrustedIssuer: Hashable, Sendable {
    public let id: ID<Token>
    /// As its tokens have it in `iss`, to the letter.
    public let issuer: String
    /// What `aud` has to name.
    public let audience: String
    public let subject: ClaimPattern
    public let claims: [ClaimCondition]
    /// How long access tokens that come of it live at most.
    public let lifetime: Duration

    public init(
        id: ID<Token>, issuer: String, audience: String, subject: ClaimPattern, claims: [ClaimCondition],
        lifetime: Duration
    ) {
        self.id = id
        self.issuer = issuer
        self.audience = audience
        self.subject = subject
        self.claims = claims
        self.lifetime = lifetime
    }
}

extension Token {
    /// Nobody holds it: it stands for a trusted issuer. Nothing was ever signed for it.
    public var isKeyless: Bool { signedBy.isEmpty }
}

/// A trusted issuer with the token that it stands on.
public struct TrustedIssuerSummary: Hashable, Sendable {
    public let trust: TrustedIssuer
    public let token: TokenSummary

    public init(trust: TrustedIssuer, token: TokenSummary) {
        self.trust = trust
        self.token = token
    }
}

extension TrustedIssuer {
    private struct StoredCondition: Codable {
        let name: String
        let value: String
    }

    /// How the conditions are kept in their column: a JSON array.
    public var storedClaims: String {
        let stored = claims.map { StoredCondition(name: $0.name, value: $0.pattern.text) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(stored)).map { String(decoding: $0, as: UTF8.self) } ?? "[]"
    }

    /// Reads what was stored; `nil` when it cannot be read: a fault must not drop a condition.
    public init?(
        id: ID<Token>, issuer: String, audience: String, subject: String, storedClaims: String, lifetime: Duration
    ) {
        guard let stored = try? JSONDecoder().decode([StoredCondition].self, from: Data(storedClaims.utf8)) else {
            return nil
        }
        self.init(
            id: id, issuer: issuer, audience: audience, subject: ClaimPattern(stored: subject),
            claims: stored.map { ClaimCondition(name: $0.name, pattern: ClaimPattern(stored: $0.value)) },
            lifetime: lifetime)
    }
}
