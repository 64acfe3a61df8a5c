import LatchkeyApp
import LatchkeyCore

/// A service user's trusted issuers: adding one. What becomes of it later is done on the page of its token.
struct TrustPages: Sendable {
    let app: App

    private static let path = "/settings/security/users/{id}/trust"
    private static let names = [
        "name", "issuer", "audience", "subject", "claims", "access_minutes", "expires_in_days",
    ]

    var endpoints: [PageEndpoint] {
        [
            .get(Self.path, .needs(.manageTokens)) { visit in try await show(visit, visit.freshForm) },
            .post(Self.path, .needs(.manageTokens), establish).refilled,
        ]
    }

    private func show(_ visit: Visit, _ form: Form) async throws -> PageReply {
        let user = try await app.findUser(visit.id("user"), as: visit.caller).user
        guard user.type == .service, user.isActive else {
            throw Refusal.conflict("Only an active service user can trust an issuer.")
        }
        let policy = app.settings.tokens
        let view = TrustFormView(
            notice: form.notice(besides: Self.names), path: visit.path, back: UserChangePages.page(user.id),
            handle: user.handle, name: form.text("name", "Name").such(as: "GitHub: acme/pipelines"),
            issuer: form.text("issuer", "Issuer", hint: "To the letter, as its tokens have it in iss.")
                .typed("url", autocomplete: "off").such(as: "https://token.actions.githubusercontent.com"),
            audience: form.text(
                "audience", "Audience", app.settings.publicURL,
                hint: "What the workload asks its platform to put into aud."),
            subject: form.text(
                "subject", "Subject",
                hint: "The claim sub. * stands for one whole part between : and /, ** for all parts at the end."
            ).such(as: "repo:acme/pipelines:ref:refs/heads/main"),
            claims: form.text(
                "claims", "Further claims", hint: "A line each: name = value. All have to fit."
            ).such(as: "environment = production").optional,
            minutes: form.choice(
                "access_minutes", "Access tokens live for", Self.minutes(policy), chosen: "\(policy.accessMinutes)",
                hint: "And never longer than the token that the workload exchanges."),
            lifetime: form.choice(
                "expires_in_days", "The trust ends", TokenFields.lifetimes(policy),
                chosen: policy.allowsNever ? "never" : TokenFields.usual(policy)))
        return .page("Trust an issuer", "trust/new", view, status: form.status)
    }

    private static func minutes(_ policy: TokenPolicy) -> [Option] {
        Set([5, 10, 15, 30, 60, policy.accessMinutes]).sorted().map { Option("\($0)", "\($0) minutes") }
    }

    @Sendable
    private func establish(_ visit: Visit) async throws -> PageReply {
        try await visit.answer {
            let id: ID<User> = try visit.id("user")
            let form = visit.form
            let request = NewTrustedIssuer(
                name: form.text("name"), owner: id, issuer: form.text("issuer").trimmed,
                audience: form.text("audience").trimmed, subject: form.text("subject").trimmed,
                claims: try Self.claims(form.text("claims")), minutes: Int(form.text("access_minutes")),
                lifetime: try form.lifetime("expires_in_days"))
            _ = try await app.establishTrust(request, as: visit.caller)
            return .redirect(to: UserChangePages.page(id), saying: .said(.trustEstablished))
        } orAgain: { form in
            try await show(visit, form)
        }
    }

    private static func claims(_ text: String) throws(Refusal) -> [NewClaimCondition] {
        var claims: [NewClaimCondition] = []
        for line in text.split(separator: "\n") where !String(line).trimmed.isEmpty {
            guard let equals = line.firstIndex(of: "=") else {
                throw .invalid("/claims", "must have a line “name = value” for each claim")
            }
            claims.append(
                NewClaimCondition(
                    name: String(line[..<equals]).trimmed, value: String(line[line.index(after: equals)...]).trimmed))
        }
        return claims
    }
}

private struct TrustFormView: View {
    let notice: String?
    let path: String
    let back: String
    let handle: String
    let name: TextField
    let issuer: TextField
    let audience: TextField
    let subject: TextField
    let claims: TextField
    let minutes: ChoiceField
    let lifetime: ChoiceField
}

/// The trusted issuers of a service user, as its page lists them.
struct TrustRows: View {
    let rows: [TrustRow]

    init?(_ trusts: [TrustedIssuerSummary], now: Timestamp) {
        guard !trusts.isEmpty else { return nil }
        rows = trusts.map { TrustRow($0, now: now) }
    }
}

struct TrustRow: View {
    let path: String
    let name: String
    let issuer: String
    let subject: String
    let standing: StandingView
    let expires: Moment?
    let lastUsed: Moment?

    init(_ summary: TrustedIssuerSummary, now: Timestamp) {
        let token = summary.token.token
        path = token.path
        name = token.name
        issuer = summary.trust.issuer
        subject = summary.trust.subject.text
        standing = StandingView(token.standing(at: now))
        expires = Moment(token.expiresAt, now: now)
        lastUsed = Moment(summary.token.lastUse?.at, now: now)
    }
}
