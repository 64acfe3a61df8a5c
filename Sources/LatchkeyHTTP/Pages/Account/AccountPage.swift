import LatchkeyApp
import LatchkeyCore

/// One's own account: who one is here, how one signs in, and where one is signed in.
struct AccountPage: Sendable {
    let app: App
    static let path = "/account"

    var endpoints: [PageEndpoint] {
        [
            .get(Self.path, .signedIn, show),
            .post("/account/sessions/{id}/end", .signedIn, endOne),
            .post("/account/sessions/end", .signedIn, endAll),
        ]
    }

    @Sendable
    private func show(_ visit: Visit) async throws -> PageReply {
        guard let person = visit.person else { throw Refusal.unauthenticated(credentialSent: false) }
        let sessions = try await app.listSessions(as: visit.caller)
        let view = AccountView(
            person, ways: try await app.waysIn(as: visit.caller),
            identities: try await app.ownIdentities(as: visit.caller),
            sessions: sessions.map { SessionRow($0, isThis: $0.id == person.session.id, now: visit.now) },
            now: visit.now)
        return .page("Account", "account/account", view)
    }

    @Sendable
    private func endOne(_ visit: Visit) async throws -> PageReply {
        let id: ID<Session> = try visit.id("session")
        try await app.endSession(id, as: visit.caller)
        guard id != visit.person?.session.id else { return signedOut }
        return .redirect(to: Self.path, saying: .said(.sessionEnded))
    }

    @Sendable
    private func endAll(_ visit: Visit) async throws -> PageReply {
        try await app.endSessions(includingThis: true, as: visit.caller)
        return signedOut
    }

    private var signedOut: PageReply {
        .redirect(to: "/sign-in", saying: .said(.signedOut)).with(.deleting(.session))
    }
}

private struct AccountView: View {
    let name: String
    let email: String
    let role: String
    let teams: [String]
    let avatar: Avatar
    let passwordChanged: Moment?
    let hasPassword: Bool
    let hasFactor: Bool
    let factorSince: Moment?
    let codesLeft: String
    let hasFewCodes: Bool
    let isFactorRequired: Bool
    let identities: [IdentityRow]
    let connectable: [ConnectLink]
    let hasProviders: Bool
    let sessions: [SessionRow]

    init(
        _ person: SignedInPerson, ways: WaysIn, identities own: OwnIdentities, sessions: [SessionRow], now: Timestamp
    ) {
        name = person.name
        email = person.account.email ?? person.account.handle
        role = person.role.rawValue
        teams = person.teamNames
        avatar = Avatar(name: person.name, isService: false)
        passwordChanged = Moment(ways.passwordChangedAt, now: now)
        hasPassword = ways.passwordChangedAt != nil
        hasFactor = ways.secondFactor.isOn
        factorSince = Moment(ways.secondFactor.since, now: now)
        let left = ways.secondFactor.recoveryCodesLeft
        codesLeft = left == 1 ? "1 recovery code is left." : "\(left) recovery codes are left."
        hasFewCodes = left < 3
        isFactorRequired = ways.isSecondFactorRequired
        identities = own.connected.map { IdentityRow($0, now: now) }
        connectable = own.connectable.map(ConnectLink.init)
        hasProviders = !identities.isEmpty || !connectable.isEmpty
        self.sessions = sessions
    }
}

/// A provider at which one could prove who one is, to come in that way from then on.
private struct ConnectLink: View {
    let name: String
    let path: String

    init(_ provider: ProviderButton) {
        name = provider.name
        path = "/sso/\(provider.id)/start?connect"
    }
}

/// A browser in which one is signed in.
private struct SessionRow: View {
    let browser: String
    let address: String
    let how: String
    let started: Moment
    let seen: Moment
    let ends: Moment
    let isThis: Bool
    let endPath: String

    init(_ session: Session, isThis: Bool, now: Timestamp) {
        browser = BrowserName.text(of: session.userAgent)
        address = session.address?.description ?? "unknown address"
        how =
            switch session.method {
            case .password: "Password"
            case .link: "Link"
            case .provider: "Identity provider"
            }
        started = Moment(session.createdAt, now: now)
        seen = Moment(session.lastSeenAt, now: now)
        ends = Moment(session.endsAt, now: now)
        self.isThis = isThis
        endPath = "/account/sessions/\(session.id)/end"
    }
}
