/// Who somebody is elsewhere: a subject, in the words of its issuer. The only thing of a provider's that an account is
/// found by; mail addresses change hands.
public struct ExternalIdentity: Hashable, Sendable {
    public let issuer: String
    public let subject: String

    /// OpenID Connect Core §2.
    public static let longestSubject = 255

    public init(issuer: String, subject: String) {
        self.issuer = issuer
        self.subject = subject
    }

    init(issuer: String, claims: Claims) throws(SignOnFault) {
        guard let subject = claims.text("sub"), Self.isSubject(subject) else {
            throw .badClaim("sub", "is missing, or no subject")
        }
        self.init(issuer: issuer, subject: subject)
    }

    /// Visible ASCII, so that two subjects that look alike are alike.
    public static func isSubject(_ text: String) -> Bool {
        (1...longestSubject).contains(text.utf8.count) && text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    }
}

/// An account that an identity opens.
public struct IdentityLink: Hashable, Sendable {
    public let identity: ExternalIdentity
    public let user: ID<User>
    public let linkedAt: Timestamp
    public let linkedBy: ID<User>?

    public init(identity: ExternalIdentity, user: ID<User>, linkedAt: Timestamp, linkedBy: ID<User>?) {
        self.identity = identity
        self.user = user
        self.linkedAt = linkedAt
        self.linkedBy = linkedBy
    }
}
