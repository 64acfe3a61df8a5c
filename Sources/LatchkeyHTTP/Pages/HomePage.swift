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

    private static let tokens = "/settings/tokens/service"

    private func tokenCards(_ visit: Visit) async throws(Refusal) -> [AttentionCard] {
        let soon = try await app.tokensEndingSoon(as: visit.caller)
        let unused = try await app.tokensUnused(as: visit.caller)
        let never = try await app.tokensNeverEnding(as: visit.caller)
        let late = try await app.tokensUsedAfterRevocation(as: visit.caller)
        let (month, quarter) = ((visit.now + .days(30)).text, (visit.now - .days(90)).text)
        return [
            AttentionCard(
                late.count, "used after revocation", "Somebody still holds these", icon: "stop", kind: "bad",
                path: "\(Self.tokens)?used_after_revocation=true&sort=last_used&sort_dir=desc"),
            AttentionCard(
                soon.count, "expiring in 30 days", "Rotate them before they stop", icon: "clock", kind: "warn",
                path: "\(Self.tokens)?status=active&expires_before=\(month)&sort=expiration&sort_dir=asc"),
            AttentionCard(
                unused.count, "unused for 90 days", "Revoke what nobody needs", icon: "moon", kind: "warn",
                path: "\(Self.tokens)?revoked=false&unused_since=\(quarter)&sort=last_used&sort_dir=asc"),
            AttentionCard(
                never.count, "never expiring", "Give them an end by rotating", icon: "rotate", kind: "warn",
                path: "\(Self.tokens)?status=active&never_expires=true"),
        ]
    }

    private func userCards(_ visit: Visit) async throws(Refusal) -> [AttentionCard] {
        let ownerless = try await app.serviceUsersWithoutOwner(as: visit.caller)
        let purposeless = try await app.serviceUsersWithoutPurpose(as: visit.caller)
        let users = "/settings/security/users?service=true"
        return [
            AttentionCard(
                ownerless.count, "service users without owner", "Say who answers for them", icon: "users",
                kind: "warn", path: "\(users)&ownerless=true"),
            AttentionCard(
                purposeless.count, "service users without purpose", "Say what they are for", icon: "edit",
                kind: "warn", path: "\(users)&purposeless=true"),
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

    init(_ count: Int, _ label: String, _ advice: String, icon: String, kind: String, path: String) {
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
                path: path(day.day))
        }
        return Drawing(
            id: "timeline", title: "Tokens that end in the next 90 days", summary: words(ending),
            width: Int(timelineWidth), height: Int(timelineHeight) + 18, bars: bars,
            lines: [Line("base", [(0, timelineHeight), (timelineWidth, timelineHeight)])], labels: marks(today, step))
    }

    private static func path(_ day: Timestamp) -> String {
        let (from, until) = (day.text, (day + .days(1)).text)
        return "/settings/tokens/service?status=active&expires_from=\(from)&expires_before=\(until)"
    }

    private static func words(_ ending: [EndingTokens]) -> String {
        let total = ending.reduce(0) { $0 + $1.figure.count }
        guard let first = ending.first else { return "No token ends in the next 90 days." }
        let what = total == 1 ? "1 token ends" : "\(total.grouped) tokens end"
        return "\(what) in the next 90 days, the first on \(first.day.day)."
    }

    private static func marks(_ today: Timestamp, _ step: Double) -> [Label] {
        [0, 30, 60].map { day in
            let name = day == 0 ? "Today" : (today + .days(day)).shortDay
            return Label(name, x: Double(day) * step, y: timelineHeight + 15)
        } + [
            Label((today + .days(timelineDays)).shortDay, x: timelineWidth, y: timelineHeight + 15, anchor: "end")
        ]
    }
}
