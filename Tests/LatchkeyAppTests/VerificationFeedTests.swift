import LatchkeyCore
import LatchkeyStore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyApp

/// A store with a feed that an index follows.
private struct FollowedStore {
    let world = Verification()
    let store: Store
    let feed: ChangeFeed

    init(_ engine: EngineUnderTest) async throws {
        store = try await engine.freshStore()
        feed = ChangeFeed(store: store, index: world.index, logger: .silent)
    }

    func user(_ id: Int64, role: Role = .editor) -> User {
        User(
            id: ID(id), type: .human, handle: "h\(id)", userName: "h\(id)", email: "h\(id)@example.com", name: "H",
            role: role, createdAt: Verification.start, createdBy: nil)
    }

    /// A token that is signed but in no index yet.
    func token(_ id: Int64, owner: Int64) throws -> (secret: String, token: Token) {
        let maker = Verification()
        return try maker.give(id, owner: owner) { $0.name = "token \(id)" }
    }

    /// Commits, and says which number of the feed that is.
    func commit(_ changes: Change...) async throws -> Int64 {
        let event = AuditEvent(.create, .user, 0, by: Caller(.host), at: Verification.start)
        return try await store.write { db throws(Refusal) in try db.apply(Decision(event, changes)) }
    }
}

@Suite("The change feed", .serialized)
struct VerificationFeedTests {
    @Test("is loaded whole, deleted tokens aside", arguments: EngineUnderTest.available)
    func loads(engine: EngineUnderTest) async throws {
        let followed = try await FollowedStore(engine)
        let (secret, token) = try followed.token(1, owner: 10)
        let (goneSecret, deleted) = try followed.token(2, owner: 10)
        var gone = deleted
        gone.deletedAt = Verification.start
        let team = followed.world.team(5, "Data")
        let seq = try await followed.commit(
            .insertUser(followed.user(10)), .insertTeam(team), .addMember(ID(10), to: team.id), .insertToken(token),
            .insertToken(gone))
        try await followed.feed.load()
        #expect(followed.feed.applied == seq)
        let bearer = try #require(followed.world.verify(secret).bearer)
        #expect(bearer.account.email == "h10@example.com")
        #expect(bearer.teamNames == ["Public", "Data"])
        #expect(followed.world.verify(goneSecret).refusal?.reason == .deleted)
        await followed.store.close()
    }

    @Test("brings each kind of change before reach returns", arguments: EngineUnderTest.available)
    func follows(engine: EngineUnderTest) async throws {
        let followed = try await FollowedStore(engine)
        try await followed.feed.load()
        let (secret, issued) = try followed.token(1, owner: 10)
        var token = issued
        try await followed.feed.reach(
            try await followed.commit(.insertUser(followed.user(10)), .insertToken(token)))
        #expect(followed.world.verify(secret).bearer?.role == .editor)

        var user = followed.user(10, role: .member)
        user.version = 2
        try await followed.feed.reach(try await followed.commit(.updateUser(user)))
        #expect(followed.world.verify(secret).bearer?.role == .member)

        token.revocation = Revocation(at: Verification.start, by: nil, reason: .compromised)
        token.version = 2
        try await followed.feed.reach(try await followed.commit(.updateToken(token)))
        #expect(followed.world.verify(secret).refusal?.reason == .revoked)

        token.deletedAt = Verification.start
        token.version = 3
        try await followed.feed.reach(try await followed.commit(.updateToken(token)))
        #expect(followed.world.verify(secret).refusal?.reason == .deleted)
        await followed.store.close()
    }

    @Test("serves many who wait at once, each with its own change", arguments: EngineUnderTest.available)
    func coalesces(engine: EngineUnderTest) async throws {
        let followed = try await FollowedStore(engine)
        try await followed.feed.load()
        try await followed.feed.reach(try await followed.commit(.insertUser(followed.user(10))))
        let missed = try await withThrowingTaskGroup(of: Bool.self) { group in
            for id in Int64(1)...200 {
                group.addTask {
                    let (secret, token) = try followed.token(id, owner: 10)
                    try await followed.feed.reach(try await followed.commit(.insertToken(token)))
                    return followed.world.verify(secret).bearer?.token != ID(id)
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(missed == 0)
        #expect(followed.world.index.size.tokens == 200)
        await followed.store.close()
    }

    @Test("says when the feed cannot be read, to everybody who waits")
    func unreadable() async throws {
        let followed = try await FollowedStore(.sqlite)
        try await followed.feed.load()
        await followed.store.close()
        let refused = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    do throws(Refusal) {
                        try await followed.feed.reach(1000)
                        return false
                    } catch {
                        return true
                    }
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(refused == 20)
    }
}
