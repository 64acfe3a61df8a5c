/// Why a request was not granted. The one vocabulary of refusal of the whole house: rules throw it,
/// doors render it, each in its protocol's words.
///
/// Texts in it are public: a sentence that says what to do, never a secret, a stack or SQL.
public enum Refusal: Error, Hashable, Sendable {
    /// No credential, or none that works. Why it does not work is never told to its bearer.
    case unauthenticated(credentialSent: Bool)
    /// A valid credential that may not do this.
    case forbidden(String)
    /// Not there, or not visible to this caller; the noun that was sought.
    case notFound(String)
    /// Cannot be read at all (RFC 9110 §15.5.1), or asks what this state does not allow and no better case says.
    case badRequest(String)
    /// Well-formed, but these parts of it are wrong.
    case invalid([Flaw])
    /// In conflict with what is there now. `related` names the thing in the way, where there is one.
    case conflict(String, related: Int64? = nil)
    case limited(retryAfter: Duration)
    /// Cannot be done now: a write that cannot be made durable, a store that does not answer.
    case unavailable(String, retryAfter: Duration)

    public static func invalid(_ pointer: String, _ detail: String) -> Refusal {
        .invalid([Flaw(pointer: pointer, detail: detail)])
    }
}

/// One wrong part of a request.
public struct Flaw: Hashable, Sendable {
    /// A JSON pointer into the body (RFC 6901), or the bare name of a query parameter.
    public let pointer: String
    public let detail: String
    public let kind: Kind

    /// What about it is wrong, for the protocols that have words of their own for it.
    public enum Kind: Hashable, Sendable {
        /// Its value or form.
        case value
        /// It names a part of something that is not there.
        case noTarget
        /// It cannot be changed, or not in this way.
        case mutability
        /// Somebody or something else has it already.
        case uniqueness
        /// What the caller had seen has changed since.
        case stale
    }

    public init(pointer: String, detail: String, kind: Kind = .value) {
        self.pointer = pointer
        self.detail = detail
        self.kind = kind
    }
}
