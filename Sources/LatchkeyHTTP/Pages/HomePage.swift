import LatchkeyApp
import LatchkeyCore

/// Home: what needs attention, each a link to the list of just that; when tokens end; how tokens are used.
struct HomePage: Sendable {
    let app: App

    var endpoints: [PageEndpoint] {
        [.get("/", .signedIn, show)]
    }

    /// Everything there concerns users and service tokens; who may not see these begins with their own tokens.
    @Sendable
    private func show(_ visit: Visit) async throws -> PageReply {
        guard visit.caller.isAllowed(.readUsers) else { return .redirect(to: "/settings/tokens") }
        let isAdmin = visit.caller.isAllowed(.manageTokens)
        let ending = isAdmin ? try await app.tokensEndingByDay(as: visit.caller) : []
        let uses = try await app.dailyUses(as: visit.caller)
        let cards = try await (isAdmin ? tokenCards(visit) : []) + userCards(visit)
        let view = HomeView(
            greeting: visit.person.map { $0.name.split(separator: " ").first.map(String.init) ?? $0.name } ?? "",
            cards: cards, isCalm: cards.allSatisfy { !$0.isPressing }, isAdmin: isAdmin,
            timeline: .timeline(ending, now: visit.now),
            uses: .uses(uses, id: "uses", title: "Uses of all tokens per day"),
            legend: [LegendItem("uses", "Uses"), LegendItem("refusals", "Refused")])
        return .page("Home", "home", view)
    }

    private func tokenCards(_ visit: Visit) async throws(Refusal) -> [AttentionCard] {
        let late = try await app.tokensUsedAfterRevocation(as: visit.caller)
        let soon = try await app.tokensEndingSoon(as: visit.caller)
        let unused = try await app.tokensUnused(as: visit.caller)
        let never = try await app.tokensNeverEnding(as: visit.caller)
        return [
            AttentionCard(late, "used after revocation", "Somebody still holds these", icon: "stop", kind: "bad"),
            AttentionCard(soon, "expiring in 30 days", "Rotate them before they stop", icon: "clock"),
            AttentionCard(unused, "unused for 90 days", "Revoke what nobody needs", icon: "moon"),
            AttentionCard(never, "never expiring", "Give them an end by rotating", icon: "rotate"),
        ]
    }

    private func userCards(_ visit: Visit) async throws(Refusal) -> [AttentionCard] {
        let ownerless = try await app.serviceUsersWithoutOwner(as: visit.caller)
        let orphaned = try await app.serviceUsersOrphaned(as: visit.caller)
        let purposeless = try await app.serviceUsersWithoutPurpose(as: visit.caller)
        return [
            AttentionCard(
                ownerless, "service users without owner", "Say who answers for them", icon: "users"),
            AttentionCard(
                orphaned, "service users whose owner left", "Find them a new owner", icon: "ban"),
            AttentionCard(
                purposeless, "service users without purpose", "Say what they are for", icon: "edit"),
        ]
    }
}

/// One thing that may need attention: how often, and the list of just that.
struct AttentionCard: View {
    let count: String
    let isPressing: Bool
    let label: String
    let advice: String
    let icon: String
    /// `good` when there is nothing to do.
    let kind: String
    let path: String

    init(_ tokens: TokenFigure, _ label: String, _ advice: String, icon: String, kind: String = "warn") {
        self.init(tokens.count, label, advice, icon: icon, kind: kind, path: TokenQuery.path(tokens.filter))
    }

    init(_ users: UserFigure, _ label: String, _ advice: String, icon: String) {
        self.init(users.count, label, advice, icon: icon, kind: "warn", path: UserQuery.path(users.filter))
    }

    private init(_ count: Int, _ label: String, _ advice: String, icon: String, kind: String, path: String) {
        self.count = count.grouped
        isPressing = count > 0
        self.label = label
        self.advice = count > 0 ? advice : "Nothing to do"
        self.icon = icon
        self.kind = count > 0 ? kind : "good"
        self.path = path
    }
}

private struct HomeView: View {
    let greeting: String
    let cards: [AttentionCard]
    let isCalm: Bool
    let isAdmin: Bool
    let timeline: Drawing
    let uses: Drawing
    let legend: [LegendItem]
}

/// When tokens end: one column for each of the next 90 days, the first 30 in the colour of a warning.
extension Drawing {
    private static let (timelineWidth, timelineHeight) = (720.0, 96.0)
    private static let (timelineDays, soonDays) = (90, 30)

    static func timeline(_ ending: [EndingTokens], now: Timestamp) -> Drawing {
        let today = Timestamp(seconds: now.seconds / 86400 * 86400)
        let top = Double(max(1, ending.map(\.figure.count).max() ?? 0))
        let step = timelineWidth / Double(timelineDays)
        let bars = ending.compactMap { day -> Bar? in
            let place = (day.day.seconds - today.seconds) / 86400
            guard (0..<Int64(timelineDays)).contains(place) else { return nil }
            let count = day.figure.count
            let tall = max(4, Double(count) / top * (timelineHeight - 10))
            return Bar(
                place < soonDays ? "soon" : "uses", x: Double(place) * step + 1, y: timelineHeight - tall,
                width: step - 2, height: tall,
                title: "\(day.day.day): \(count.grouped) \(count == 1 ? "token ends" : "tokens end")",
                path: TokenQuery.path(day.figure.filter))
        }
        return Drawing(
            id: "timeline", title: "Tokens that end in the next 90 days", summary: words(ending),
            width: Int(timelineWidth), height: Int(timelineHeight), bars: bars,
            lines: [Line("base", [(0, timelineHeight), (timelineWidth, timelineHeight)])]
        ).labelled(dates: ["Today"] + [30, 60, timelineDays].map { (today + .days($0)).shortDay })
    }

    private static func words(_ ending: [EndingTokens]) -> String {
        let total = ending.reduce(0) { $0 + $1.figure.count }
        guard let first = ending.first else { return "No token ends in the next 90 days." }
        let what = total == 1 ? "1 token ends" : "\(total.grouped) tokens end"
        return "\(what) in the next 90 days, the first on \(first.day.day)."
    }
}
