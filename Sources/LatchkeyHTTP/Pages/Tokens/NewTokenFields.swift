import LatchkeyCore

/// The fields by which a token is generated, limits among them.
struct NewTokenFields: View {
    let name: TextField
    let lifetime: ChoiceField
    let neverIsOffered: Bool
    let type: TextField
    let user: TextField
    let scim: BoxField
    let role: ChoiceField
    let teams: TextField
    let actions: ChoiceField
    let addresses: TextField
    let isLimited: Bool

    static let names = [
        "name", "expires_in_days", "user_id", "scim", "role", "teams", "actions", "allowed_cidrs",
    ]
    private static let limits = ["role", "teams", "actions", "allowed_cidrs"]

    /// - Parameter actions: those that a token can be limited to.
    init(_ form: Form, _ visit: Visit, isService: Bool, policy: TokenPolicy, actions: [PolicyAction]) {
        name = form.text("name", "Name", hint: "Where it will be used. Each token of a user has its own name.")
            .such(as: isService ? "pipeline-production" : "laptop")
        lifetime = form.choice(
            "expires_in_days", "Expiration", TokenFields.lifetimes(policy), chosen: TokenFields.usual(policy))
        neverIsOffered = policy.allowsNever
        type = form.fixed("type", "Type", isService ? "Service" : "Personal")
        user = form.text("user_id", "Service user", visit.query.text("user"), hint: "Begin to type its name.")
            .such(as: "pipeline_automation@service").suggested(by: NewTokenPage.suggestions)
        scim = form.box(
            "scim", "SCIM Administration Token",
            hint: "Opens the SCIM endpoints and nothing else. For directory sync alone.")
        role = form.choice(
            "role", "Acts at most as", [Option("", "Its user's role")] + Self.roles(visit.caller), chosen: "")
        teams =
            form.text("teams", "Only for these teams", hint: "Names, commas between them. Empty for all of its user's.")
            .optional
        self.actions = form.boxes(
            "actions", "Only for these actions", actions.map(Self.option), ticked: [],
            hint: "None ticked means no limit.")
        addresses =
            form.text(
                "allowed_cidrs", "Only from these addresses",
                hint: "Addresses or blocks such as 10.0.0.0/8, commas between them. Empty for everywhere."
            ).optional
        isLimited = Self.limits.contains { form.typed?.given($0) != nil || form.flaw($0) != nil }
    }

    private static func option(_ action: PolicyAction) -> Option {
        Option(action.name, Permission(rawValue: action.name).map(RightsWords.action) ?? action.summary)
    }

    private static func roles(_ caller: Caller) -> [Option] {
        Role.allCases.filter { $0 <= caller.role ?? .member }.map { Option($0.rawValue) }
    }
}

extension FormFields {
    /// Limits as typed; a field that is empty limits nothing.
    func limits() throws(Refusal) -> NarrowingRequest {
        var role: Role?
        if given("role") != nil {
            role = choice("role")
            if role == nil { throw .invalid("/role", "must be one of the roles") }
        }
        return NarrowingRequest(
            role: role, teams: parts("teams"), actions: has("actions") ? all("actions") : nil,
            allowedCIDRs: parts("allowed_cidrs"))
    }

    /// A list that was typed with commas or in lines; `nil` for none.
    private func parts(_ name: String) -> [String]? {
        let parts = text(name).split { $0 == "," || $0 == "\n" }.map { String($0).trimmed }.filter { !$0.isEmpty }
        return parts.isEmpty ? nil : parts
    }
}
