import LatchkeyApp
import LatchkeyCore

/// Settings → Tokens: one's own personal tokens, and for Admins all service tokens.
struct TokenListPage: Sendable {
    let app: App

    var endpoints: [PageEndpoint] {
        [
            .get(TokenPaths.personal, .needs(.manageOwnTokens)) { try await show(.own, $0) },
            .get(TokenPaths.service, .needs(.manageTokens)) { try await show(.service, $0) },
        ]
    }

    private func show(_ scope: TokenScope, _ visit: Visit) async throws -> PageReply {
        var filter = TokenQuery.filter(visit.query, owner: try await owner(visit), now: visit.now)
        filter.isNameItsBeginning = try await app.searchesBeginnings(scope, as: visit.caller)
        let tokens = try await app.listTokens(scope, filter, visit.query.page, as: visit.caller)
        if let last = visit.beyondLast(tokens) { return last }
        let uses = try await app.dailyUses(of: tokens.items.map(\.token.id), as: visit.caller)
        let back = ListFrame.link(visit, without: [])
        let view = TokenListView(
            list: ListFrame(
                visit, tokens, searching: Self.searchLabel(filter), filters: Self.filters(scope, visit)),
            tabs: Tab.of(visit), isService: scope.isService, columns: Self.columns(visit, filter.sorting),
            tokens: tokens.items.map { summary in
                TokenRow(summary, uses: uses[summary.token.id] ?? [], visit: visit, app: app)
            },
            isEmpty: tokens.items.isEmpty, isNarrowed: TokenQuery.isNarrowing(visit.query), here: visit.path,
            newPath: "\(TokenPaths.new)?kind=\(scope.isService ? "service" : "personal")", back: back)
        return .page(scope.isService ? "Service tokens" : "Personal tokens", "token/list", view)
    }

    private static func searchLabel(_ filter: TokenFilter) -> String {
        filter.isNameItsBeginning ? "Search by how a name begins" : "Search tokens by name"
    }

    private static func filters(_ scope: TokenScope, _ visit: Visit) -> FilterFields {
        FilterFields(
            choices: [status(visit)], texts: scope.isService ? [user(visit)] : [], boxes: boxes(scope, visit),
            marks: TokenQuery.marks(visit))
    }

    private static func boxes(_ scope: TokenScope, _ visit: Visit) -> [BoxField] {
        let form = visit.queryForm
        return [
            form.box("never_expires", "Only those that never expire"),
            form.box("used_after_revocation", "Only those used after their revocation"),
        ] + (scope.isService ? [form.box("scim", "Only SCIM tokens")] : [])
    }

    private static func status(_ visit: Visit) -> ChoiceField {
        let words: [Standing] = [.active, .revoked, .expired]
        return visit.queryForm.choice(
            "status", "Status",
            [Option("", "Any status")] + words.map { Option($0.rawValue, StandingView($0).word) }, chosen: "")
    }

    private static func user(_ visit: Visit) -> TextField {
        visit.queryForm.text("user", "Service user").optional.such(as: "pipeline_automation@service")
            .suggested(by: NewTokenPage.suggestions)
    }

    /// A `user_id` that nobody has finds nothing, rather than everything.
    private func owner(_ visit: Visit) async throws(Refusal) -> ID<User>? {
        if let id: ID<User> = visit.query.id("user_id") { return id }
        guard let handle = visit.query.given("user"), visit.caller.isAllowed(.readUsers) else { return nil }
        do throws(Refusal) {
            return try await app.findUser(handle: handle, as: visit.caller).user.id
        } catch .notFound {
            return ID(0)
        }
    }

    private static func columns(_ visit: Visit, _ sorting: Sorting<TokenFilter.Column>) -> TokenColumns {
        func link(_ label: String, _ column: TokenFilter.Column) -> SortLink {
            SortLink(label, column.rawValue, visit, now: (sorting.column.rawValue, sorting.descending))
        }
        return TokenColumns(
            name: link("Name", .name), expires: link("Expires", .expiration), used: link("Last used", .lastUsed),
            created: link("Created", .created))
    }
}

extension TokenScope {
    fileprivate var isService: Bool {
        if case .service = self { return true }
        return false
    }
}

private struct TokenListView: View {
    let list: ListFrame
    let tabs: [Tab]
    let isService: Bool
    let columns: TokenColumns
    let tokens: [TokenRow]
    let isEmpty: Bool
    let isNarrowed: Bool
    let here: String
    let newPath: String
    let back: String
}

private struct TokenColumns: View {
    let name: SortLink
    let expires: SortLink
    let used: SortLink
    let created: SortLink
}

/// One of the two lists.
private struct Tab: View {
    let label: String
    let path: String
    let isHere: Bool

    /// Service tokens are the Admins' alone.
    static func of(_ visit: Visit) -> [Tab] {
        let all = [
            ("Personal", TokenPaths.personal, Permission.manageOwnTokens),
            ("Service", TokenPaths.service, .manageTokens),
        ]
        return all.filter { visit.caller.isAllowed($0.2) }
            .map { Tab(label: $0.0, path: $0.1, isHere: visit.path == $0.1) }
    }
}
