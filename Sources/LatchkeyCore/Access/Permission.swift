/// Something that a caller may be allowed to do at this authority itself.
///
/// The raw value is the action's name, as a token's `actions` narrowing spells it.
public enum Permission: String, Hashable, Sendable, CaseIterable {
    case readSelf = "self:read"
    case manageOwnTokens = "tokens:own"
    case readUsers = "users:read"
    case manageUsers = "users:manage"
    case manageTokens = "tokens:manage"
    case listTeams = "teams:list"
    case readTeams = "teams:read"
    case manageTeams = "teams:manage"
    case readResources = "resources:read"
    case createResources = "resources:create"
    case editResources = "resources:edit"
    case deleteResources = "resources:delete"
    case readActivity = "activity:read"
    case manageIdentityProviders = "identity-providers:manage"
    /// Directory sync, which keeps people and teams in step with a directory.
    case provision = "scim:provision"

    /// The table of roles of the product's documentation, as it concerns this authority: the lowest role that may.
    /// The only place where a role is turned into a right.
    public var lowestRole: Role {
        switch self {
        case .readSelf, .manageOwnTokens, .listTeams, .readResources: .member
        case .editResources: .editor
        case .readUsers, .readTeams, .createResources: .manager
        case .manageUsers, .manageTokens, .manageTeams, .deleteResources, .readActivity, .manageIdentityProviders,
            .provision:
            .admin
        }
    }
}
