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
    /// Following which tokens stopped working: their numbers, and nothing else of them.
    case readRevocations = "revocations:read"
    case manageIdentityProviders = "identity-providers:manage"
    /// Directory sync, which keeps people and teams in step with a directory.
    case provision = "scim:provision"
    case introspectTokens = "tokens:introspect"
    case askDecisions = "decisions:ask"

    /// The table of roles of the product's documentation, as it concerns this authority: the lowest role that may.
    /// The only place where a role is turned into a right.
    public var lowestRole: Role {
        switch self {
        case .readSelf, .manageOwnTokens, .listTeams, .readResources, .readRevocations, .introspectTokens: .member
        case .editResources: .editor
        case .readUsers, .readTeams, .createResources, .askDecisions: .manager
        case .manageUsers, .manageTokens, .manageTeams, .deleteResources, .readActivity, .manageIdentityProviders,
            .provision:
            .admin
        }
    }
}

extension Permission {
    /// Decides for all teams what they open or who is in them. A token that is limited to some teams has none of these:
    /// it could add to what its own teams open, or reach the others'.
    public var rulesOverTeams: Bool {
        switch self {
        case .manageTeams, .manageIdentityProviders, .provision: true
        case .readSelf, .manageOwnTokens, .readUsers, .manageUsers, .manageTokens, .listTeams, .readTeams,
            .readResources, .createResources, .editResources, .deleteResources, .readActivity, .readRevocations,
            .introspectTokens, .askDecisions:
            false
        }
    }

    /// What it is, in words.
    public var summary: String {
        switch self {
        case .readSelf: "See whose token this is"
        case .manageOwnTokens: "Issue, list, rotate, revoke, restore and delete one's own tokens"
        case .readUsers: "See all users"
        case .manageUsers: "Create and change service users, roles and teams of users"
        case .manageTokens: "Manage the tokens of service users"
        case .listTeams: "List teams by name"
        case .readTeams: "See teams with their members and resources"
        case .manageTeams: "Create, change and delete teams"
        case .readResources: "See resources that one's teams open"
        case .createResources: "Create resources"
        case .editResources: "Change resources that one's teams open"
        case .deleteResources: "Delete resources"
        case .readActivity: "Read the audit log"
        case .readRevocations: "Follow which tokens stop working"
        case .manageIdentityProviders: "Set up identity providers for single sign-on"
        case .provision: "Keep people and teams in step with a directory, through SCIM"
        case .introspectTokens: "Ask whose a token is that one was shown"
        case .askDecisions: "Ask what any user or token may do"
        }
    }
}
