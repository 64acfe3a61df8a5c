public import LatchkeyCore

/// The settings of the instance that use cases obey.
public struct InstanceSettings: Hashable, Sendable {
    /// The address under which the world reaches this instance; the `iss` of its tokens.
    public var publicURL: String
    /// What service users show as their mail address.
    public var serviceEmail: String
    public var tokens: TokenPolicy
    /// What guessing a password costs.
    public var passwordCost: PasswordHash.Cost
    /// Whether servers that are not on the public internet may be asked, and over plain HTTP.
    public var allowsPrivateFetch: Bool
    /// Whether a directory's `roles` set the roles of its people.
    public var directoryGovernsRoles: Bool
    public var limits = LimitSettings()

    public init(
        publicURL: String, serviceEmail: String = "service@example.com", tokens: TokenPolicy = TokenPolicy(),
        passwordCost: PasswordHash.Cost = .usual, allowsPrivateFetch: Bool = false, directoryGovernsRoles: Bool = false
    ) {
        self.publicURL = publicURL
        self.serviceEmail = serviceEmail
        self.tokens = tokens
        self.passwordCost = passwordCost
        self.allowsPrivateFetch = allowsPrivateFetch
        self.directoryGovernsRoles = directoryGovernsRoles
    }
}
