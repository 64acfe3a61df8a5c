import LatchkeyApp
import LatchkeyCore

/// Settings → Security → Teams: the list.
struct TeamListPage: Sendable {
    let app: App

    static let path = "/settings/security/teams"

    var endpoints: [PageEndpoint] {
        [.get(Self.path, .needs(.readTeams), show)]
    }

    @Sendable
    private func show(_ visit: Visit) async throws -> PageReply {
        let filter = TeamFilter(name: visit.query.given("name"), sorting: visit.query.sorting(usual: Sorting(.name)))
        let teams = try await app.listTeams(filter, visit.query.page, as: visit.caller)
        if let last = visit.beyondLast(teams) { return last }
        let mayManage = visit.caller.isAllowed(.manageTeams)
        func link(_ label: String, _ column: TeamFilter.Column) -> SortLink {
            SortLink(label, column.rawValue, visit, now: (filter.sorting.column.rawValue, filter.sorting.descending))
        }
        let view = TeamListView(
            list: ListFrame(visit, teams, searching: "Search teams by name"),
            columns: TeamColumns(name: link("Name", .name), created: link("Created", .created)),
            teams: teams.items.map { TeamRow($0, visit, mayManage: mayManage) }, isEmpty: teams.items.isEmpty,
            mayManage: mayManage)
        return .page("Teams", "team/list", view)
    }
}

private struct TeamListView: View {
    let list: ListFrame
    let columns: TeamColumns
    let teams: [TeamRow]
    let isEmpty: Bool
    let mayManage: Bool
}

private struct TeamColumns: View {
    let name: SortLink
    let created: SortLink
}

/// A team as a row of the list.
private struct TeamRow: View {
    let path: String
    let name: String
    let description: String
    let permission: String
    let isPublic: Bool
    let members: String
    let resources: String
    let created: Moment
    let menu: RowMenu?

    init(_ summary: TeamSummary, _ visit: Visit, mayManage: Bool) {
        let team = summary.team
        path = team.path
        name = team.name
        description = team.description
        permission = team.permission.rawValue
        isPublic = team.isPublic
        members = team.isPublic ? "Everybody" : summary.users.count.grouped
        resources = summary.resources.count.grouped
        created = Moment(team.createdAt, now: visit.now)
        menu = mayManage ? RowMenu(id: "menu-\(team.id)", label: "Actions for \(team.name)", links: team.links) : nil
    }
}

extension Team {
    var path: String { "\(TeamListPage.path)/\(id)" }

    /// `Public` cannot be deleted.
    var links: [MenuLink] {
        let edit = MenuLink(label: "Edit", path: "\(path)/edit", icon: "edit", isDialog: true)
        guard !isPublic else { return [edit] }
        return [edit, MenuLink(label: "Delete", path: "\(path)/delete", icon: "trash", isGrave: true, isDialog: true)]
    }
}
