/// What a provider says of itself (OpenID Connect Discovery 1.0 §3), as far as it matters here.
public struct ProviderMetadata: Hashable, Sendable {
    public let authorizationEndpoint: String
    public let tokenEndpoint: String
    public let keys: String
    public let userInfoEndpoint: String?
    /// Whether the client's secret goes into the form instead of into the header (`client_secret_post`).
    public let takesSecretInForm: Bool
    /// Whether it takes the header (`client_secret_basic`, the usual way).
    public let takesSecretInHeader: Bool
    /// Whether its returns name it (RFC 9207), so that one that does not is not its own.
    public let namesItselfInReturns: Bool
    /// With which algorithms it signs ID tokens; empty when it does not say.
    public let algorithms: Set<String>

    /// Where the document of an issuer is (§4.1).
    public static func address(of issuer: String) -> String {
        (issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer) + "/.well-known/openid-configuration"
    }

    /// - Parameter issuer: whose document was asked for; one that names another issuer is refused (§4.3).
    public init(json: [UInt8], issuer: String) throws(SignOnFault) {
        guard let document = Claims(json: json) else { throw .badDocument(.discovery, "is no JSON object") }
        guard document.text("issuer") == issuer else {
            throw .badDocument(.discovery, "names another issuer than the one that is set up, to the letter")
        }
        authorizationEndpoint = try document.endpoint("authorization_endpoint")
        tokenEndpoint = try document.endpoint("token_endpoint")
        keys = try document.endpoint("jwks_uri")
        userInfoEndpoint = document["userinfo_endpoint"] == nil ? nil : try document.endpoint("userinfo_endpoint")
        let methods = document.texts("token_endpoint_auth_methods_supported") ?? ["client_secret_basic"]
        takesSecretInForm = methods.contains("client_secret_post")
        takesSecretInHeader = methods.contains("client_secret_basic")
        namesItselfInReturns = document.flag("authorization_response_iss_parameter_supported") ?? false
        algorithms = Set(document.texts("id_token_signing_alg_values_supported") ?? [])
        try Self.checkAbilities(document)
    }

    /// What it says of its abilities must not exclude what is asked of it; what it says nothing of is tried.
    private static func checkAbilities(_ document: Claims) throws(SignOnFault) {
        if let challenges = document.texts("code_challenge_methods_supported"), !challenges.contains("S256") {
            throw .badDocument(.discovery, "does not offer PKCE with S256")
        }
        if let types = document.texts("response_types_supported"), !types.contains("code") {
            throw .badDocument(.discovery, "does not offer the authorization code flow")
        }
        let algorithms = document.texts("id_token_signing_alg_values_supported") ?? []
        guard algorithms.isEmpty || !JSONWebKey.algorithms.isDisjoint(with: algorithms) else {
            throw .badDocument(.discovery, "offers no algorithm for ID tokens that is taken here")
        }
    }
}

extension Claims {
    fileprivate func endpoint(_ name: String) throws(SignOnFault) -> String {
        guard let text = text(name), WebAddress(text) != nil else {
            throw .badDocument(.discovery, "names no \(name)")
        }
        return text
    }
}
