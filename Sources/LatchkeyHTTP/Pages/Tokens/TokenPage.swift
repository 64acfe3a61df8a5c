import LatchkeyApp
import LatchkeyCore

/// Everything about one token: facts, what it may do and why, what it did, how far its rotation is, its history.
struct TokenPage: Sendable {
    let app: App

    private static let shownEvents = 50

    var endpoints: [PageEndpoint] {
        [.get("\(TokenPaths.personal)/{id}", .needs(.manageOwnTokens), show)]
    }

    @Sendable
    private func show(_ visit: Visit) async throws -> PageReply {
        let id: ID<Token> = try visit.id("token")
        let summary = try await app.findToken(id, as: visit.caller)
        let rights = try await app.tokenRights(id, as: visit.caller)
        // First what writes the counts that the others read.
        let usage = try await app.tokenUsage(
            UsageQuery(token: id, from: visit.now - .days(DailyUses.usualDays), until: visit.now, step: .day),
            as: visit.caller)
        let days = try await app.dailyUses(of: [id], as: visit.caller)[id] ?? []
        let history = try await app.tokenHistory(id, as: visit.caller)
        let token = summary.token
        let view = TokenPageView(
            name: token.name, state: StandingView(token.standing(at: visit.now)), isSCIM: token.isSCIMOnly,
            listPath: token.listPath, listName: token.type == .service ? "Service tokens" : "Personal tokens",
            links: TokenLinks.all(token, at: visit.now),
            facts: try await TokenFacts(app, visit).all(summary, rights),
            rotation: RotationView(summary, visit, watch: app.settings.tokens.watch), rights: RightsView(rights),
            chart: .uses(days, id: "uses", title: "Uses by day"),
            legend: [LegendItem("uses", "Uses"), LegendItem("refusals", "Refused")],
            isUsed: !usage.isEmpty, places: UsePlaces(usage, visit),
            history: history.suffix(Self.shownEvents).reversed().map { EventRow($0, visit, showsObject: false) })
        return .page(token.name, "token/page", view)
    }
}

private struct TokenPageView: View {
    let name: String
    let state: StandingView
    let isSCIM: Bool
    let listPath: String
    let listName: String
    let links: [MenuLink]
    let facts: [Fact]
    let rotation: RotationView?
    let rights: RightsView
    let chart: Drawing
    let legend: [LegendItem]
    let isUsed: Bool
    let places: UsePlaces
    let history: [EventRow]
}

/// How far a rotation has come, as steps.
private struct RotationView: View {
    let sentence: String
    let steps: [Step]
    let successorPath: String
    let overlap: String
    let retires: Moment?

    struct Step: View {
        let word: String
        let isDone: Bool
        let isHere: Bool
    }

    init?(_ summary: TokenSummary, _ visit: Visit, watch: Duration) {
        let token = summary.token
        guard let rotation = token.rotation,
            let stage = token.rotationStage(at: visit.now, lastUsed: summary.lastUse?.at, watch: watch)
        else { return nil }
        let place = RotationWords.steps.firstIndex(of: stage) ?? -1
        sentence = RotationWords.sentence(stage)
        steps = RotationWords.steps.enumerated().map { index, step in
            Step(word: step.rawValue, isDone: index < place, isHere: index == place)
        }
        successorPath = TokenPaths.page(rotation.successor)
        overlap = rotation.overlap.text
        retires = Moment(rotation.retiresAt, now: visit.now)
    }
}
