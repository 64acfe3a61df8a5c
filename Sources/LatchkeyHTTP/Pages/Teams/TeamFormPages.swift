import HTTPTypes
import LatchkeyApp
import LatchkeyCore

/// Adding, editing and deleting a team: dialogs.
struct TeamFormPages: Sendable {
    let app: App

    var endpoints: [PageEndpoint] {
        let access = PageEndpoint.Access.needs(.manageTeams)
        return [
            .get("\(TeamListPage.path)/new", access) { visit in showNew(visit, visit.freshForm) },
            .post("\(TeamListPage.path)/new", access, create).refilled,
            .get("\(TeamListPage.path)/{id}/edit", access) { visit in try await showEdit(visit, visit.freshForm) },
            .post("\(TeamListPage.path)/{id}/edit", access, edit).refilled,
            .get("\(TeamListPage.path)/{id}/delete", access) { visit in try await askDelete(visit, Form()) },
            .post("\(TeamListPage.path)/{id}/delete", access, delete),
        ]
    }

    private func showNew(_ visit: Visit, _ form: Form) -> PageReply {
        let view = TeamFormView(
            headline: "Add team", button: "Add", notice: form.notice(besides: TeamFields.names), isStale: false,
            path: visit.path, back: TeamListPage.path, version: "", fields: TeamFields(form, nil))
        return .page("Add team", "team/form", view, status: form.status)
    }

    @Sendable
    private func create(_ visit: Visit) async throws -> PageReply {
        try await visit.answer {
            let made = try await app.createTeam(visit.form.teamEdit(), as: visit.caller)
            return .redirect(to: made.team.path, saying: .said(.teamCreated))
        } orAgain: { form in
            showNew(visit, form)
        }
    }

    private func showEdit(_ visit: Visit, _ form: Form) async throws -> PageReply {
        let team = try await app.findTeam(visit.id("team"), as: visit.caller).team
        let view = TeamFormView(
            headline: "Edit \(team.name)", button: "Save", notice: form.notice(besides: TeamFields.names),
            isStale: form.status == .conflict, path: visit.path, back: team.path,
            version: form.typed?.text("version") ?? "\(team.version)", fields: TeamFields(form, team))
        return .page("Edit \(team.name)", "team/form", view, status: form.status)
    }

    @Sendable
    private func edit(_ visit: Visit) async throws -> PageReply {
        try await visit.answer {
            guard let version = Int64(visit.form.text("version")) else {
                throw Refusal.badRequest("Open this form again.")
            }
            var edit = try visit.form.teamEdit()
            edit.version = version
            let team = try await app.updateTeam(visit.id("team"), edit, as: visit.caller).team
            return .redirect(
                to: team.path, saying: .said(team.version == version ? .userUnchanged : .teamUpdated))
        } orAgain: { form in
            try await showEdit(visit, form)
        }
    }

    private func askDelete(_ visit: Visit, _ form: Form) async throws -> PageReply {
        let summary = try await app.findTeam(visit.id("team"), as: visit.caller)
        let members = summary.users.count == 1 ? "1 member loses" : "\(summary.users.count.grouped) members lose"
        let resources = summary.resources.count == 1 ? "1 resource" : "\(summary.resources.count.grouped) resources"
        return Confirmation(
            "Delete \(summary.team.name)?",
            [
                "\(members) what it opens: \(resources) at the level \(summary.team.permission.rawValue).",
                "This cannot be undone.",
            ],
            button: "Delete", visit: visit, form: form, back: summary.team.path
        ).page(form)
    }

    @Sendable
    private func delete(_ visit: Visit) async throws -> PageReply {
        try await visit.answer {
            try await app.deleteTeam(visit.id("team"), as: visit.caller)
            return .redirect(to: TeamListPage.path, saying: .said(.teamDeleted))
        } orAgain: { form in
            try await askDelete(visit, form)
        }
    }
}

private struct TeamFormView: View {
    let headline: String
    let button: String
    let notice: String?
    let isStale: Bool
    let path: String
    let back: String
    let version: String
    let fields: TeamFields
}

/// The fields by which a team is made or edited. The name of `Public` is told rather than asked.
struct TeamFields: View {
    let name: TextField
    let description: TextField
    let permission: ChoiceField

    static let names = ["name", "description", "permission"]

    init(_ form: Form, _ team: Team?) {
        name =
            team?.isPublic == true
            ? form.fixed("name", "Name", Team.publicName)
            : form.text("name", "Name", team?.name ?? "").such(as: "Data Engineering")
        description = form.text("description", "Description", team?.description ?? "").optional
        permission = form.choice(
            "permission", "Permission", TeamPermission.allCases.map(Self.option),
            chosen: (team?.permission ?? .reporter).rawValue)
    }

    /// Each level with what it adds to those below.
    private static func option(_ permission: TeamPermission) -> Option {
        let added = TeamGrant.all.filter { $0.lowest == permission }.map(\.action).joined(separator: "; ")
        return Option(permission.rawValue, detail: permission == .reporter ? added + "." : "Also: \(added).")
    }
}

extension FormFields {
    func teamEdit() throws(Refusal) -> TeamEdit {
        guard let permission: TeamPermission = choice("permission") else {
            throw .invalid("/permission", "must be one of the levels")
        }
        return TeamEdit(name: text("name"), description: text("description"), permission: permission)
    }
}
