import LatchkeyApp
import LatchkeyCore

/// Setting up one's second factor, renewing its recovery codes, and removing it.
struct SecondFactorPages: Sendable {
    let app: App
    static let path = "/account/second-factor"

    var endpoints: [PageEndpoint] {
        [
            .get(Self.path, .signedIn, show).beforeSecondFactor,
            .post(Self.path, .signedIn, setUp).beforeSecondFactor,
            .get("\(Self.path)/remove", .signedIn, askToRemove),
            .post("\(Self.path)/remove", .signedIn, remove),
            .get("\(Self.path)/codes", .signedIn, askToRenew),
            .post("\(Self.path)/codes", .signedIn, renew),
        ]
    }

    @Sendable
    private func show(_ visit: Visit) async throws -> PageReply {
        guard try await !app.secondFactor(as: visit.caller).isOn else { return .redirect(to: AccountPage.path) }
        return page(
            try await app.offerSecondFactor(as: visit.caller), Form(), visit, back: .back(in: visit.query))
    }

    /// - Parameter back: where somebody was going when they were led here first.
    private func page(
        _ offered: OfferedSecondFactor, _ form: Form, _ visit: Visit, back: LocalPath
    ) -> PageReply {
        let view = SetUpFactorView(
            notice: form.notice(besides: ["code"]),
            isRequired: visit.person?.mustSetUpSecondFactor ?? false, drawing: QRView(offered.link),
            key: offered.key.inFours, sealed: offered.sealed, returnTo: back.text,
            code: form.code("Code", hint: "The six digits it shows."))
        return .page("Second factor", "account/second-factor", view, status: form.status)
    }

    @Sendable
    private func setUp(_ visit: Visit) async throws -> PageReply {
        let (sealed, back) = (visit.form.text("sealed"), LocalPath.back(in: visit.form))
        return try await visit.answer {
            let codes = try await app.setUpSecondFactor(sealed, code: visit.form.text("code"), as: visit.caller)
            return Self.codesPage(
                codes, "Your second factor is set up", next: back == .home ? AccountPage.path : back.text)
        } orAgain: { form in
            page(try app.offerSecondFactor(again: sealed, as: visit.caller), form, visit, back: back)
        }
    }

    @Sendable
    private func askToRemove(_ visit: Visit) async throws -> PageReply { removePage(Form()) }

    private func removePage(_ form: Form) -> PageReply {
        let view = CodeView(
            action: "\(Self.path)/remove", headline: "Remove the second factor?",
            lead: "From then on your password alone lets you in. The recovery codes stop working.",
            button: "Remove", isGrave: true, form)
        return .page("Remove the second factor", "account/code", view, status: form.status)
    }

    @Sendable
    private func remove(_ visit: Visit) async throws -> PageReply {
        try await visit.answer {
            try await app.removeSecondFactor(code: visit.form.text("code"), as: visit.caller)
            return .redirect(to: AccountPage.path, saying: .said(.secondFactorRemoved))
        } orAgain: { form in
            removePage(form)
        }
    }

    @Sendable
    private func askToRenew(_ visit: Visit) async throws -> PageReply { renewPage(Form()) }

    private func renewPage(_ form: Form) -> PageReply {
        let view = CodeView(
            action: "\(Self.path)/codes", headline: "Make new recovery codes?",
            lead: "You get ten new ones. Those that you have written down stop working.", button: "Make new codes",
            isGrave: false, form)
        return .page("New recovery codes", "account/code", view, status: form.status)
    }

    @Sendable
    private func renew(_ visit: Visit) async throws -> PageReply {
        try await visit.answer {
            let codes = try await app.renewRecoveryCodes(code: visit.form.text("code"), as: visit.caller)
            return Self.codesPage(codes, "Your new recovery codes", next: AccountPage.path)
        } orAgain: { form in
            renewPage(form)
        }
    }

    /// Shown as the answer to the form itself: they are kept nowhere, so no page could show them again.
    private static func codesPage(_ codes: [RecoveryCode], _ headline: String, next: String) -> PageReply {
        let view = CodesView(headline: headline, codes: codes.map { $0.reveal() }, next: next)
        return .page("Recovery codes", "account/codes", view)
    }
}

private struct SetUpFactorView: View {
    let notice: String?
    let isRequired: Bool
    let drawing: QRView?
    let key: String
    let sealed: String
    let returnTo: String
    let code: TextField
}

/// For the partial `qr`.
private struct QRView: View {
    let side: Int
    let path: String

    init?(_ text: String) {
        guard let code = QRCode(text) else { return nil }
        side = code.size + 2 * QRCode.quietZone
        path = code.path
    }
}

private struct CodesView: View {
    let headline: String
    let codes: [String]
    let next: String
}

private struct CodeView: View {
    let action: String
    let headline: String
    let lead: String
    let button: String
    let isGrave: Bool
    let notice: String?
    let code: TextField

    init(action: String, headline: String, lead: String, button: String, isGrave: Bool, _ form: Form) {
        self.action = action
        self.headline = headline
        self.lead = lead
        self.button = button
        self.isGrave = isGrave
        notice = form.notice(besides: ["code"])
        code = form.code("Code", hint: "Of your authenticator, or a recovery code.")
    }
}

extension Form {
    fileprivate func code(_ label: String, hint: String) -> TextField {
        text("code", label, hint: hint).typed("text", autocomplete: "one-time-code").emptied
    }
}

extension String {
    /// In groups of four letters, as one types it.
    fileprivate var inFours: String {
        let letters = Array(self)
        return stride(from: 0, to: letters.count, by: 4)
            .map { String(letters[$0..<Swift.min($0 + 4, letters.count)]) }.joined(separator: " ")
    }
}
