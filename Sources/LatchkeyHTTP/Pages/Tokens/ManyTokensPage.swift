import LatchkeyApp
import LatchkeyCore

/// Many tokens at once: first what would become of each, then the same in earnest.
struct ManyTokensPage: Sendable {
    let app: App

    private enum Word: String {
        case revoke, restore, delete
    }

    var endpoints: [PageEndpoint] {
        [
            .get(TokenPaths.many, .needs(.manageOwnTokens)) { visit in
                try await rehearse(visit, visit.refill ?? visit.query, visit.freshForm)
            },
            .post(TokenPaths.many, .needs(.manageOwnTokens), change).refilled,
        ]
    }

    private func rehearse(_ visit: Visit, _ asked: FormFields, _ form: Form) async throws -> PageReply {
        guard let word: Word = asked.choice("change") else {
            throw Refusal.badRequest("Choose tokens in the list first.")
        }
        let back = LocalPath(asked.text("back"))?.text ?? TokenPaths.personal
        let ids = Self.ids(asked)
        guard !ids.isEmpty else { return .redirect(to: back, saying: .said(.noTokenChosen)) }
        let outcomes = try await app.rehearseTokens(ids, Self.change(word, asked), as: visit.caller)
        let rows = outcomes.map { ManyTokensRow($0, visit) }
        let willing = rows.count { $0.isChanged }
        let view = ManyTokensView(
            headline: Self.headline(word, willing), button: "\(Self.verb(word)) \(Self.count(willing))",
            change: word.rawValue,
            isGrave: word != .restore, canGoOn: willing > 0, notice: form.notice(besides: ["reason"]), rows: rows,
            reason: word == .revoke
                ? form.choice("reason", "Reason", TokenChangePages.reasons, chosen: "unspecified") : nil,
            back: back)
        return .page(Self.headline(word, willing), "token/many", view, status: form.status)
    }

    @Sendable
    private func change(_ visit: Visit) async throws -> PageReply {
        try await visit.answer {
            guard let word: Word = visit.form.choice("change") else { throw Refusal.badRequest("Open the list again.") }
            let outcomes = try await app.changeTokens(
                Self.ids(visit.form), Self.change(word, visit.form), as: visit.caller)
            let changed = outcomes.count { $0.obstacle == nil }
            let back = LocalPath(visit.form.text("back"))?.text ?? TokenPaths.personal
            return .redirect(to: back, saying: .tokensChanged(Self.deed(word), changed))
        } orAgain: { form in
            try await rehearse(visit, visit.form, form)
        }
    }

    private static func ids(_ fields: FormFields) -> [ID<Token>] {
        fields.all("id").compactMap { Int64($0) }.filter { $0 > 0 }.map { ID($0) }
    }

    private static func change(_ word: Word, _ fields: FormFields) -> ManyTokensChange {
        switch word {
        case .revoke: .revoke(fields.choice("reason"))
        case .restore: .restore
        case .delete: .delete
        }
    }

    private static func deed(_ word: Word) -> Flash.Deed {
        switch word {
        case .revoke: .revoked
        case .restore: .restored
        case .delete: .deleted
        }
    }

    private static func verb(_ word: Word) -> String {
        switch word {
        case .revoke: "Revoke"
        case .restore: "Restore"
        case .delete: "Delete"
        }
    }

    private static func count(_ tokens: Int) -> String { tokens == 1 ? "1 token" : "\(tokens) tokens" }

    private static func headline(_ word: Word, _ willing: Int) -> String {
        willing == 0 ? "None of these can be \(deed(word).rawValue)" : "\(verb(word)) \(count(willing))?"
    }
}

private struct ManyTokensView: View {
    let headline: String
    let button: String
    let change: String
    let isGrave: Bool
    let canGoOn: Bool
    let notice: String?
    let rows: [ManyTokensRow]
    let reason: ChoiceField?
    let back: String
}

private struct ManyTokensRow: View {
    let id: String
    let name: String
    let owner: String
    let state: StandingView
    let isChanged: Bool
    let obstacle: String?
    let lastUse: Moment?

    init(_ outcome: ManyTokensOutcome, _ visit: Visit) {
        let token = outcome.token.token
        id = "\(token.id)"
        name = token.name
        owner = outcome.token.owner.name
        state = StandingView(token.standing(at: visit.now))
        isChanged = outcome.obstacle == nil
        obstacle = outcome.obstacle
        lastUse = Moment(outcome.token.lastUse?.at, now: visit.now)
    }
}
