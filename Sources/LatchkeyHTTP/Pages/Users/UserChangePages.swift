import HTTPTypes
import LatchkeyApp
import LatchkeyCore

/// What can be done with a user: edit, deactivate, restore, revoke all tokens, generate one. Each is a page that asks
/// first, opened as a dialog from the list.
struct UserChangePages: Sendable {
    let app: App

    private static let path = "/settings/security/users/{id}"

    var endpoints: [PageEndpoint] {
        [
            .get("\(Self.path)/edit", .needs(.manageUsers)) { visit in try await showEdit(visit, visit.freshForm) },
            .post("\(Self.path)/edit", .needs(.manageUsers), edit).refilled,
            .get("\(Self.path)/deactivate", .needs(.manageUsers)) { visit in try await askDeactivate(visit, Form()) },
            .post("\(Self.path)/deactivate", .needs(.manageUsers), deactivate),
            .get("\(Self.path)/restore", .needs(.manageUsers)) { visit in try await askRestore(visit, Form()) },
            .post("\(Self.path)/restore", .needs(.manageUsers), restore),
        ]
    }

    static func page(_ id: ID<User>) -> String { "/settings/security/users/\(id)" }
}

// Edit.
extension UserChangePages {
    private func showEdit(_ visit: Visit, _ form: Form) async throws -> PageReply {
        let summary = try await app.findUser(visit.id("user"), as: visit.caller)
        let teams = try await TeamPicker.make(form, chosen: summary.teams, visit, app)
        let view = UserEditView(
            notice: form.notice(besides: UserFields.names), isStale: form.status == .conflict, path: visit.path,
            back: Self.page(summary.user.id),
            name: summary.user.name, isService: summary.user.type == .service,
            version: form.typed?.text("version") ?? "\(summary.user.version)",
            fields: UserFields(form, summary, teams: teams, ownerNow: summary.owner?.handle ?? ""))
        return .page("Edit \(summary.user.name)", "user/edit", view, status: form.status)
    }

    @Sendable
    private func edit(_ visit: Visit) async throws -> PageReply {
        if visit.form.text("step") == "find" { return try await showEdit(visit, Form(keeping: visit.form)) }
        return try await visit.answer {
            let id: ID<User> = try visit.id("user")
            let before = try await app.findUser(id, as: visit.caller).user
            let edit = try await edit(visit, of: before)
            let after = try await app.updateUser(id, edit, as: visit.caller).user
            return .redirect(
                to: Self.page(id), saying: .said(after.version == before.version ? .userUnchanged : .userUpdated))
        } orAgain: { form in
            try await showEdit(visit, form)
        }
    }

    /// Name, purpose and owner are a service user's alone.
    private func edit(_ visit: Visit, of user: User) async throws(Refusal) -> UserEditRequest {
        guard let version = Int64(visit.form.text("version")) else { throw .badRequest("Open this form again.") }
        guard let role: Role = visit.form.choice("role") else { throw .invalid("/role", "must be one of the roles") }
        var edit = UserEditRequest(role: role, teams: visit.form.all("teams"), version: version)
        guard user.type == .service else { return edit }
        edit.name = visit.form.text("name")
        edit.purpose = .some(visit.form.given("purpose"))
        edit.owner = .some(try await app.owner(typed: visit.form.given("owner_id"), as: visit.caller))
        return edit
    }
}

// Deactivate and restore.
extension UserChangePages {
    private static let word = "deactivate"

    private func askDeactivate(_ visit: Visit, _ form: Form) async throws -> PageReply {
        let summary = try await app.findUser(visit.id("user"), as: visit.caller)
        let user = summary.user
        var sentences = ["It can be restored later. Its history stays."]
        if user.type == .human { sentences = ["They are signed out everywhere. Their history stays."] }
        switch summary.activeTokens {
        case 0: break
        case 1: sentences.insert("Its active token stops working at once and stays revoked.", at: 0)
        default:
            sentences.insert(
                "All \(summary.activeTokens) active tokens stop working at once and stay revoked.", at: 0)
        }
        return Confirmation(
            "Deactivate \(user.name)?", sentences, button: "Deactivate", visit: visit, form: form,
            back: Self.page(user.id)
        ).typing(Self.word, form).page(form)
    }

    @Sendable
    private func deactivate(_ visit: Visit) async throws -> PageReply {
        try await visit.answer {
            try visit.form.requireTyped(Self.word)
            let id: ID<User> = try visit.id("user")
            try await app.deactivateUser(id, revokingTokens: true, as: visit.caller)
            return .redirect(to: Self.page(id), saying: .said(.userDeactivated))
        } orAgain: { form in
            try await askDeactivate(visit, form)
        }
    }

    private func askRestore(_ visit: Visit, _ form: Form) async throws -> PageReply {
        let user = try await app.findUser(visit.id("user"), as: visit.caller).user
        let sentence = "The account works again, with its role and teams. Tokens that were revoked stay revoked."
        return Confirmation(
            "Restore \(user.name)?", [sentence], button: "Restore", isGrave: false, visit: visit, form: form,
            back: Self.page(user.id)
        ).page(form)
    }

    @Sendable
    private func restore(_ visit: Visit) async throws -> PageReply {
        try await visit.answer {
            let id: ID<User> = try visit.id("user")
            _ = try await app.restoreUser(id, as: visit.caller)
            return .redirect(to: Self.page(id), saying: .said(.userRestored))
        } orAgain: { form in
            try await askRestore(visit, form)
        }
    }
}

private struct UserEditView: View {
    let notice: String?
    /// Whether somebody else may have changed the user meanwhile.
    let isStale: Bool
    let path: String
    let back: String
    let name: String
    let isService: Bool
    let version: String
    let fields: UserFields
}
