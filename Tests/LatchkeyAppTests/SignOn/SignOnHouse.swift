import LatchkeyApp
import LatchkeyCore
import LatchkeyStore
import LatchkeyTestSupport

/// A house that knows one identity provider.
struct SignOnHouse {
    let house: House
    let provider: FakeProvider
    let set: IdentityProvider

    var app: App { house.app }
    var admin: Caller { house.admin }
    var clock: HandClock { house.clock }
    var store: Store { house.store }

    init(on engine: EngineUnderTest, _ change: (inout IdentityProviderEdit) -> Void = { _ in }) async throws {
        let clock = HandClock()
        provider = FakeProvider(clock: clock)
        house = try await House(on: engine, clock: clock, fetch: provider.fetch)
        var edit = try Self.edit()
        change(&edit)
        set = try await house.app.createIdentityProvider(edit, as: house.admin)
    }

    static func edit() throws -> IdentityProviderEdit {
        var edit = IdentityProviderEdit()
        edit.name = "Example"
        edit.issuer = FakeProvider.issuer
        edit.clientID = "latchkey"
        edit.clientSecret = .some(try ClientSecret("s3cret"))
        return edit
    }

    /// The whole way of a browser: away, and back.
    func signOn(
        _ bend: (inout FakeProvider.Manner) -> Void = { _ in }
    ) async throws(Refusal) -> SignOnOutcome {
        provider.bend(bend)
        let start = try await app.beginSignOn(through: set.id, returnTo: "/settings/tokens")
        return try await app.completeSignOn(
            provider.authorize(start.address), cookie: start.cookie, from: Origin(requestID: "test"))
    }

    /// The account that was opened; fails when none was.
    func admitted(_ bend: (inout FakeProvider.Manner) -> Void = { _ in }) async throws -> User {
        guard case .admitted(let id, _, _) = try await signOn(bend), let user = try await user(id) else {
            throw Refusal.notFound("admitted user")
        }
        return user
    }

    func user(_ id: ID<User>) async throws(Refusal) -> User? {
        try await store.read { db throws(Refusal) in try db.user(id) }
    }

    /// Why a sign-in was refused, in words; `nil` when it was not.
    func words(_ bend: (inout FakeProvider.Manner) -> Void) async -> String? {
        let refused = await refusal { _ = try await signOn(bend) }
        switch refused {
        case .badRequest(let words), .forbidden(let words), .unavailable(let words, _), .conflict(let words, _):
            return words
        case nil: return nil
        default: return "\(String(describing: refused))"
        }
    }

    /// As somebody makes it who has signed in.
    func givenPersonalToken(of user: User) async throws -> IssuedToken {
        let started = try await app.startSession(for: user.id, by: .password, from: Origin())
        let person = try await app.signedIn(started.secret.reveal()[...], from: Origin())
        return try await app.issueToken(NewToken(name: "mine", lifetime: .days(30)), as: person.caller)
    }
}
