import LatchkeyApp
import LatchkeyCore

/// Changing one's own password.
struct PasswordPage: Sendable {
    let app: App

    var endpoints: [PageEndpoint] {
        [.get("/account/password", .signedIn, show), .post("/account/password", .signedIn, change)]
    }

    @Sendable
    private func show(_ visit: Visit) async throws -> PageReply { page(Form(), visit) }

    private func page(_ form: Form, _ visit: Visit) -> PageReply {
        let view = PasswordView(
            notice: form.notice(besides: ["current", "password"]),
            current: form.text("current", "Current password").typed("password", autocomplete: "current-password")
                .emptied,
            password: form.newPassword("New password"),
            account: visit.person?.account.email ?? "")
        return .page("Change password", "account/password", view, status: form.status)
    }

    @Sendable
    private func change(_ visit: Visit) async throws -> PageReply {
        try await visit.answer {
            let started = try await app.changePassword(
                from: Password(visit.form.text("current")), to: Password(visit.form.text("password")), as: visit.caller)
            return .redirect(to: AccountPage.path, saying: .said(.passwordChanged)).with(.session(started.secret))
        } orAgain: { form in
            page(form, visit)
        }
    }
}

private struct PasswordView: View {
    let notice: String?
    let current: TextField
    let password: TextField
    let account: String
}
