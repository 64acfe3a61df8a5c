import LatchkeyApp
import LatchkeyCore

/// Settings → Security → Users: the list. The model for other lists.
struct UserListPage: Sendable {
    let app: App

    var endpoints: [PageEndpoint] {
        [.get("/settings/security/users", .needs(.readUsers), show)]
    }

    @Sendable
    private func show(_ visit: Visit) async throws -> PageReply {
        let filter = filter(visit.query)
        let users = try await app.listUsers(filter, visit.query.page, as: visit.caller)
        if let last = visit.beyondLast(users) { return last }
        let teams = try await app.listTeamStubs(users: [], permission: nil, as: visit.caller)
        let mayManage = visit.caller.isAllowed(.manageUsers)
        let view = UserListView(
            list: ListFrame(
                visit, users, searching: "Search users by name", filters: Self.choices(visit, teams.map(\.name)),
                boxes: Self.boxes(visit)),
            columns: Self.columns(visit, filter.sorting),
            users: users.items.map { UserRow($0, app: app, visit: visit, mayManage: mayManage) },
            isEmpty: users.items.isEmpty, isNarrowed: filter != UserFilter(sorting: filter.sorting),
            mayManage: mayManage)
        return .page("Users", "user/list", view)
    }

    private func filter(_ query: FormFields) -> UserFilter {
        var filter = UserFilter(
            type: query.isTicked("service") ? .service : nil, name: query.given("name"), role: query.choice("role"),
            team: query.given("team"), includeDeleted: query.isTicked("deactivated"),
            sorting: query.sorting(usual: Sorting(.name)))
        filter.lacksOwner = query.isTicked("ownerless")
        filter.lacksPurpose = query.isTicked("purposeless")
        return filter
    }

    private static func choices(_ visit: Visit, _ teams: [String]) -> [ChoiceField] {
        let form = Form(query: visit.query)
        return [
            form.choice(
                "role", "Role", [Option("", "Any role")] + Role.allCases.reversed().map { Option($0.rawValue) },
                chosen: ""),
            form.choice("team", "Team", [Option("", "Any team")] + teams.map { Option($0) }, chosen: ""),
        ]
    }

    private static func boxes(_ visit: Visit) -> [BoxField] {
        let form = Form(query: visit.query)
        return [
            form.box("service", "Only service users"), form.box("ownerless", "Only without owner"),
            form.box("purposeless", "Only without purpose"), form.box("deactivated", "Show deactivated users"),
        ]
    }

    private static func columns(_ visit: Visit, _ sorting: Sorting<UserFilter.Column>) -> UserColumns {
        func link(_ label: String, _ column: UserFilter.Column) -> SortLink {
            SortLink(label, column.rawValue, visit, now: (sorting.column.rawValue, sorting.descending))
        }
        return UserColumns(
            name: link("Name", .name), type: link("Type", .type), role: link("Role", .role),
            created: link("Created", .created))
    }
}

private struct UserListView: View {
    let list: ListFrame
    let columns: UserColumns
    let users: [UserRow]
    let isEmpty: Bool
    let isNarrowed: Bool
    let mayManage: Bool
}

private struct UserColumns: View {
    let name: SortLink
    let type: SortLink
    let role: SortLink
    let created: SortLink
}
