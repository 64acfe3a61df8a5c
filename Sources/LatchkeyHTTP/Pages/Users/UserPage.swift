import LatchkeyApp
import LatchkeyCore

/// A user: facts, teams, effective rights and why, tokens, uses over time, history.
struct UserPage: Sendable {
    let app: App

    /// As many of each as a page shows; the lists beside it show the rest.
    static let mostTokens = 25
    private static let mostEvents = 20

    var endpoints: [PageEndpoint] {
        [.get("/settings/security/users/{id}", .needs(.readUsers), show)]
    }

    @Sendable
    private func show(_ visit: Visit) async throws -> PageReply {
        let id: ID<User> = try visit.id("user")
        let summary = try await app.findUser(id, as: visit.caller)
        let tokens = try await tokens(of: summary.user, visit)
        let trusts = try await trusts(of: summary.user, visit)
        let uses = try await app.dailyUses(of: tokens.map(\.token.id), as: visit.caller)
        let places = try await app.useSums(of: tokens.map(\.token.id), as: visit.caller)
        let history = try await app.userHistory(id, as: visit.caller)
        let access = try await access(to: summary.user, visit)
        let view = UserView(
            facts: UserFacts(
                summary, app: app, isOrphaned: try await isOrphaned(summary, visit), now: visit.now),
            rights: RightsView(try await app.userRights(id, as: visit.caller)),
            actions: UserActions(summary.user, access, visit.caller),
            access: access.map { PersonAccessView($0, now: visit.now) },
            tokens: UserTokens(tokens, uses: uses, of: summary, visit), trusts: TrustRows(trusts, now: visit.now),
            uses: Drawing.uses(DailyUses.sum(uses.values, until: visit.now), id: "uses", title: "Uses per day"),
            legend: [LegendItem("uses", "Uses"), LegendItem("refusals", "Refused")],
            places: UsePlaces(places, visit), hasPlaces: !places.addresses.isEmpty,
            history: history.suffix(Self.mostEvents).reversed().map {
                EventRow($0, visit, showsObject: false)
            }, hasMoreHistory: history.count > Self.mostEvents)
        return .page(summary.user.name, "user/page", view)
    }

    /// Whether nobody answers for it any more.
    private func isOrphaned(_ summary: UserSummary, _ visit: Visit) async throws(Refusal) -> Bool {
        guard let owner = summary.owner else { return false }
        return try await !app.findUser(owner.id, as: visit.caller).user.isActive
    }

    /// How a person signs in is the Admins' to know.
    private func access(to user: User, _ visit: Visit) async throws(Refusal) -> PersonAccess? {
        guard user.type == .human, visit.caller.isAllowed(.manageUsers) else { return nil }
        return try await app.access(of: user.id, as: visit.caller)
    }

    /// Those of a service user, for who manages tokens. A person's are theirs alone.
    private func tokens(of user: User, _ visit: Visit) async throws(Refusal) -> [TokenSummary] {
        guard user.type == .service, visit.caller.isAllowed(.manageTokens) else { return [] }
        let filter = TokenFilter(owner: user.id, now: visit.now)
        return try await app.listTokens(.service, filter, PageRequest(size: Self.mostTokens), as: visit.caller).items
    }

    private func trusts(of user: User, _ visit: Visit) async throws(Refusal) -> [TrustedIssuerSummary] {
        guard user.type == .service, visit.caller.isAllowed(.manageTokens) else { return [] }
        return try await app.listTrustedIssuers(of: user.id, as: visit.caller)
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
    let access: PersonAccessView?
    let tokens: UserTokens
    let trusts: TrustRows?
    let uses: Drawing
    let legend: [LegendItem]
    let places: UsePlaces
    let hasPlaces: Bool
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
    let isOrphaned: Bool
    let created: Moment
    let createdBy: PersonLink?
    let deactivated: Moment?
    let lastLogin: Moment?
    let lastUsed: Moment?

    init(_ summary: UserSummary, app: App, isOrphaned: Bool, now: Timestamp) {
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
        self.isOrphaned = isOrphaned
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
    let links: [MenuLink]

    init(_ user: User, _ access: PersonAccess?, _ caller: Caller) {
        path = "/settings/security/users/\(user.id)"
        let mayManage = caller.isAllowed(.manageUsers)
        mayEdit = mayManage && user.isActive
        mayGenerate = mayEdit && user.type == .service && caller.isAllowed(.manageTokens)
        mayRestore = mayManage && !user.isActive
        links = mayEdit ? UserLinks.all(user, access, caller) : []
    }
}
