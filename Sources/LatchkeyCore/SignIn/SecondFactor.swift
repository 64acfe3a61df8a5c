/// The authenticator of a person, as it is kept: its secret sealed, so that a copied database makes no codes.
public struct SecondFactor: Hashable, Sendable {
    public let user: ID<User>
    public let sealedSecret: [UInt8]
    public let createdAt: Timestamp
    /// The step of the last code that was taken: none before it works again.
    public let lastStep: Int64

    public init(user: ID<User>, sealedSecret: [UInt8], createdAt: Timestamp, lastStep: Int64) {
        self.user = user
        self.sealedSecret = sealedSecret
        self.createdAt = createdAt
        self.lastStep = lastStep
    }

    /// What the sealed secret is bound to.
    public static func context(of user: ID<User>) -> [UInt8] {
        Array("second factor \(user)".utf8)
    }
}

/// What an Admin demands of everybody who signs in with a password. A provider asks for its own factors.
public struct SignInPolicy: Hashable, Sendable {
    public var requiresSecondFactor: Bool

    public init(requiresSecondFactor: Bool = false) {
        self.requiresSecondFactor = requiresSecondFactor
    }
}
