import LatchkeyCore

/// The fields by which a token is made.
struct TokenFields: View {
    let name: TextField
    let lifetime: ChoiceField
    /// What `lifetime` says beside “Never”.
    let neverIsOffered: Bool
    let type: TextField
    let user: TextField
    let scim: BoxField

    static let names = ["token_name", "token_expires_in_days", "name", "expires_in_days"]

    /// - Parameters:
    ///   - handle: of the service user that the token will belong to.
    ///   - prefix: begins the names of the fields where a form has others beside them.
    init(_ form: Form, handle: String, policy: TokenPolicy, prefix: String = "") {
        name = form.text(
            "\(prefix)name", "Name", hint: "Where it will be used. Each token of a service user has its own name."
        ).such(as: "pipeline-production")
        lifetime = form.choice(
            "\(prefix)expires_in_days", "Expiration", Self.lifetimes(policy), chosen: Self.usual(policy),
            hint: "For production, a year with a plan to rotate at least 30 days before the end.")
        neverIsOffered = policy.allowsNever
        type = form.fixed("\(prefix)type", "Type", "Service")
        user = form.fixed("\(prefix)user", "Service user", handle)
        scim = form.box(
            "\(prefix)scim", "SCIM Administration Token",
            hint: "Opens the SCIM endpoints and nothing else. For directory sync alone.")
    }

    private static let days = [30, 60, 90, 365]

    static func lifetimes(_ policy: TokenPolicy) -> [Option] {
        let offered = days.filter { $0 <= policy.longestDays }
        let some = (offered.isEmpty ? [policy.longestDays] : offered).map { days in
            Option("\(days)", days == 365 ? "1 year" : "\(days) days")
        }
        return some + (policy.allowsNever ? [Option("never", "Never")] : [])
    }

    static func usual(_ policy: TokenPolicy) -> String {
        let offered = days.filter { $0 <= policy.longestDays }
        return "\(offered.last { $0 <= policy.usualDays } ?? offered.first ?? policy.longestDays)"
    }
}

extension FormFields {
    /// How long a token is to live, as one of ``TokenFields/lifetimes(_:)``.
    func lifetime(_ name: String) throws(Refusal) -> Lifetime {
        let word = text(name)
        if word == "never" { return .never }
        guard let days = Int(word) else {
            throw .invalid("/\(name.replacing("token_", with: "token/"))", "Choose how long the token is to work.")
        }
        return .days(days)
    }
}
