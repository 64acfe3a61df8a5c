import HTTPTypes
import LatchkeyCore

extension Problem {
    /// The words for what was thrown; anything that is no refusal is a fault of ours and says nothing of itself.
    init(_ error: any Error) {
        switch error {
        case let refusal as Refusal: self.init(refusal)
        case let refusal as DoorRefusal: self.init(refusal)
        default: self = .failed
        }
    }

    init(_ refusal: DoorRefusal) {
        switch refusal {
        case .tooLarge: self = .tooLarge
        case .notJSON: self = .notJSON
        case .startAgain: self = .startAgain
        case .wrongMethod(let allowed): self = .wrongMethod(allowed: allowed)
        }
    }

    init(_ refusal: Refusal) {
        switch refusal {
        case .unauthenticated(let wasSent): self = .unauthenticated(credentialSent: wasSent)
        case .forbidden(let detail):
            self.init(kind: .forbidden, detail: detail, fields: [Self.challenge(#", error="insufficient_scope""#)])
        case .notFound(let noun):
            self.init(kind: .notFound, detail: "There is no such \(noun), or it is not visible to this token.")
        case .badRequest(let detail): self.init(kind: .badRequest, detail: detail)
        case .invalid(let flaws):
            self.init(kind: .invalid, detail: Self.sentence(for: flaws), flaws: flaws)
        case .conflict(let detail, let related):
            self.init(kind: .conflict, detail: detail, related: related)
        case .limited(let wait):
            self.init(
                kind: .limited, detail: "Too many requests. Try again in \(Self.seconds(wait)) seconds.",
                fields: [
                    Self.retry(wait), HTTPField(name: .rateLimit, value: #""default";r=0;t=\#(Self.seconds(wait))"#),
                ])
        case .unavailable(let detail, let wait):
            self.init(kind: .unavailable, detail: detail, fields: [Self.retry(wait)])
        }
    }

    private static func unauthenticated(credentialSent: Bool) -> Problem {
        guard credentialSent else {
            return Problem(
                kind: .unauthenticated, detail: "Send a token: Authorization: Bearer <token>.", fields: [challenge("")])
        }
        return Problem(
            kind: .unauthenticated, detail: "This token does not work. Ask for another one.",
            fields: [challenge(#", error="invalid_token""#)])
    }

    /// RFC 6750 §3.
    private static func challenge(_ error: String) -> HTTPField {
        HTTPField(name: .wwwAuthenticate, value: #"Bearer realm="latchkey""# + error)
    }

    static func retry(_ wait: Duration) -> HTTPField {
        HTTPField(name: .retryAfter, value: String(seconds(wait)))
    }

    /// Rounded up, as `Retry-After` has it.
    static func seconds(_ wait: Duration) -> Int64 {
        max(1, (wait.milliseconds + 999) / 1000)
    }

    private static func sentence(for flaws: [Flaw]) -> String {
        guard flaws.count == 1, let flaw = flaws.first else { return "\(flaws.count) parts of the request are wrong." }
        return flaw.pointer.isEmpty ? "The body \(flaw.detail)." : "\(flaw.pointer): \(flaw.detail)"
    }
}

extension HTTPField.Name {
    /// draft-ietf-httpapi-ratelimit-headers.
    static let rateLimit = HTTPField.Name.ofOurs("RateLimit")
    static let rateLimitPolicy = HTTPField.Name.ofOurs("RateLimit-Policy")
    static let requestID = HTTPField.Name.ofOurs("X-Request-Id")
    static let idempotencyKey = HTTPField.Name.ofOurs("Idempotency-Key")
    static let forwardedFor = HTTPField.Name.ofOurs("X-Forwarded-For")
    static let pragma = HTTPField.Name.ofOurs("Pragma")
    static let link = HTTPField.Name.ofOurs("Link")
    static let replayed = HTTPField.Name.ofOurs("Idempotency-Replayed")

    /// Our own literals are well-formed names; the alternative only satisfies the type.
    private static func ofOurs(_ name: String) -> HTTPField.Name {
        HTTPField.Name(name) ?? .accept
    }
}
