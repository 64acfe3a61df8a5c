import LatchkeyApp
import LatchkeyCore

/// A user as a row of the list.
struct UserRow: View {
    let path: String
    let avatar: Avatar
    let name: String
    let address: String
    let isActive: Bool
    let isService: Bool
    let role: String
    let teams: [String]
    /// Teams beyond those that fit: `+3`.
    let moreTeams: String?
    let allTeams: String
    let lastActive: Moment?
    let tokens: Int
    let hasTokens: Bool
    let created: Moment
    let menu: RowMenu?

    private static let shownTeams = 1

    init(_ summary: UserSummary, app: App, visit: Visit, mayManage: Bool) {
        let user = summary.user
        path = "/settings/security/users/\(user.id)"
        isService = user.type == .service
        avatar = Avatar(name: user.name, isService: isService)
        name = user.name
        address = isService ? user.handle : user.email ?? user.userName
        isActive = user.isActive
        role = user.role.rawValue
        // Everybody is in Public: it says something only of who is in no other team.
        let telling = summary.teams.filter { $0 != Team.publicName }
        teams = telling.isEmpty ? summary.teams : Array(telling.prefix(Self.shownTeams))
        moreTeams = telling.count > Self.shownTeams ? "+\(telling.count - Self.shownTeams)" : nil
        allTeams = summary.teams.joined(separator: ", ")
        lastActive = Moment([user.lastLogin, summary.lastUsed].compactMap { $0 }.max(), now: visit.now)
        tokens = summary.activeTokens
        hasTokens = tokens > 0
        created = Moment(user.createdAt, now: visit.now)
        menu = mayManage ? Self.menu(user) : nil
    }

    private static func menu(_ user: User) -> RowMenu {
        RowMenu(id: "menu-\(user.id)", label: "Actions for \(user.name)", links: links(user))
    }

    private static func links(_ user: User) -> [MenuLink] {
        let path = "/settings/security/users/\(user.id)"
        guard user.isActive else {
            return [MenuLink(label: "Restore", path: "\(path)/restore", icon: "undo", isDialog: true)]
        }
        let edit = MenuLink(label: "Edit", path: "\(path)/edit", icon: "edit", isDialog: true)
        let end = MenuLink(label: "Deactivate", path: "\(path)/deactivate", icon: "ban", isGrave: true, isDialog: true)
        guard user.type == .service else { return [edit, end] }
        return [
            edit, MenuLink(label: "Generate token", path: "\(path)/tokens/new", icon: "key", isDialog: true),
            MenuLink(
                label: "Revoke all tokens", path: "\(path)/revoke-tokens", icon: "stop", isGrave: true, isDialog: true),
            end,
        ]
    }
}
