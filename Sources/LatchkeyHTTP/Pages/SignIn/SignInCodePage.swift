import LatchkeyApp
import LatchkeyCore

/// The second step of signing in: a code of the authenticator, or one that was written down.
struct SignInCodePage: Sendable {
    let app: App
    static let path = "/sign-in/second-factor"

    var endpoints: [PageEndpoint] {
        [.get(Self.path, .open, show), .post(Self.path, .open, confirm)]
    }

    /// Without a password that was right there is nothing to confirm.
    @Sendable
    private func show(_ visit: Visit) async throws -> PageReply {
        guard visit.cookies[.pending] != nil else { return .redirect(to: "/sign-in") }
        return page(visit.query, Form())
    }

    private func page(_ fields: FormFields, _ form: Form) -> PageReply {
        let view = SignInCodeView(
            notice: form.notice(besides: ["code"], marked: nil),
            code: form.text("code", "Code", hint: "Six digits, or one of your recovery codes.")
                .typed("text", autocomplete: "one-time-code").emptied,
            returnTo: LocalPath.back(in: fields).text)
        return .page("Second factor", "sign-in/code", view, status: form.status, isBare: true)
    }

    @Sendable
    private func confirm(_ visit: Visit) async throws -> PageReply {
        guard let pending = visit.cookies[.pending] else { return .redirect(to: "/sign-in") }
        return try await visit.answer {
            let started = try await app.confirmSecondFactor(
                String(pending), code: visit.form.text("code"), from: visit.origin)
            return await visit.enter(started, to: .back(in: visit.form), in: app).with(.deleting(.pending))
        } orAgain: { form in
            page(visit.form, form)
        }
    }
}

private struct SignInCodeView: View {
    let notice: String?
    let code: TextField
    let returnTo: String
}
