import LatchkeyApp
import LatchkeyCore

/// One line of what is known of a thing, for the partial `facts`.
struct Fact: View {
    let label: String
    var text: String?
    var path: String?
    var moment: Moment?
    /// Beside the moment or the text.
    var detail: String?

    init(_ label: String, _ text: String?, path: String? = nil, moment: Moment? = nil, detail: String? = nil) {
        self.label = label
        self.text = text
        self.path = path
        self.moment = moment
        self.detail = detail
    }
}

/// The facts of a token, each where there is one.
struct TokenFacts: Sendable {
    private let app: App
    private let visit: Visit

    init(_ app: App, _ visit: Visit) {
        self.app = app
        self.visit = visit
    }

    func all(_ summary: TokenSummary, _ rights: EffectiveRights) async throws -> [Fact] {
        let token = summary.token
        return basics(summary) + (try await trust(token)) + limits(token, rights) + ends(summary) + kin(token)
    }

    private func basics(_ summary: TokenSummary) -> [Fact] {
        let token = summary.token
        let mayReadUsers = visit.caller.isAllowed(.readUsers)
        let owner = summary.owner
        return [
            Fact(
                token.type == .service ? "Service user" : "Person", owner.name,
                path: mayReadUsers ? "/settings/security/users/\(owner.id)" : nil, detail: owner.handle),
            token.isKeyless
                ? Fact("Secret", "None: it stands for a trusted issuer", detail: "number \(token.id)")
                : Fact("Ends with", "…\(token.hint)", detail: "number \(token.id)"),
            Fact(
                "Created", nil, moment: Moment(token.createdAt, now: visit.now),
                detail: summary.createdBy.map { "by \($0.name)" }),
            token.expiresAt.map {
                Fact($0 <= visit.now ? "Expired" : "Expires", nil, moment: Moment($0, now: visit.now))
            }
                ?? Fact("Expires", "Never"),
            summary.lastUse.map { use in
                Fact("Last used", nil, moment: Moment(use.at, now: visit.now), detail: Self.place(of: use))
            } ?? Fact("Last used", "Not Used"),
        ]
    }

    /// What a workload has to show that acts through this token.
    private func trust(_ token: Token) async throws(Refusal) -> [Fact] {
        guard token.isKeyless, visit.caller.isAllowed(.manageTokens) else { return [] }
        let trust = try await app.findTrustedIssuer(token.id, as: visit.caller).trust
        let claims = trust.claims.map { "\($0.name) = \($0.pattern.text)" }
        return [
            Fact("Trusted issuer", trust.issuer), Fact("Audience", trust.audience), Fact("Subject", trust.subject.text),
            Fact("Further claims", Self.list(claims)),
            Fact("Access tokens live for", "\(trust.lifetime.components.seconds / 60) minutes"),
        ]
    }

    private static func place(of use: LastUse) -> String {
        [use.route, use.address.map { "from \($0)" }, use.userAgent.map { "with \($0)" }].compactMap { $0 }
            .joined(separator: " ")
    }

    private func limits(_ token: Token, _ rights: EffectiveRights) -> [Fact] {
        let narrowing = token.narrowing
        let actions = narrowing.actions?.sorted().map { Permission(rawValue: $0).map(RightsWords.action) ?? $0 }
        return [
            narrowing.role.map { Fact("Limited to the role", $0.rawValue) },
            narrowing.teams.map { _ in Fact("Limited to teams", Self.list(rights.teams.map(\.name))) },
            actions.map { Fact("Limited to actions", Self.list($0)) },
            narrowing.addresses.map { Fact("Limited to addresses", Self.list($0.map(\.description))) },
        ].compactMap { $0 }
    }

    private static func list(_ texts: [String]) -> String { texts.isEmpty ? "none" : texts.joined(separator: ", ") }

    private func ends(_ summary: TokenSummary) -> [Fact] {
        guard let revocation = summary.token.revocation else { return [] }
        return [
            Fact(
                "Revoked", nil, moment: Moment(revocation.at, now: visit.now),
                detail: summary.revokedBy.map { "by \($0.name)" } ?? "by Latchkey itself"),
            Fact("Reason", revocation.reason.words),
        ]
    }

    private func kin(_ token: Token) -> [Fact] {
        token.predecessor.map { [Fact("Rotated from", "token \($0)", path: TokenPaths.page($0))] } ?? []
    }
}
