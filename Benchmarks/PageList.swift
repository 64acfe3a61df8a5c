/// The pages that are measured: every one that the console shows, lists in each order, narrowed and far from their
/// start. A test holds this file against the console's own table of pages.
enum PageList {
    /// Things that pages are about, by the names that stand for them below.
    typealias Examples = [String: String]

    static func pages(_ examples: Examples) -> [String] {
        (entry + users + forms + tokens + tokenForms + teams + audit + settings).map { page in
            examples.reduce(page) { $0.replacing("{\($1.key)}", with: $1.value) }
        }
    }

    private static let entry: [String] = [
        "/", "/account", "/account/password", "/account/second-factor", "/set-up?code=x", "/invitation?code=x",
        "/new-password?code=x", "/api/cli/authorize?redirect_uri=http%3A%2F%2F127.0.0.1%3A9%2F&state=12345678",
    ]

    private static let userOrders = ["name", "created", "role", "teams", "type", "last_login", "last_used"]
    private static let users: [String] =
        ["/settings/security/users"]
        + userOrders.flatMap { order in
            ["asc", "desc"].map { "/settings/security/users?sort=\(order)&sort_dir=\($0)" }
        }
        + [
            "page={middlePage}", "page={lastPage}", "sort=created&sort_dir=desc&page={middlePage}", "name=lovelace",
            "name=nobody%20at%20all", "name=e", "name=ada%40", "name=lovelace&sort=created", "role=Member",
            "role=Admin",
            "role=Manager&page=100", "service=true", "service=true&page={servicePage}", "service=true&ownerless=true",
            "service=true&purposeless=true", "service=true&orphaned=true", "ownerless=true", "deactivated=true",
            "deactivated=true&page={middlePage}",
            "team={teamName}", "team={largeTeamName}", "team={largeTeamName}&page=200",
            "team={largeTeamName}&name=hopper", "role=Manager&name=hopper",
        ].map { "/settings/security/users?\($0)" }

    private static let forms: [String] = [
        "/settings/security/users/{person}", "/settings/security/users/{service}", "/settings/security/users/{admin}",
        "/settings/security/users/{person}/edit", "/settings/security/users/{service}/edit",
        "/settings/security/users/{person}/password-link", "/settings/security/users/{person}/reset-second-factor",
        "/settings/security/users/{person}/end-sessions", "/settings/security/users/{service}/deactivate",
        "/settings/security/users/{gone}/restore",
        "/settings/security/users/{service}/trust", "/settings/security/users/{service}/tokens/new",
        "/settings/security/users/{service}/revoke-tokens",
        "/settings/security/users/new", "/settings/security/users/new/handle?value=Nightly",
        "/settings/security/users/people?value=lovelace", "/settings/security/users/people?value=nobody",
    ]

    private static let tokenOrders = ["name", "created", "expiration", "last_used"]
    private static let tokens: [String] =
        ["/settings/tokens", "/settings/tokens/service"]
        + tokenOrders.flatMap { order in
            ["asc", "desc"].map { "/settings/tokens/service?sort=\(order)&sort_dir=\($0)" }
        }
        + tokenOrders.map { "/settings/tokens/service?sort=\($0)&page={tokenPage}" }
        + ["active", "revoked", "expired"].flatMap { status in
            tokenOrders.map { "/settings/tokens/service?status=\(status)&sort=\($0)" }
        }
        + [
            "page={lastTokenPage}", "status=revoked&page=3000", "status=active&page=9000", "name=production",
            "name=production-12", "name=nothing", "name=p", "name=production&sort=name",
            "name=production&sort=last_used",
            "name=production&status=revoked", "user={handle}", "user={handle}&sort=last_used",
            "user={handle}&status=active", "user=nobody%40service", "scim=true", "scim=true&status=expired&sort=name",
            "status=active&never_expires=true", "used_after_revocation=true&sort=last_used&sort_dir=desc",
            "revoked=false&unused_since={quarterAgo}&sort=last_used&sort_dir=asc",
            "status=active&expires_before={inAMonth}&sort=expiration&sort_dir=asc",
            "status=active&expires_before={inAMonth}&sort=created",
        ].map { "/settings/tokens/service?\($0)" }

    private static let tokenForms: [String] = [
        "/settings/tokens/new", "/settings/tokens/new?kind=service", "/settings/tokens/users?value=nightly",
        "/settings/tokens/{token}", "/settings/tokens/{token}/edit", "/settings/tokens/{token}/revoke",
        "/settings/tokens/{token}/rotate", "/settings/tokens/{revoked}", "/settings/tokens/{revoked}/restore",
        "/settings/tokens/{revoked}/delete", "/settings/tokens/many?change=revoke&{ids}",
    ]

    private static let teams: [String] = [
        "/settings/security/teams", "/settings/security/teams?sort=created&sort_dir=desc",
        "/settings/security/teams?name=risk", "/settings/security/teams?page={teamPage}",
        "/settings/security/teams/{team}", "/settings/security/teams/{largeTeam}",
        "/settings/security/teams/{largeTeam}?page=200", "/settings/security/teams/{public}",
        "/settings/security/teams/{public}?page=1000", "/settings/security/teams/new",
        "/settings/security/teams/{team}/edit", "/settings/security/teams/{largeTeam}/delete",
        "/settings/security/teams/people?value=hopper", "/settings/security/teams/options?value=risk",
        "/settings/security/teams/names?value=risk",
    ]

    private static let audit: [String] =
        ["/settings/audit"]
        + [
            "timeframe=week", "timeframe=quarter", "timeframe=year", "page=200", "page={lastAuditPage}",
            "user={adminHandle}", "user={personHandle}", "user={adminHandle}&timeframe=year", "object_type=token",
            "object_type=token&timeframe=year", "object_type=user", "actions=issue&actions=revoke", "actions=refuse",
            "actions=export&timeframe=year", "address=10.0.0.7", "address=10.0.0.7&timeframe=year", "token_id={token}",
            "start_date={quarterDay}&end_date={monthDay}",
        ].map { "/settings/audit?\($0)" }

    private static let settings: [String] = [
        "/settings/directory-sync", "/settings/policy", "/settings/sign-in", "/settings/sign-in/providers/new",
        "/settings/sign-in/invite",
        "/settings/sign-in/require-second-factor", "/settings/sign-in/lift-second-factor",
        "/account/identities/disconnect?issuer=x&subject=y",
    ]

    /// What is left out: answers without a page, files, and pages that need what the organisation has not: an identity
    /// provider, a second factor, an open invitation, a directory that has synced. None of them lists anything.
    static let unmeasured = [
        "/sign-in", "/sign-in/second-factor", "/sso/{provider}/start", "/sso/callback", "/sso/unconnected",
        "/account/connect", "/account/second-factor/remove", "/account/second-factor/codes",
        "/settings/sign-in/providers/{provider}/edit", "/settings/sign-in/providers/{provider}/turn-off",
        "/settings/sign-in/providers/{provider}/delete", "/settings/directory-sync/{directory}/release",
        "/settings/sign-in/invitations/{invitation}/withdraw", "/settings/audit/export",
    ]
}
