import LatchkeyApp
import LatchkeyCore

/// Settings → Security → Users: the list. The model for other lists.
struct UserListPage: Sendable {
    let app: App

    static let path = "/settings/security/users"

    var endpoints: [PageEndpoint] {
        [.get(Self.path, .needs(.readUsers), show)]
    }

    @Sendable
    private func show(_ visit: Visit) async throws -> PageReply {
        let filter = UserQuery.filter(visit.query)
        let users = try await app.listUsers(filter, visit.query.page, as: visit.caller)
        if let last = visit.beyondLast(users) { return last }
        let mayManage = visit.caller.isAllowed(.manageUsers)
        let view = UserListView(
            list: ListFrame(
                visit, users, searching: "Search users by name or address",
                filters: FilterFields(
                    choices: [Self.role(visit)], texts: [Self.team(visit)], boxes: Self.boxes(visit))),
            columns: Self.columns(visit, filter.sorting),
            users: users.items.map { UserRow($0, app: app, visit: visit, mayManage: mayManage) },
            isEmpty: users.items.isEmpty, isNarrowed: filter != UserFilter(sorting: filter.sorting),
            mayManage: mayManage, invited: mayManage ? try await invited(visit) : nil)
        return .page("Users", "user/list", view)
    }

    /// How many are still to come.
    private func invited(_ visit: Visit) async throws(Refusal) -> String? {
        let open = try await app.listInvitations(PageRequest(size: 1), as: visit.caller).total
        return open == 0 ? nil : open == 1 ? "1 person is invited" : "\(open.grouped) people are invited"
    }

    private static func role(_ visit: Visit) -> ChoiceField {
        visit.queryForm.choice(
            "role", "Role", [Option("", "Any role")] + Role.allCases.reversed().map { Option($0.rawValue) },
            chosen: "")
    }

    private static func team(_ visit: Visit) -> TextField {
        visit.queryForm.text("team", "Team").optional.such(as: "Data Engineering")
            .suggested(by: TeamChoicePages.names)
    }

    private static func boxes(_ visit: Visit) -> [BoxField] {
        let form = visit.queryForm
        return [
            form.box("service", "Only service users"), form.box("ownerless", "Only without owner"),
            form.box("orphaned", "Only with an owner who is deactivated"),
            form.box("purposeless", "Only without purpose"), form.box("deactivated", "Show deactivated users"),
        ]
    }

    private static func columns(_ visit: Visit, _ sorting: Sorting<UserFilter.Column>) -> UserColumns {
        func link(_ label: String, _ column: UserFilter.Column) -> SortLink {
            SortLink(label, column.rawValue, visit, now: (sorting.column.rawValue, sorting.descending))
        }
        return UserColumns(
            name: link("Name", .name), type: link("Type", .type), role: link("Role", .role),
            teams: link("Teams", .teams), created: link("Created", .created))
    }
}

private struct UserListView: View {
    let list: ListFrame
    let columns: UserColumns
    let users: [UserRow]
    let isEmpty: Bool
    let isNarrowed: Bool
    let mayManage: Bool
    let invited: String?
}

private struct UserColumns: View {
    let name: SortLink
    let type: SortLink
    let role: SortLink
    let teams: SortLink
    let created: SortLink
}
