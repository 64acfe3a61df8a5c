import LatchkeyApp
import LatchkeyCore

/// Signing in with mail address and password, and signing out.
struct SignInPages: Sendable {
    let app: App

    var endpoints: [PageEndpoint] {
        [
            .get("/sign-in", .open, show),
            .post("/sign-in", .open, signIn),
            .post("/sign-out", .signedIn, signOut).beforeSecondFactor,
            .post("/theme", .open, chooseTheme),
        ]
    }

    @Sendable
    private func show(_ visit: Visit) async throws -> PageReply {
        if visit.person != nil { return .redirect(to: back(visit.query).text) }
        return try await page(visit.query, Form())
    }

    private func page(_ fields: FormFields, _ form: Form) async throws -> PageReply {
        let back = back(fields)
        let view = SignInView(
            notice: form.notice(besides: ["email", "password"], marked: nil), late: Self.words(fields.choice("late")),
            email: form.text("email", "Mail address").typed("email", autocomplete: "username"),
            password: form.text("password", "Password").typed("password", autocomplete: "current-password").emptied,
            returnTo: back.text,
            providers: try await app.providerButtons().map { ProviderLink($0, returnTo: back) })
        return .page("Sign in", "sign-in/password", view, status: form.status, isBare: true)
    }

    private static func words(_ late: PageGate.Late?) -> String? {
        switch late {
        case nil: nil
        case .kept:
            "Your session had ended, so nothing was changed. What you typed is kept: sign in, look it over and send it "
                + "again."
        case .lost:
            "Your session had ended, so nothing was changed. Sign in and do it once more. What you typed is still in "
                + "this browser: its Back button shows it."
        }
    }

    @Sendable
    private func signIn(_ visit: Visit) async throws -> PageReply {
        try await visit.answer {
            let outcome = try await app.signIn(
                email: visit.form.text("email").trimmed, password: Password(visit.form.text("password")),
                from: visit.origin)
            return await visit.goOn(after: outcome, to: back(visit.form), in: app)
        } orAgain: { form in
            try await page(visit.form, form)
        }
    }

    @Sendable
    private func signOut(_ visit: Visit) async throws -> PageReply {
        try await app.signOut(as: visit.caller)
        return .redirect(to: "/sign-in", saying: .said(.signedOut)).with(.deleting(.session))
    }

    private func back(_ fields: FormFields) -> LocalPath { .back(in: fields) }

    /// Kept in the browser alone: it concerns the screen in front of the reader.
    @Sendable
    private func chooseTheme(_ visit: Visit) async throws -> PageReply {
        let theme = Theme(word: visit.form.text("theme")[...])
        let cookie = theme.isSystem ? PageCookie.deleting(.theme) : PageCookie(.theme, theme.name, maxAge: .days(365))
        return .redirect(to: (LocalPath(visit.form.text("back")) ?? .home).text).with(cookie)
    }
}

private struct SignInView: View {
    let notice: String?
    /// What became of a form that came after its session's end.
    let late: String?
    let email: TextField
    let password: TextField
    let returnTo: String
    let providers: [ProviderLink]
}
