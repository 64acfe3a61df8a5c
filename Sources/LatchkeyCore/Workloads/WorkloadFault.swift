/// Why a workload's token was not exchanged, in words for whoever runs the workload. They speak of the token that was
/// sent, never of what is trusted here.
public enum WorkloadFault: Error, Hashable, Sendable {
    case malformed
    /// No service user trusts the issuer that it names.
    case unknownIssuer
    /// What the issuer publishes cannot be had or read, or does not bear the token out.
    case issuer(SignOnFault)
    case badClaim(String, String)
    /// It is good, and nobody trusts it.
    case untrusted
    /// Several service users trust it.
    case ambiguous
    case replayed
}

extension WorkloadFault {
    public var sentence: String {
        switch self {
        case .malformed: "The subject_token is no signed JWT."
        case .unknownIssuer: "No service user here trusts the issuer of this token (iss)."
        case .issuer(let fault): Self.sentence(of: fault)
        case .badClaim(let name, let flaw): "This token cannot be taken: \(name) \(flaw)."
        case .untrusted:
            "No service user here trusts this token. Compare its aud, sub and other claims with the trusted issuers "
                + "of the service user."
        case .ambiguous: "Several service users trust this token. Name one by its handle with client_id."
        case .replayed: "This token has been exchanged before. Get a fresh one from your platform for each exchange."
        }
    }

    private static func sentence(of fault: SignOnFault) -> String {
        switch fault {
        case .unfetched(let document, let cause): "The \(document.rawValue) of the issuer: \(cause.sentence)"
        case .badDocument(let document, let flaw): "The \(document.rawValue) of the issuer \(flaw)."
        case .unknownKey: "Its issuer does not publish the key that it is signed with, or its alg is not taken here."
        case .badSignature: "Its signature is wrong."
        default: "The subject_token is no signed JWT."
        }
    }

    public var refusal: Refusal {
        if case .issuer(.unfetched(_, let cause)) = self, cause.mayPass {
            return .unavailable(sentence, retryAfter: .seconds(10))
        }
        return .badRequest(sentence)
    }
}
