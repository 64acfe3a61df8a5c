import LatchkeyApp
import LatchkeyCore

/// The form of an identity provider: as it is shown, and as it is read.
struct ProviderForm: Sendable {
    let app: App

    func view(_ visit: Visit, _ provider: IdentityProvider?, _ form: Form) async throws -> ProviderFormView {
        let names = try await teamNames(visit)
        let rules = (provider?.groups ?? []).map { "\($0.group) = \(names[$0.team] ?? "\($0.team)")" }
        let secretHint =
            provider?.sealedSecret == nil
            ? "Leave it empty for a public client, which PKCE alone protects."
            : "It is kept sealed and never shown. Leave it empty to keep it."
        return ProviderFormView(
            headline: provider.map { "Edit \($0.name)" } ?? "Add identity provider",
            notice: form.notice(besides: Self.fields), action: visit.path, back: ProviderPages.list,
            version: provider.map { String($0.version) } ?? "", isNew: provider == nil,
            redirectURI: app.redirectURI,
            name: form.text("name", "Name", provider?.name ?? "", hint: "On the button: “Sign in with …”"),
            issuer: provider == nil
                ? form.text("issuer", "Issuer", hint: "Its address, to the letter: https://id.example.com")
                    .typed("url", autocomplete: "off") : nil,
            issuerText: provider?.issuer ?? "",
            clientID: form.text("client_id", "Client id", provider?.clientID ?? ""),
            clientSecret: form.text("client_secret", "Client secret", hint: secretHint)
                .typed("password", autocomplete: "off").emptied.optional,
            isPublic: provider?.sealedSecret == nil ? nil : form.box("public", "Remove the secret: public client"),
            scopes: form.text(
                "scopes", "Scopes", (provider?.scopes ?? IdentityProvider.usualScopes).joined(separator: " ")),
            makesAccounts: form.box(
                "makes_accounts", "Make an account at somebody’s first sign-in", provider?.makesAccounts ?? true,
                hint: "As Member. Otherwise an Admin connects each person."),
            mailDomains: form.text(
                "mail_domains", "Only for these mail domains", (provider?.mailDomains ?? []).joined(separator: " "),
                hint: "Needed where everybody can have an account at the provider, as at Google."
            ).optional,
            groupsClaim: form.text(
                "groups_claim", "Claim with groups", provider?.groupsClaim ?? "", hint: "Often “groups”."
            ).optional,
            groups: form.text(
                "groups", "Groups that join a team", rules.joined(separator: "\n"),
                hint: "A line each: group = Team. Teams are added at sign-in, never taken away."
            ).optional)
    }

    private static let fields = [
        "name", "issuer", "client_id", "client_secret", "scopes", "mail_domains", "groups_claim", "groups",
    ]

    private func teamNames(_ visit: Visit) async throws(Refusal) -> [ID<Team>: String] {
        let teams = try await app.listTeamStubs(users: [], permission: nil, as: visit.caller)
        return Dictionary(teams.map { ($0.id, $0.name) }) { first, _ in first }
    }

    /// What was typed, as an edit. Of a new provider everything counts; of an old one an empty secret says nothing.
    func edit(_ visit: Visit, isNew: Bool) async throws(Refusal) -> IdentityProviderEdit {
        let form = visit.form
        var edit = IdentityProviderEdit()
        edit.name = form.text("name")
        if isNew { edit.issuer = form.text("issuer").trimmed }
        edit.clientID = form.text("client_id").trimmed
        if let secret = form.given("client_secret") {
            edit.clientSecret = .some(try ClientSecret(secret))
        } else if form.isTicked("public") {
            edit.clientSecret = .some(nil)
        }
        edit.scopes = Self.words(form.text("scopes"))
        edit.makesAccounts = form.isTicked("makes_accounts")
        edit.mailDomains = Self.words(form.text("mail_domains"))
        edit.groupsClaim = .some(form.given("groups_claim"))
        edit.groups = try await rules(visit)
        edit.version = Int64(form.text("version"))
        return edit
    }

    private static func words(_ text: String) -> [String] {
        text.split { $0 == " " || $0 == "," || $0 == "\n" || $0 == "\t" }.map(String.init)
    }

    private func rules(_ visit: Visit) async throws(Refusal) -> [GroupRule] {
        let names = try await teamNames(visit)
        let teams = Dictionary(names.map { ($0.value.folded, $0.key) }) { first, _ in first }
        var rules: [GroupRule] = []
        for line in visit.form.text("groups").split(separator: "\n") where !String(line).trimmed.isEmpty {
            guard let sign = line.lastIndex(of: "=") else {
                throw .invalid("/groups", "must have lines such as “data-engineers = Data Engineering”")
            }
            let team = String(line[line.index(after: sign)...]).trimmed
            guard let id = teams[team.folded] else {
                throw .invalid("/groups", "There is no team “\(team.prefix(255))”. Create it first.")
            }
            rules.append(GroupRule(group: String(line[..<sign]).trimmed, team: id))
        }
        return rules
    }
}

struct ProviderFormView: View {
    let headline: String
    let notice: String?
    let action: String
    let back: String
    let version: String
    let isNew: Bool
    let redirectURI: String
    let name: TextField
    /// `nil` once it is set.
    let issuer: TextField?
    let issuerText: String
    let clientID: TextField
    let clientSecret: TextField
    let isPublic: BoxField?
    let scopes: TextField
    let makesAccounts: BoxField
    let mailDomains: TextField
    let groupsClaim: TextField
    let groups: TextField
}
