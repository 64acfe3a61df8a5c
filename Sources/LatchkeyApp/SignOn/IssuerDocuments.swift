import LatchkeyCore

/// What issuers publish: their discovery documents and the keys with which they sign. For identity providers, and for
/// whoever else sends tokens of an issuer's.
final class IssuerDocuments: Sendable {
    private static let keptFor = Duration.minutes(10)
    /// A token under an unknown key makes us look again, but not oftener than this: anybody can make up keys' names.
    private static let lookedAgainAfter = Duration.seconds(60)

    private let fetch: Fetch
    private let discovery: DocumentCache<ProviderMetadata>
    private let keySets: DocumentCache<KeySet>
    private let keyAddresses: DocumentCache<String>

    init(fetch: @escaping Fetch, now: @escaping @Sendable () -> Timestamp) {
        self.fetch = fetch
        discovery = DocumentCache(now: now)
        keySets = DocumentCache(now: now)
        keyAddresses = DocumentCache(now: now)
    }

    /// - Parameter limit: how old a kept document may be; zero to fetch it in any case.
    func metadata(
        of issuer: String, noOlderThan limit: Duration = keptFor
    ) async throws(SignOnFault) -> ProviderMetadata {
        try await discovery.document(issuer, noOlderThan: limit) { () async throws(SignOnFault) in
            let body = try await self.body(of: .discovery, at: ProviderMetadata.address(of: issuer))
            return try ProviderMetadata(json: body, issuer: issuer)
        }
    }

    /// Where the keys are of an issuer that signs nobody in, as platforms for workloads do: of its document nothing
    /// else matters, and most of what a provider's has is not there.
    func keysAddress(of issuer: String) async throws(SignOnFault) -> String {
        try await keyAddresses.document(issuer, noOlderThan: Self.keptFor) { () async throws(SignOnFault) in
            let body = try await self.body(of: .discovery, at: ProviderMetadata.address(of: issuer))
            guard let document = Claims(json: body) else { throw .badDocument(.discovery, "is no JSON object") }
            guard document.text("issuer") == issuer else {
                throw .badDocument(.discovery, "names another issuer than the one that is trusted, to the letter")
            }
            guard let keys = document.text("jwks_uri"), WebAddress(keys) != nil else {
                throw .badDocument(.discovery, "names no jwks_uri")
            }
            return keys
        }
    }

    func keys(at address: String, noOlderThan limit: Duration = keptFor) async throws(SignOnFault) -> KeySet {
        try await keySets.document(address, noOlderThan: limit) { () async throws(SignOnFault) in
            guard let keys = KeySet(json: try await self.body(of: .keys, at: address)) else {
                throw .badDocument(.keys, "is no JWK set")
            }
            guard !keys.keys.isEmpty else { throw .badDocument(.keys, "has no key for signatures that is taken here") }
            return keys
        }
    }

    /// Refuses a token that none of the issuer's keys signed.
    func verify(_ token: SignedToken, keysAt address: String) async throws(SignOnFault) {
        var key = try await keys(at: address).key(for: token)
        if key == nil { key = try await keys(at: address, noOlderThan: Self.lookedAgainAfter).key(for: token) }
        guard let key else { throw .unknownKey }
        guard key.hasSigned(token) else { throw .badSignature }
    }

    private func body(of document: RemoteDocument, at text: String) async throws(SignOnFault) -> [UInt8] {
        let reply = try await ask(document, at: text)
        guard reply.status == 200 else { throw .unfetched(document, .status(reply.status)) }
        return reply.body
    }

    /// One exchange, whatever its status.
    func ask(
        _ document: RemoteDocument, at text: String, _ method: FetchRequest.Method = .get,
        authorization: String? = nil
    ) async throws(SignOnFault) -> FetchReply {
        guard let address = WebAddress(text) else { throw .unfetched(document, .badAddress) }
        do throws(FetchFault) {
            return try await fetch(FetchRequest(address, method: method, authorization: authorization))
        } catch {
            throw .unfetched(document, error)
        }
    }
}
