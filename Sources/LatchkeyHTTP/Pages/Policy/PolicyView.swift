import LatchkeyApp
import LatchkeyCore

/// The page of the policy.
struct PolicyView: View {
    let facts: [Fact]
    let fault: String?
    let faultAt: Moment?
    let question: PolicyQuestionView
    let ruling: PolicyRulingView?
    let actions: [PolicyActionRow]
    let routes: [PolicyRouteRow]
    let hasRoutes: Bool

    init(
        _ standing: PolicyInForce.Standing, question: PolicyQuestionView, ruling: PolicyRulingView?, now: Timestamp
    ) {
        let policy = standing.edition.policy
        let failed = policy.failedCases.count
        facts = [
            Fact("Policy", policy.name), Fact("Read from", standing.source),
            Fact("Digest", String(standing.edition.digest.prefix(16)), detail: "SHA-256 of its text, the beginning"),
            standing.since.map { Fact("In force", nil, moment: Moment($0, now: now)) }
                ?? Fact("In force", "since the start"),
            Fact(
                "Cases", "\(policy.cases.count - failed) of \(policy.cases.count) hold",
                detail: failed == 0 ? nil : "latchkey policy test says which do not"),
        ]
        fault = standing.fault?.detail
        faultAt = Moment(standing.fault?.at, now: now)
        self.question = question
        self.ruling = ruling
        actions = policy.actions.map(PolicyActionRow.init)
        routes = policy.routes.map(PolicyRouteRow.init)
        hasRoutes = !routes.isEmpty
    }
}

/// The form of the test.
struct PolicyQuestionView: View {
    let notice: String?
    let subject: TextField
    let method: ChoiceField
    let path: TextField
}

/// What would become of a request, and why.
struct PolicyRulingView: View {
    let isAllowed: Bool
    let sentence: String
    let facts: [Fact]

    init(_ explanation: PolicyExplanation) {
        let ruling = explanation.ruling
        isAllowed = ruling.isAllowed
        sentence = ruling.sentence
        facts = [
            Fact("Request", "\(explanation.method) \(explanation.path)"),
            Fact(
                "Rule", ruling.route?.text ?? "none matches",
                detail: ruling.route.map { "line \($0.mark.line)" }),
            Fact("Action", ruling.action?.name ?? "–", detail: ruling.action?.summary),
            Fact(
                "Resource", ruling.resource?.words ?? "–",
                detail: explanation.level.map { "teams open it as \($0.rawValue)" }),
            Fact("Reason", ruling.reason.rawValue, detail: ruling.mark.map { "line \($0.line) decides" }),
        ]
    }
}

/// An action with who may.
struct PolicyActionRow: View {
    let name: String
    let summary: String
    let grants: [String]

    init(_ action: PolicyAction) {
        name = action.name
        summary = action.summary
        let grant = action.grant
        let alone = grant.role.map { "\($0.rawValue) and above" }
        let levels = grant.levels.sorted { $0.key < $1.key }.map { "\($0.value.rawValue) on a \($0.key)" }
        let through = grant.roleThroughTeams.map { role in
            "\(role.rawValue) and above whose team gives \(levels.joined(separator: " or "))"
        }
        grants = [alone, levels.isEmpty ? nil : through].compactMap { $0 }
    }
}

/// A rule about requests.
struct PolicyRouteRow: View {
    let methods: String
    let path: String
    let action: String?
    /// Where no action is asked for: who may.
    let openTo: String?
    let resource: String?

    init(_ route: PolicyRoute) {
        methods = route.methods == [PolicyRoute.anyMethod] ? "any" : route.methods.joined(separator: " ")
        path = route.template.text
        switch route.opens {
        case .everybody: (action, openTo, resource) = (nil, "open to everybody", nil)
        case .anyToken: (action, openTo, resource) = (nil, "open to every token", nil)
        case .holders(let holders, let target):
            (action, openTo) = (holders.name, nil)
            resource = target.map { $0.segment == nil ? "any \($0.kind)" : $0.kind }
        }
    }
}
