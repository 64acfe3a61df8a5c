import LatchkeyApp
import LatchkeyCore
import LatchkeyStore
import LatchkeyTestSupport

/// The whole of the house below the doors, on a fresh database, with a clock that the test moves and one Admin.
struct House {
    let app: App
    let store: Store
    let clock: HandClock
    let admin: Caller
    private let ring: KeyRing
    private let ambient: Ambient

    init(
        on engine: EngineUnderTest, hasAdmin: Bool = true, governsRoles: Bool = false,
        limits: LimitSettings = LimitSettings(), clock: HandClock = HandClock(),
        fetch: @escaping Fetch = Ambient.fetchesNothing, passwordCost: PasswordHash.Cost = .trivial,
        accessMinutes: Int = 10
    ) async throws {
        let bytes = CountingBytes()
        ring = KeyRing.generate(instance: "test", randomBytes: { bytes.bytes($0) })
        ambient = Ambient(now: { clock.now }, randomBytes: { bytes.bytes($0) }, fetch: fetch)
        store = try await engine.freshStore(at: clock.now)
        var settings = Self.settings
        settings.directoryGovernsRoles = governsRoles
        settings.passwordCost = passwordCost
        settings.limits = limits
        settings.tokens.accessMinutes = accessMinutes
        app = try await App(store: store, keys: ring, settings: settings, ambient: ambient, logger: .silent)
        self.clock = clock
        guard hasAdmin else {
            admin = Caller(.anonymous)
            return
        }
        let first = try await app.bootstrap(email: "ada@example.com", name: "Ada", isBreakGlass: false)
        admin = try await Self.caller(first.token.secret, of: app)
    }

    private static let settings = InstanceSettings(
        publicURL: "https://latchkey.example.com", passwordCost: .trivial)

    /// Another program on the same database, such as `latchkey admin bootstrap` beside the server.
    func elsewhere() async throws -> App {
        try await App(store: store, keys: ring, settings: Self.settings, ambient: ambient, logger: .silent)
    }

    private static func caller(_ secret: TokenSecret, of app: App) async throws(Refusal) -> Caller {
        let bearer = try await app.authenticate(
            secret.reveal()[...], method: "GET", route: "/test", from: Origin(requestID: "test"))
        return Caller(.bearer(bearer.credential), origin: Origin(requestID: "test"))
    }

    /// Who presents this token now; throws as verification refuses.
    func caller(_ secret: TokenSecret) async throws(Refusal) -> Caller {
        try await Self.caller(secret, of: app)
    }

    func givenServiceUser(
        _ name: String = "Pipeline Automation", role: Role = .member, teams: [String] = []
    ) async throws -> UserSummary {
        try await app.createServiceUser(NewServiceUser(name: name, role: role, teams: teams), as: admin)
    }

    func givenToken(
        _ name: String = "production", for user: UserSummary, lifetime: Lifetime = .days(30),
        limits: NarrowingRequest = NarrowingRequest()
    ) async throws -> IssuedToken {
        try await app.issueToken(
            NewToken(name: name, owner: user.user.id, lifetime: lifetime, limits: limits), as: admin)
    }

    /// One use of a token that is counted, as a door counts it.
    func use(_ secret: TokenSecret) async throws(Refusal) {
        let bearer = try await app.authenticate(
            secret.reveal()[...], method: "GET", route: "/api/users/me", from: Origin())
        app.recordUse(by: bearer, method: "GET", route: "/api/users/me", from: Origin(), outcome: .allowed)
    }

    /// Whether the token is refused now.
    func isRefused(_ secret: TokenSecret) async -> Bool {
        (try? await caller(secret)) == nil
    }
}

/// The refusal of a use case, `nil` when it was granted.
func refusal(_ call: () async throws -> Void) async -> Refusal? {
    do {
        try await call()
        return nil
    } catch {
        return error as? Refusal
    }
}
