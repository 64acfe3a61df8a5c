import Foundation
import LatchkeyCore

/// What a provider is asked behind the browser's back: a code for tokens, then what else it knows of the person.
struct CodeExchange: Sendable {
    let documents: IssuerDocuments
    let provider: IdentityProvider
    let secret: ClientSecret?
    let metadata: ProviderMetadata
    let redirectURI: String

    struct Tokens: Sendable {
        let idToken: SignedToken
        let accessToken: String?
    }

    /// OpenID Connect Core §3.1.3.
    func tokens(for code: String, proof: String) async throws(SignOnFault) -> Tokens {
        let reply = try await redeem(code, proof: proof)
        guard let answer = Claims(json: reply.body) else { throw Self.fault(of: reply, nil) }
        guard reply.status == 200 else { throw Self.fault(of: reply, answer) }
        guard let text = answer.text("id_token") else { throw .badDocument(.token, "gave no ID token") }
        return Tokens(idToken: try SignedToken(text), accessToken: answer.text("access_token"))
    }

    /// The client proves itself as the provider wants it. Where both ways are open, the header is the usual one; but
    /// signs that have to be escaped there (RFC 6749 §2.3.1) are read in two ways in the wild, and safe in the form.
    func redeem(_ code: String, proof: String) async throws(SignOnFault) -> FetchReply {
        var fields = [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirectURI),
            ("code_verifier", proof),
        ]
        guard let secret = secret?.reveal() else {
            fields.append(("client_id", provider.clientID))
            return try await ask(fields, nil)
        }
        let (id, escaped) = (FormEncoding.escaped(provider.clientID), FormEncoding.escaped(secret))
        let isPlain = id == provider.clientID && escaped == secret
        if metadata.takesSecretInForm, !(metadata.takesSecretInHeader && isPlain) {
            fields += [("client_id", provider.clientID), ("client_secret", secret)]
            return try await ask(fields, nil)
        }
        return try await ask(fields, "Basic \(Data("\(id):\(escaped)".utf8).base64EncodedString())")
    }

    private func ask(_ fields: [(String, String)], _ authorization: String?) async throws(SignOnFault) -> FetchReply {
        let form = FormEncoding.text(fields.map { (name: $0.0, value: $0.1) })
        return try await documents.ask(
            .token, at: metadata.tokenEndpoint, .post(form: form), authorization: authorization)
    }

    private static func fault(of reply: FetchReply, _ answer: Claims?) -> SignOnFault {
        if let word = answer?.text("error") { return .codeRefused(word) }
        guard reply.status == 200 else { return .unfetched(.token, .status(reply.status)) }
        return .badDocument(.token, "gave no JSON object")
    }

    /// What the token says too little of (OpenID Connect Core §5.3). A document about somebody else is refused; one
    /// that cannot be had is done without.
    func userInfo(
        for token: SignedToken, subject: String, accessToken: String?
    ) async throws(SignOnFault) -> Claims? {
        guard let accessToken, let endpoint = metadata.userInfoEndpoint,
            ExternalProfile.isIncomplete(token.claims, groupsClaim: provider.groupsClaim)
        else { return nil }
        let reply = try? await documents.ask(.userInfo, at: endpoint, authorization: "Bearer \(accessToken)")
        guard let reply, reply.status == 200, let claims = Claims(json: reply.body) else { return nil }
        guard claims.text("sub") == subject else { throw .badDocument(.userInfo, "is about somebody else") }
        return claims
    }
}
