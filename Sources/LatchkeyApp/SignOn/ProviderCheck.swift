public import LatchkeyCore
import LatchkeyStore

/// What came of one step of trying a provider out.
public struct ProviderCheck: Hashable, Sendable {
    public enum Step: String, Hashable, Sendable, CaseIterable {
        case discovery, keys
        /// Whether the token endpoint takes the client id and secret.
        case client
    }

    public let step: Step
    public let isGood: Bool
    /// A sentence: what was found, or what is wrong and what to do.
    public let finding: String
}

/// Trying a provider out without anybody signing in.
extension App {
    /// Fetches everything anew and says in words what is wrong. Stops at the first fault.
    public func checkIdentityProvider(
        _ id: ID<IdentityProvider>, as caller: Caller
    ) async throws(Refusal) -> [ProviderCheck] {
        let provider = try await findIdentityProvider(id, as: caller)
        var checks: [ProviderCheck] = []
        do throws(SignOnFault) {
            let metadata = try await documents.metadata(of: provider.issuer, noOlderThan: .zero)
            checks.append(ProviderCheck(step: .discovery, isGood: true, finding: "The discovery document is good."))
            let keys = try await documents.keys(at: metadata.keys, noOlderThan: .zero).keys.count
            let words = keys == 1 ? "1 key" : "\(keys) keys"
            checks.append(ProviderCheck(step: .keys, isGood: true, finding: "The provider signs with \(words)."))
            checks.append(try await clientCheck(provider, metadata))
        } catch {
            let step = ProviderCheck.Step.allCases[min(checks.count, ProviderCheck.Step.allCases.count - 1)]
            checks.append(ProviderCheck(step: step, isGood: false, finding: error.sentence))
        }
        return checks
    }

    /// A code that nobody gave is refused by everybody; the word of the refusal says whether it was the code or the
    /// client that was not known (RFC 6749 §5.2).
    private func clientCheck(
        _ provider: IdentityProvider, _ metadata: ProviderMetadata
    ) async throws(SignOnFault) -> ProviderCheck {
        let exchange = CodeExchange(
            documents: documents, provider: provider, secret: secret(of: provider), metadata: metadata,
            redirectURI: redirectURI)
        let proof = String(repeating: "x", count: 43)
        let reply = try await exchange.redeem("latchkey-asks-whether-it-is-known", proof: proof)
        switch Claims(json: reply.body)?.text("error") {
        case "invalid_client", "unauthorized_client":
            throw .codeRefused("invalid_client")
        case "invalid_grant", "invalid_request":
            return ProviderCheck(step: .client, isGood: true, finding: "The provider takes the client id and secret.")
        default:
            return ProviderCheck(
                step: .client, isGood: true,
                finding: "The provider does not tell whether it takes the client id and secret; sign in to see.")
        }
    }
}
