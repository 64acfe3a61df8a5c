import LatchkeyCore

/// What an account or a token may do and what says so, for the partial `rights`.
struct RightsView: View {
    let summary: String
    let isShut: Bool
    let rights: [RightRow]
    /// A sentence in place of the list of resources.
    let resourceWords: String?
    let resources: [ResourceRow]
    let hasResources: Bool
    let more: String?
    let addresses: String?

    struct RightRow: View {
        let action: String
        let isGranted: Bool
        let why: String
    }

    struct ResourceRow: View {
        let name: String
        let kind: String
        let level: String
        let teams: String
    }

    init(_ rights: EffectiveRights) {
        summary = RightsWords.summary(of: rights)
        isShut = rights.obstacle != nil
        self.rights = rights.rights.map { right in
            RightRow(
                action: RightsWords.action(right.permission), isGranted: right.isGranted,
                why: RightsWords.why(right.ground))
        }
        addresses = rights.addresses.map { blocks in
            blocks.isEmpty ? "no address at all" : blocks.map(\.description).joined(separator: ", ")
        }
        switch rights.resources {
        case .everything:
            resourceWords = "Every resource, because Admins are not subject to team permissions."
            (resources, more) = ([], nil)
        case .some(let found, let total):
            resources = found.map(ResourceRow.init)
            more = total > found.count ? "and \((total - found.count).grouped) more" : nil
            resourceWords = found.isEmpty ? "No team opens a resource to it." : nil
        }
        hasResources = !resources.isEmpty
    }
}

extension RightsView.ResourceRow {
    fileprivate init(_ right: ResourceRight) {
        name = right.resource.name
        kind = right.resource.kind
        level = right.level.rawValue
        teams = right.teams.map { "\($0.name) (\($0.permission.rawValue))" }.joined(separator: ", ")
    }
}

/// Rights in words.
enum RightsWords {
    static func summary(of rights: EffectiveRights) -> String {
        if let obstacle = rights.obstacle { return words(obstacle) }
        let teams = rights.teams.map(\.name).joined(separator: ", ")
        let role =
            rights.role == rights.accountRole
            ? "Acts as \(rights.role.rawValue)."
            : "Acts as \(rights.role.rawValue), which the token is limited to; the account is "
                + "\(rights.accountRole.rawValue)."
        return teams.isEmpty ? "\(role) No team counts." : "\(role) Teams: \(teams)."
    }

    static func words(_ obstacle: EffectiveRights.Obstacle) -> String {
        switch obstacle {
        case .userDeactivated: "Nothing: the user is deactivated."
        case .tokenRevoked: "Nothing: the token is revoked."
        case .tokenExpired: "Nothing: the token has expired."
        case .tokenDeleted: "Nothing: the token is deleted."
        case .scimOnly: "The SCIM endpoints and nothing else: it is a SCIM administration token."
        }
    }

    static func why(_ ground: EffectiveRights.Ground) -> String {
        switch ground {
        case .role(let role): "the role \(role.rawValue) includes it"
        case .accountBelow(let role): "needs the role \(role.rawValue)"
        case .tokenBelow(let role): "needs the role \(role.rawValue), and the token is limited to a lower one"
        case .tokenActions: "not among the actions that the token is limited to"
        case .tokenTeams: "reaches all teams, and the token is limited to some"
        case .obstacle(.scimOnly): "a SCIM token opens nothing else"
        case .obstacle: "nothing works now"
        }
    }

    /// The permissions of this authority as a reader knows them.
    static func action(_ permission: Permission) -> String {
        actions[permission.rawValue] ?? permission.summary
    }

    private static let actions = [
        "self:read": "See itself", "tokens:own": "Manage its own tokens", "users:read": "See all users",
        "users:manage": "Manage users and service users", "tokens:manage": "Manage all service tokens",
        "teams:list": "List teams by name", "teams:read": "See all teams", "teams:manage": "Manage teams",
        "resources:read": "List resources", "resources:create": "Create resources",
        "resources:edit": "Change resources over which a team gives it Editor",
        "resources:delete": "Delete resources", "activity:read": "Read the audit log",
        "identity-providers:manage": "Manage how people sign in",
        "scim:provision": "Keep people and teams in step over SCIM",
        "revocations:read": "Follow which tokens stop working",
    ]
}
