import Crypto
import Foundation

/// What is remembered while a browser is away at a provider. It lives in a cookie of that browser, sealed, so that a
/// return is taken from the browser that left, and from no other; nothing is kept here for strangers.
public struct SignOnRequest: Codable, Sendable {
    /// Long enough for a second factor at the provider.
    public static let longestAbsence = Duration.minutes(10)

    let provider: Int64
    /// Goes to the provider and comes back with the browser.
    public let state: String
    /// Goes to the provider and comes back in the ID token.
    public let nonce: String
    /// Proves at the token endpoint that who asked for the code redeems it (RFC 7636).
    let verifier: String
    /// A path of ours, to go on at afterwards.
    public let returnTo: String
    /// Whether the identity shall be connected with an account that is there, and open none by itself.
    public let isForConnecting: Bool
    let startedAtMilliseconds: Int64

    /// - Parameter random: gives that many unpredictable bytes.
    public init(
        to provider: ID<IdentityProvider>, returnTo: String, isForConnecting: Bool = false, at now: Timestamp,
        random: (Int) -> [UInt8]
    ) {
        self.provider = provider.value
        state = Base64URL.text(random(32))
        nonce = Base64URL.text(random(32))
        verifier = Base64URL.text(random(32))
        self.returnTo = returnTo
        self.isForConnecting = isForConnecting
        startedAtMilliseconds = now.milliseconds
    }

    public var providerID: ID<IdentityProvider> { ID(provider) }
    public var startedAt: Timestamp { Timestamp(milliseconds: startedAtMilliseconds) }

    /// The proof itself, for the token endpoint alone.
    public var proof: String { verifier }

    /// What the proof is held against (RFC 7636 §4.2, S256).
    var challenge: String {
        Base64URL.text(SHA256.hash(data: Array(verifier.utf8)))
    }

    /// Where the browser goes (OpenID Connect Core §3.1.2.1).
    public func address(
        at metadata: ProviderMetadata, for provider: IdentityProvider, redirectURI: String
    ) -> String {
        let query = FormEncoding.text([
            ("response_type", "code"), ("client_id", provider.clientID), ("redirect_uri", redirectURI),
            ("scope", provider.scopes.joined(separator: " ")), ("state", state), ("nonce", nonce),
            ("code_challenge", challenge), ("code_challenge_method", "S256"),
        ])
        let endpoint = metadata.authorizationEndpoint
        return endpoint + (endpoint.contains("?") ? "&" : "?") + query
    }

    /// Whether this return belongs to this request, in constant time and in time.
    public func isAnswered(by state: String, at now: Timestamp) -> Bool {
        let isSame = HMAC<SHA256>.isEqual(state, self.state)
        return isSame && now - startedAt < Self.longestAbsence && now >= startedAt - IDTokenDemand.skew
    }
}

extension SignOnRequest: CustomStringConvertible, CustomReflectable {
    public var description: String { "SignOnRequest(redacted)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension HMAC<SHA256> {
    /// Compares texts of any length without telling where they differ.
    fileprivate static func isEqual(_ one: String, _ other: String) -> Bool {
        let key = SymmetricKey(data: Array("compare".utf8))
        let code = authenticationCode(for: Array(one.utf8), using: key)
        return isValidAuthenticationCode(code, authenticating: Array(other.utf8), using: key)
    }
}

/// An identity that a provider has proven to this browser, and that no account knows: kept sealed in a cookie until its
/// owner has signed in to the account that it shall open, and said so.
public struct PendingIdentity: Codable, Sendable {
    public static let keptFor = Duration.minutes(10)

    let issuer: String
    let subject: String
    /// The provider's name.
    public let provider: String
    /// As the provider shows the person, for the question.
    public let label: String
    let provenAtMilliseconds: Int64

    public init(_ profile: ExternalProfile, provider: IdentityProvider, at now: Timestamp) {
        issuer = profile.identity.issuer
        subject = profile.identity.subject
        self.provider = provider.name
        label = profile.label
        provenAtMilliseconds = now.milliseconds
    }

    public var identity: ExternalIdentity { ExternalIdentity(issuer: issuer, subject: subject) }

    public func isFresh(at now: Timestamp) -> Bool {
        now - Timestamp(milliseconds: provenAtMilliseconds) < Self.keptFor
    }
}

/// What goes into a cookie and comes back unaltered, unread and unmoved.
extension KeyRing {
    /// - Parameter nonce: fresh random bytes, ``nonceByteCount`` of them.
    public func sealedText(_ value: some Encodable, purpose: String, nonce: [UInt8]) -> String? {
        guard let json = try? JSONEncoder().encode(value) else { return nil }
        return seal(Array(json), context: Array(purpose.utf8), nonce: nonce).map { Base64URL.text($0) }
    }

    public func opened<Value: Decodable>(_ text: String, purpose: String, as type: Value.Type) -> Value? {
        guard let sealed = Base64URL.bytes(text.utf8), let json = open(sealed, context: Array(purpose.utf8)) else {
            return nil
        }
        return try? JSONDecoder().decode(type, from: Data(json))
    }
}
