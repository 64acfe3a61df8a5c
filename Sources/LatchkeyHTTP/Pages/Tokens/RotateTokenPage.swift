import LatchkeyApp
import LatchkeyCore

/// Rotate: a successor with the same limits, and how long the old token goes on beside it.
struct RotateTokenPage: Sendable {
    let app: App
    let rootPath: String

    private static let path = "\(TokenPaths.personal)/{id}/rotate"
    private static let names = ["overlap", "expires_in_days", "name"]

    var endpoints: [PageEndpoint] {
        [
            .get(Self.path, .needs(.manageOwnTokens)) { visit in try await show(visit.comingBack, visit.freshForm) },
            .post(Self.path, .needs(.manageOwnTokens), rotate).refilled,
        ]
    }

    private func show(_ visit: Visit, _ form: Form) async throws -> PageReply {
        let summary = try await app.findToken(visit.id("token"), as: visit.caller)
        let same = Option("", "As long as the old one")
        let view = RotateView(
            name: summary.token.name, owner: summary.owner.name, notice: form.notice(besides: Self.names),
            path: ListFrame.link(visit, without: []), back: visit.wayBack(summary.token),
            overlap: form.choice("overlap", "The old token works", overlaps, chosen: Overlap.untilFirstUse.text),
            lifetime: form.choice(
                "expires_in_days", "The new one works for", [same] + TokenFields.lifetimes(app.settings.tokens),
                chosen: ""),
            newName: form.text("name", "Name of the new one", hint: "Empty for the old name with a number.").optional)
        return .page("Rotate \(summary.token.name)", "token/rotate", view, status: form.status)
    }

    private var overlaps: [Option] {
        let grace = Span.text(seconds: app.settings.tokens.grace.components.seconds)
        return [
            Option(
                Overlap.untilFirstUse.text, "Until the new one has been used",
                detail: "and \(grace) more. Nothing stops while you change over."),
            Option("PT24H", "For 24 hours"), Option("PT168H", "For 7 days"),
            Option(Overlap.none.text, "Not any more", detail: "It is refused at once. For a token in wrong hands."),
        ]
    }

    @Sendable
    private func rotate(_ visit: Visit) async throws -> PageReply {
        try await visit.answer {
            guard let overlap = Overlap(text: visit.form.text("overlap")) else {
                throw Refusal.invalid("/overlap", "Choose how long the old token is to work.")
            }
            let isSame = visit.form.given("expires_in_days") == nil
            let request = RotationRequest(
                overlap: overlap, lifetime: isSame ? nil : try visit.form.lifetime("expires_in_days"),
                name: visit.form.given("name"))
            let issued = try await app.rotateToken(visit.id("token"), request, as: visit.caller)
            return TokenShown.page(
                issued, app: app, rootPath: rootPath, next: issued.summary.token.path, now: visit.now)
        } orAgain: { form in
            try await show(visit, form)
        }
    }
}

private struct RotateView: View {
    let name: String
    let owner: String
    let notice: String?
    let path: String
    let back: String
    let overlap: ChoiceField
    let lifetime: ChoiceField
    let newName: TextField
}
