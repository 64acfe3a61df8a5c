import Crypto
import Foundation

/// What an ID token has to say to be taken (OpenID Connect Core 1.0 §3.1.3.7). Its signature is checked before.
public struct IDTokenDemand: Sendable {
    /// How far the provider's clock may be from ours.
    public static let skew = Duration.seconds(60)

    public let issuer: String
    public let clientID: String
    public let nonce: String
    /// When the browser was sent away: a token for this sign-in cannot be older.
    public let requestedAt: Timestamp
    /// The token that came beside it; `at_hash` is held against it where it is there.
    public let accessToken: String?

    public init(issuer: String, clientID: String, nonce: String, requestedAt: Timestamp, accessToken: String?) {
        self.issuer = issuer
        self.clientID = clientID
        self.nonce = nonce
        self.requestedAt = requestedAt
        self.accessToken = accessToken
    }

    /// Who signed in, by the token's word.
    public func identity(in token: SignedToken, at now: Timestamp) throws(SignOnFault) -> ExternalIdentity {
        let claims = token.claims
        guard claims.text("iss") == issuer else { throw .badClaim("iss", "is another issuer's") }
        try checkAudience(claims)
        try checkTimes(claims, at: now)
        guard let sent = claims.text("nonce"), sent == nonce else {
            throw .badClaim("nonce", "does not belong to this sign-in")
        }
        try checkAccessToken(token)
        return try ExternalIdentity(issuer: issuer, claims: claims)
    }

    /// A token for several must say for whom it was made.
    private func checkAudience(_ claims: Claims) throws(SignOnFault) {
        guard let audience = claims.texts("aud"), audience.contains(clientID) else {
            throw .badClaim("aud", "does not name this client")
        }
        let party = claims.text("azp")
        guard party == clientID || (claims["azp"] == nil && audience.count == 1) else {
            throw .badClaim("azp", "does not name this client")
        }
    }

    private func checkTimes(_ claims: Claims, at now: Timestamp) throws(SignOnFault) {
        guard let expiry = claims.moment("exp") else { throw .badClaim("exp", "is missing") }
        guard now < expiry + Self.skew else { throw .badClaim("exp", "lies in the past") }
        guard let issued = claims.moment("iat") else { throw .badClaim("iat", "is missing") }
        guard issued <= now + Self.skew else {
            throw .badClaim("iat", "lies in the future: the clocks differ by more than a minute")
        }
        guard issued >= requestedAt.wholeSecond - Self.skew else {
            throw .badClaim("iat", "lies before this sign-in: the token is old, or the clocks differ")
        }
        if claims["nbf"] != nil {
            guard let begin = claims.moment("nbf"), begin <= now + Self.skew else {
                throw .badClaim("nbf", "lies in the future")
            }
        }
    }

    /// The left half of the access token's hash (§3.1.3.6).
    private func checkAccessToken(_ token: SignedToken) throws(SignOnFault) {
        guard let sent = token.claims["at_hash"] else { return }
        guard let accessToken, case .text(let hash) = sent,
            hash == Self.leftHalf(of: accessToken, under: token.algorithm)
        else { throw .badClaim("at_hash", "does not belong to the access token") }
    }

    /// With the hash that the signature's algorithm has in its name; SHA-512 with Ed25519.
    static func leftHalf(of text: String, under algorithm: String) -> String {
        let bytes = Array(text.utf8)
        return switch algorithm.suffix(3) {
        case "256": Base64URL.text(Array(SHA256.hash(data: bytes)).prefix(16))
        case "384": Base64URL.text(Array(SHA384.hash(data: bytes)).prefix(24))
        default: Base64URL.text(Array(SHA512.hash(data: bytes)).prefix(32))
        }
    }
}
