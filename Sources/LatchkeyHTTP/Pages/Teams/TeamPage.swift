import LatchkeyApp
import LatchkeyCore

/// One team: its level and what that grants, who is in it, what it opens, its history.
struct TeamPage: Sendable {
    let app: App

    static let shownResources = 100
    static let shownMembers = 25
    private static let shownEvents = 30

    var endpoints: [PageEndpoint] {
        [.get("\(TeamListPage.path)/{id}", .needs(.readTeams)) { visit in try await page(visit, visit.freshForm) }]
    }

    /// - Parameter form: one of the two small forms of the page, refused.
    func page(_ visit: Visit, _ form: Form) async throws -> PageReply {
        let summary = try await app.findTeam(visit.id("team"), as: visit.caller)
        let team = summary.team
        let members = try await app.listUsers(
            UserFilter(team: team.name, sorting: Sorting(.name)),
            PageRequest(number: visit.query.page.number, size: Self.shownMembers), as: visit.caller)
        let resources = try await app.listResources(
            ResourceFilter(grantedTo: [team.id]), PageRequest(size: Self.shownResources), as: visit.caller)
        let history = try await app.teamHistory(team.id, as: visit.caller)
        let mayManage = visit.caller.isAllowed(.manageTeams)
        let more = resources.total - resources.items.count
        let gone = team.isPublic ? 0 : summary.users.count - members.total
        let view = TeamPageView(
            name: team.name, description: team.description, isPublic: team.isPublic, path: team.path,
            permission: team.permission.rawValue, links: mayManage ? team.links : [], mayManage: mayManage,
            mayEditMembers: mayManage && !team.isPublic, version: "\(team.version)", notice: form.notice(besides: []),
            grants: TeamGrant.all.map { GrantRow(action: $0.action, isGranted: team.permission.opens($0)) },
            members: members.items.map { MemberRow($0, of: team) }, memberCount: members.total.grouped,
            goneMembers: gone > 0 ? "and \(gone.grouped) deactivated" : nil,
            pages: Pages(members) { "\(team.path)?page=\($0)" }, isPaged: members.count > 1,
            search: MemberSearch(team),
            resources: resources.items.map { TeamResourceRow($0, of: team) },
            moreResources: more > 0 ? "and \(more.grouped) more" : nil, hasResources: !resources.items.isEmpty,
            newMember: form.text("user_id", "Mail address or user_id").suggested(by: TeamMemberPages.suggestions),
            newKind: form.text("kind", "Kind", Resource.datastore), newResource: form.text("resource", "Name"),
            history: history.suffix(Self.shownEvents).reversed().map { EventRow($0, visit, showsObject: false) })
        return .page(team.name, "team/page", view, status: form.status)
    }
}

private struct TeamPageView: View {
    let name: String
    let description: String
    let isPublic: Bool
    let path: String
    let permission: String
    let links: [MenuLink]
    let mayManage: Bool
    let mayEditMembers: Bool
    let version: String
    let notice: String?
    let grants: [GrantRow]
    let members: [MemberRow]
    let memberCount: String
    /// Those who count in the list of teams and come back when they are restored.
    let goneMembers: String?
    let pages: Pages
    let isPaged: Bool
    let search: MemberSearch
    let resources: [TeamResourceRow]
    let moreResources: String?
    let hasResources: Bool
    let newMember: TextField
    let newKind: TextField
    let newResource: TextField
    let history: [EventRow]
}

private struct GrantRow: View {
    let action: String
    let isGranted: Bool
}

/// For `list/search`. It leads to the list of users, narrowed to the team: that has all that a list of people needs.
private struct MemberSearch: View {
    let path = UserListPage.path
    let search = ""
    let searchLabel = "Search members"
    let kept: [KeptField]

    init(_ team: Team) {
        kept = [KeptField(name: "team", value: team.name)]
    }
}

private struct MemberRow: View {
    let id: String
    let path: String
    let avatar: Avatar
    let name: String
    let address: String
    let role: String
    let removePath: String

    init(_ summary: UserSummary, of team: Team) {
        let user = summary.user
        id = "\(user.id)"
        path = "/settings/security/users/\(user.id)"
        avatar = Avatar(name: user.name, isService: user.type == .service)
        name = user.name
        address = user.type == .service ? user.handle : user.email ?? user.userName
        role = user.role.rawValue
        removePath = "\(team.path)/members/remove"
    }
}

private struct TeamResourceRow: View {
    let id: String
    let name: String
    let kind: String
    let removePath: String

    init(_ resource: Resource, of team: Team) {
        id = "\(resource.id)"
        name = resource.name
        kind = resource.kind
        removePath = "\(team.path)/resources/remove"
    }
}
