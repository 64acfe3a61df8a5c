import LatchkeyApp
import LatchkeyCore

/// Inviting people, and taking an invitation back. An invitation is a link: its text is shown once, as a token is.
struct InvitationPages: Sendable {
    let app: App

    static let new = "/settings/sign-in/invite"
    private static let withdrawal = "/settings/sign-in/invitations/{id}/withdraw"

    static func withdrawal(of id: ID<Invitation>) -> String { "/settings/sign-in/invitations/\(id)/withdraw" }

    var endpoints: [PageEndpoint] {
        [
            .get(Self.new, .needs(.manageUsers)) { visit in try await showForm(visit, visit.freshForm) },
            .post(Self.new, .needs(.manageUsers), invite).refilled,
            .get(Self.withdrawal, .needs(.manageUsers)) { visit in try await askWithdraw(visit, Form()) },
            .post(Self.withdrawal, .needs(.manageUsers), withdraw),
        ]
    }

    private func showForm(_ visit: Visit, _ form: Form) async throws -> PageReply {
        let teams = try await TeamPicker.make(form, chosen: [], visit, app)
        let view = InvitationFormView(
            notice: form.notice(besides: InvitationFields.names), life: Span.text(Invitation.life),
            fields: InvitationFields(form, teams: teams, host: visit.caller), back: SignInSettingsPage.path)
        return .page("Invite person", "sign-in/invite", view, status: form.status)
    }

    @Sendable
    private func invite(_ visit: Visit) async throws -> PageReply {
        if visit.form.text("step") == "find" { return try await showForm(visit, Form(keeping: visit.form)) }
        return try await visit.answer {
            let form = visit.form
            guard let role: Role = form.choice("role") else {
                throw Refusal.invalid("/role", "must be one of the roles")
            }
            let made = try await app.invite(
                NewInvitation(email: form.text("email"), name: form.text("name"), role: role, teams: form.all("teams")),
                as: visit.caller)
            return shown(made, visit)
        } orAgain: { form in
            try await showForm(visit, form)
        }
    }

    private func shown(_ made: MadeInvitation, _ visit: Visit) -> PageReply {
        let invitation = made.invitation
        return LinkShown.page(
            "The invitation of \(invitation.name)",
            [
                "Whoever opens this link chooses a password and is \(invitation.email) here, with the role "
                    + "\(invitation.role.rawValue).",
                "Send it so that only \(invitation.name) reads it.",
            ],
            link: "\(app.settings.publicURL)/invitation?code=\(made.secret.reveal())", ends: invitation.expiresAt,
            next: SignInSettingsPage.path, now: visit.now)
    }

    private func askWithdraw(_ visit: Visit, _ form: Form) async throws -> PageReply {
        let invitation = try await app.findInvitation(visit.id("invitation"), as: visit.caller).invitation
        return Confirmation(
            "Withdraw the invitation of \(invitation.name)?",
            ["Its link stops working at once. You can invite \(invitation.email) again."], button: "Withdraw",
            visit: visit, form: form, back: SignInSettingsPage.path
        ).page(form)
    }

    @Sendable
    private func withdraw(_ visit: Visit) async throws -> PageReply {
        try await app.withdrawInvitation(visit.id("invitation"), as: visit.caller)
        return .redirect(to: SignInSettingsPage.path, saying: .said(.invitationWithdrawn))
    }
}

private struct InvitationFormView: View {
    let notice: String?
    /// For how long a link works.
    let life: String
    let fields: InvitationFields
    let back: String
}

/// The fields by which a person is invited.
struct InvitationFields: View {
    let email: TextField
    let name: TextField
    let role: ChoiceField
    let teams: TeamPicker

    static let names = ["email", "name", "role", "teams"]

    init(_ form: Form, teams: TeamPicker, host: Caller) {
        email = form.text("email", "Mail address", hint: "They sign in with it. No mail is sent.")
            .typed("email", autocomplete: "off").such(as: "grace@example.com")
        name = form.text("name", "Name", hint: "They can change it when they accept.").such(as: "Grace Hopper")
        role = form.choice(
            "role", "Role", UserFields.roles.filter { host.canGive($0.value) }, chosen: Role.member.rawValue)
        self.teams = teams
    }
}

extension Caller {
    /// Nobody invites above their own role.
    fileprivate func canGive(_ role: String) -> Bool {
        guard let own = self.role, let asked = Role(rawValue: role) else { return false }
        return asked <= own
    }
}
