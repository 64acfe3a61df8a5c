import LatchkeyApp
import LatchkeyCore

/// To an identity provider and back, and what somebody is asked whose identity opens no account yet.
struct SignOnPages: Sendable {
    let app: App

    static let question = "/account/connect"

    var endpoints: [PageEndpoint] {
        [
            .get("/sso/{id}/start", .open, start),
            .get("/sso/callback", .open, callback),
            .get("/sso/unconnected", .open, explain),
            .get(Self.question, .signedIn, ask),
            .post(Self.question, .signedIn, connect),
        ]
    }

    /// Changes nothing but the browser's own cookie.
    @Sendable
    private func start(_ visit: Visit) async throws -> PageReply {
        let back = LocalPath(visit.query.text("return_to")) ?? .home
        let start = try await app.beginSignOn(
            through: visit.id("identity provider"), returnTo: back.text,
            isForConnecting: visit.person != nil && visit.query.isTicked("connect"))
        return .redirect(to: start.address)
            .with(PageCookie(.provider, start.cookie, maxAge: SignOnRequest.longestAbsence))
    }

    /// A GET that starts a session: what guards it is the state, which this browser alone has in its cookie.
    @Sendable
    private func callback(_ visit: Visit) async throws -> PageReply {
        let query = visit.query
        let answer = SignOnReturn(
            state: query.given("state"), code: query.given("code"), error: query.given("error"),
            issuer: query.given("iss"))
        let outcome = try await app.completeSignOn(
            answer, cookie: visit.cookies[.provider].map(String.init), from: visit.origin)
        switch outcome {
        case .admitted(let user, let provider, let returnTo):
            if visit.person != nil { try await app.signOut(as: visit.caller) }
            let started = try await app.startSession(for: user, by: .provider(provider.value), from: visit.origin)
            return .redirect(to: (LocalPath(returnTo) ?? .home).text)
                .with(.session(started.secret)).with(.deleting(.provider))
        case .unconnected(let pending):
            return .redirect(to: visit.person == nil ? "/sso/unconnected" : Self.question)
                .with(PageCookie(.identity, pending, maxAge: PendingIdentity.keptFor)).with(.deleting(.provider))
        }
    }

    @Sendable
    private func explain(_ visit: Visit) async throws -> PageReply {
        let pending = try pending(visit)
        let view = UnconnectedView(
            label: pending.label, provider: pending.provider,
            signIn: "/sign-in?return_to=\(FormText.encoded(Self.question))")
        return .page("Not connected yet", "sign-in/unconnected", view, isBare: true)
    }

    @Sendable
    private func ask(_ visit: Visit) async throws -> PageReply {
        let pending = try pending(visit)
        let form = Form()
        return Confirmation(
            "Connect with \(pending.provider)?",
            [
                "Whoever signs in at \(pending.provider) as “\(pending.label)” will be signed in to your account here, "
                    + "\(visit.person?.name ?? "").",
                "Go on only if that is you, and if you have just begun this yourself.",
            ], button: "Connect", isGrave: false, visit: visit, form: form, back: "/account"
        ).page(form)
    }

    @Sendable
    private func connect(_ visit: Visit) async throws -> PageReply {
        _ = try await app.connect(visit.cookies[.identity].map(String.init) ?? "", as: visit.caller)
        return .redirect(to: "/account", saying: .said(.identityConnected)).with(.deleting(.identity))
    }

    private func pending(_ visit: Visit) throws(Refusal) -> PendingIdentity {
        try app.pendingIdentity(visit.cookies[.identity].map(String.init) ?? "")
    }
}

/// A button of the sign-in page.
struct ProviderLink: View {
    let name: String
    let path: String

    init(_ button: ProviderButton, returnTo: LocalPath) {
        name = button.name
        let query = returnTo == .home ? "" : "?return_to=\(FormText.encoded(returnTo.text))"
        path = "/sso/\(button.id)/start\(query)"
    }
}

private struct UnconnectedView: View {
    let label: String
    let provider: String
    let signIn: String
}
