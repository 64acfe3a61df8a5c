public import LatchkeyCore
import LatchkeyStore

/// Where a browser is sent to sign in, and what it takes along.
public struct SignOnStart: Sendable {
    /// At the provider.
    public let address: String
    /// For a cookie of ``SignOnRequest/longestAbsence``.
    public let cookie: String
}

/// What a browser brought back from a provider, not yet believed.
public struct SignOnReturn: Sendable {
    public let state: String?
    public let code: String?
    public let error: String?
    /// RFC 9207.
    public let issuer: String?

    public init(state: String?, code: String?, error: String?, issuer: String?) {
        self.state = state
        self.code = code
        self.error = error
        self.issuer = issuer
    }
}

/// What came of it.
public enum SignOnOutcome: Sendable {
    /// Proven, and an account is open to it.
    case admitted(ID<User>, through: ID<IdentityProvider>, returnTo: String)
    /// Proven, but an account that was there before bears the address, or it was only to be connected. `pending` goes
    /// into a cookie: whoever signs in to an account in another way may connect the two, see ``App/connect(_:as:)``.
    case unconnected(pending: String)
}

/// Signing in through an identity provider: OpenID Connect, authorization code with PKCE.
extension App {
    private static let returnPath = "/sso/callback"
    private static let requestPurpose = "sign-on request"

    /// What has to be set up at every provider.
    public var redirectURI: String { settings.publicURL + Self.returnPath }

    /// The buttons of the sign-in page.
    public func providerButtons() async throws(Refusal) -> [ProviderButton] {
        try await store.read { db throws(Refusal) in try db.providerButtons() }
    }

    /// - Parameters:
    ///   - returnTo: a path of ours, checked by the door.
    ///   - isForConnecting: whether somebody who is signed in wants to connect the identity with their account.
    public func beginSignOn(
        through id: ID<IdentityProvider>, returnTo: String, isForConnecting: Bool = false
    ) async throws(Refusal) -> SignOnStart {
        let provider = try await activeProvider(id)
        let metadata: ProviderMetadata
        do throws(SignOnFault) {
            metadata = try await documents.metadata(of: provider.issuer)
        } catch {
            throw error.refusal
        }
        let request = SignOnRequest(
            to: id, returnTo: returnTo, isForConnecting: isForConnecting, at: ambient.now(),
            random: ambient.randomBytes)
        let nonce = ambient.randomBytes(KeyRing.nonceByteCount)
        guard let cookie = keys.current.sealedText(request, purpose: Self.requestPurpose, nonce: nonce) else {
            throw .unavailable("The sign-in could not be begun.", retryAfter: .seconds(1))
        }
        return SignOnStart(
            address: request.address(at: metadata, for: provider, redirectURI: redirectURI), cookie: cookie)
    }

    private func activeProvider(_ id: ID<IdentityProvider>) async throws(Refusal) -> IdentityProvider {
        let provider = try await store.read { db throws(Refusal) in try db.identityProvider(id) }
        guard let provider, provider.isOn else { throw .notFound("identity provider") }
        return provider
    }

    /// Takes a browser back. What is refused is told in words, and in the audit log where the provider had its say; a
    /// return that belongs to nothing is anybody's invention and leaves nothing behind.
    public func completeSignOn(
        _ answer: SignOnReturn, cookie: String?, from origin: Origin
    ) async throws(Refusal) -> SignOnOutcome {
        let now = ambient.now()
        let request = cookie.flatMap {
            keys.current.opened($0, purpose: Self.requestPurpose, as: SignOnRequest.self)
        }
        guard let request, let state = answer.state, request.isAnswered(by: state, at: now) else {
            throw SignOnFault.strayReturn.refusal
        }
        let provider = try await activeProvider(request.providerID)
        // Good ones count no more: a whole office may come from one address.
        let attempt = try await beginTry([.returns(from: origin.address, keys.current)], from: origin)
        let proven: ExternalProfile
        do throws(SignOnFault) {
            proven = try await profile(of: answer, to: request, from: provider)
        } catch {
            try await record(error, at: provider, origin)
            throw error.refusal
        }
        try await store.write { db throws(Refusal) in try db.note(.signIn(.dropTry(attempt))) }
        if request.isForConnecting { return .unconnected(pending: try sealed(proven, provider)) }
        return try await admit(proven, through: provider, returnTo: request.returnTo, origin)
    }

    /// Everything that has to be proven, and nothing that is only claimed, stands behind this.
    private func profile(
        of answer: SignOnReturn, to request: SignOnRequest, from provider: IdentityProvider
    ) async throws(SignOnFault) -> ExternalProfile {
        if let word = answer.error { throw .refusedByProvider(word) }
        let metadata = try await documents.metadata(of: provider.issuer)
        guard answer.issuer == provider.issuer || (answer.issuer == nil && !metadata.namesItselfInReturns) else {
            throw .badClaim("iss", "of the return is another provider's")
        }
        guard let code = answer.code, !code.isEmpty else { throw .codeRefused("") }
        let exchange = CodeExchange(
            documents: documents, provider: provider, secret: secret(of: provider), metadata: metadata,
            redirectURI: redirectURI)
        let tokens = try await exchange.tokens(for: code, proof: request.proof)
        try await documents.verify(tokens.idToken, keysAt: metadata.keys)
        let demand = IDTokenDemand(
            issuer: provider.issuer, clientID: provider.clientID, nonce: request.nonce,
            requestedAt: request.startedAt, accessToken: tokens.accessToken)
        let identity = try demand.identity(in: tokens.idToken, at: ambient.now())
        let userInfo = try await exchange.userInfo(
            for: tokens.idToken, subject: identity.subject, accessToken: tokens.accessToken)
        return ExternalProfile(
            identity, claims: tokens.idToken.claims, userInfo: userInfo, groupsClaim: provider.groupsClaim)
    }

    func secret(of provider: IdentityProvider) -> ClientSecret? {
        provider.sealedSecret.flatMap { keys.current.clientSecret($0, of: provider.issuer) }
    }

    func record(
        _ fault: SignOnFault, _ identity: ExternalIdentity? = nil, at provider: IdentityProvider, _ origin: Origin
    ) async throws(Refusal) {
        let changes =
            [FieldChange("sign_in", after: .text(fault.label))]
            + (identity.map { [FieldChange("subject", after: .text($0.subject))] } ?? [])
        let event = AuditEvent(
            .refuse, .identityProvider, provider.id.value, changes: changes, outcome: .refused,
            by: Caller(.anonymous, origin: origin), at: ambient.now())
        try await store.write { db throws(Refusal) in _ = try db.apply(Decision(event)) }
    }
}
