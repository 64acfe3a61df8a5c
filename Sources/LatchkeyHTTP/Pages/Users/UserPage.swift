import LatchkeyApp
import LatchkeyCore

/// A user: facts, teams, effective rights and why, tokens, uses over time, history.
struct UserPage: Sendable {
    let app: App

    /// As many of each as a page shows; the lists beside it show the rest.
    private static let (mostTokens, mostEvents) = (50, 20)

    var endpoints: [PageEndpoint] {
        [.get("/settings/security/users/{id}", .needs(.readUsers), show)]
    }

    @Sendable
    private func show(_ visit: Visit) async throws -> PageReply {
        let id: ID<User> = try visit.id("user")
        let summary = try await app.findUser(id, as: visit.caller)
        let tokens = try await tokens(of: summary.user, visit)
        let uses = try await app.dailyUses(of: tokens.map(\.token.id), as: visit.caller)
        let history = try await app.userHistory(id, as: visit.caller)
        let view = UserView(
            facts: UserFacts(summary, app: app, now: visit.now),
            rights: RightsView(try await app.userRights(id, as: visit.caller)),
            actions: UserActions(summary.user, visit.caller),
            tokens: UserTokens(tokens, uses: uses, of: summary, visit),
            uses: Drawing.uses(DailyUses.sum(uses.values, until: visit.now), id: "uses", title: "Uses per day"),
            legend: [LegendItem("uses", "Uses"), LegendItem("refusals", "Refused")],
            history: history.suffix(Self.mostEvents).reversed().map {
                EventRow($0, visit, showsObject: false)
            }, hasMoreHistory: history.count > Self.mostEvents)
        return .page(summary.user.name, "user/page", view)
    }

    /// Those of a service user, for who manages tokens. A person's are theirs alone.
    private func tokens(of user: User, _ visit: Visit) async throws(Refusal) -> [TokenSummary] {
        guard user.type == .service, visit.caller.isAllowed(.manageTokens) else { return [] }
        let filter = TokenFilter(owner: user.id, now: visit.now)
        return try await app.listTokens(.service, filter, PageRequest(size: Self.mostTokens), as: visit.caller).items
    }
}

extension DailyUses {
    /// What several tokens did together.
    static func sum(_ series: some Sequence<[DailyUses]>, until now: Timestamp) -> [DailyUses] {
        var sums: [Timestamp: DailyUses] = [:]
        for day in series.joined() {
            let before = sums[day.day]
            sums[day.day] = DailyUses(
                day: day.day, uses: day.uses + (before?.uses ?? 0), refusals: day.refusals + (before?.refusals ?? 0))
        }
        return DailyUses.series(Array(sums.values), until: now)
    }
}

private struct UserView: View {
    let facts: UserFacts
    let rights: RightsView
    let actions: UserActions
    let tokens: UserTokens
    let uses: Drawing
    let legend: [LegendItem]
    let history: [EventRow]
    let hasMoreHistory: Bool
}

/// What is known of a user, as its page's head and side show it.
struct UserFacts: View {
    let avatar: Avatar
    let name: String
    let handle: String
    let email: String
    let isActive: Bool
    let isService: Bool
    let isBreakGlass: Bool
    let role: String
    let teams: [String]
    let purpose: String?
    let owner: PersonLink?
    let created: Moment
    let createdBy: PersonLink?
    let deactivated: Moment?
    let lastLogin: Moment?
    let lastUsed: Moment?

    init(_ summary: UserSummary, app: App, now: Timestamp) {
        let user = summary.user
        isService = user.type == .service
        avatar = Avatar(name: user.name, isService: isService)
        name = user.name
        handle = user.handle
        email = isService ? app.settings.serviceEmail : user.email ?? ""
        isActive = user.isActive
        isBreakGlass = user.isBreakGlass
        role = user.role.rawValue
        teams = summary.teams
        purpose = user.purpose
        owner = summary.owner.map(PersonLink.init)
        created = Moment(user.createdAt, now: now)
        createdBy = summary.createdBy.map(PersonLink.init)
        deactivated = Moment(user.deactivatedAt, now: now)
        lastLogin = Moment(user.lastLogin, now: now)
        lastUsed = Moment(summary.lastUsed, now: now)
    }
}

/// A user as others mention it.
struct PersonLink: View {
    let name: String
    let path: String

    init(_ user: UserReference) {
        name = user.name
        path = "/settings/security/users/\(user.id)"
    }
}

/// What the reader may do with this user.
struct UserActions: View {
    let path: String
    let mayEdit: Bool
    let mayGenerate: Bool
    let mayRestore: Bool

    init(_ user: User, _ caller: Caller) {
        path = "/settings/security/users/\(user.id)"
        let mayManage = caller.isAllowed(.manageUsers)
        mayEdit = mayManage && user.isActive
        mayGenerate = mayEdit && user.type == .service && caller.isAllowed(.manageTokens)
        mayRestore = mayManage && !user.isActive
    }
}
