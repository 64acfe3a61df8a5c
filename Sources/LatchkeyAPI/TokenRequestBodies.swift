/// A token to be made.
public struct NewTokenBody: Codable, Hashable, Sendable {
    public let name: String
    /// A service user; left out or null for a personal token of the caller.
    public let userID: Maybe<Int64>
    /// Left out: the instance's usual length; null: never.
    public let expiresInDays: Maybe<Int>
    public let isSCIMOnly: Bool?
    public let role: Maybe<String>
    /// By name.
    public let teams: Maybe<[String]>
    public let actions: Maybe<[String]>
    public let allowedCIDRs: Maybe<[String]>

    enum CodingKeys: String, CodingKey {
        case name
        case userID = "user_id"
        case expiresInDays = "expires_in_days"
        case isSCIMOnly = "scim_endpoints_only"
        case role, teams, actions
        case allowedCIDRs = "allowed_cidrs"
    }
}

/// What shall become of a token.
public struct TokenEditBody: Codable, Hashable, Sendable {
    /// Left out, it counts as true, unless a new name is given: a rename alone must not shut a token off.
    public let revoke: Bool?
    public let reason: String?
    public let name: String?
    public let force: Bool?
}

/// How a token is to be rotated.
public struct RotationRequestBody: Codable, Hashable, Sendable {
    /// `until_first_use`, `none` or a span such as `PT24H`.
    public let overlap: String?
    /// Left out: the same length of life; null: never.
    public let expiresInDays: Maybe<Int>
    public let name: String?

    enum CodingKeys: String, CodingKey {
        case overlap
        case expiresInDays = "expires_in_days"
        case name
    }
}
