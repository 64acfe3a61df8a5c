import LatchkeyCore
import LatchkeyStore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyApp

@Suite("Following revocations", .serialized)
struct RevocationTests {
    private static let beginning = RevocationPlace.snapshot(behind: ID(0), since: nil)

    private static func start(_ house: House) async throws -> RevocationPart {
        let part = try await house.app.revocations(at: beginning, as: house.admin)
        return try #require(part)
    }

    private static func revoke(_ token: IssuedToken, in house: House) async throws {
        _ = try await house.app.updateToken(
            token.summary.token.id, TokenEdit(revoke: true, reason: .superseded), as: house.admin)
    }

    @Test("whoever waits is told at once", arguments: EngineUnderTest.available)
    func tellsAtOnce(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let user = try await house.givenServiceUser()
        let token = try await house.givenToken(for: user)
        let start = try await Self.start(house)
        #expect(start.news.isEmpty)
        async let waiting = house.app.revocations(at: start.next, waiting: .seconds(600), as: house.admin)
        while house.app.feed.bell.waiting == 0 { await Task.yield() }
        try await Self.revoke(token, in: house)
        let told = try await waiting
        #expect(told?.news == [TokenNews(token: token.summary.token.id, works: false)])
        await house.store.close()
    }

    @Test("each way of losing a token is told", arguments: EngineUnderTest.available)
    func everyWay(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let user = try await house.givenServiceUser()
        let other = try await house.givenServiceUser("Other")
        let rotated = try await house.givenToken("rotated", for: user)
        let first = try await house.givenToken("first", for: other)
        let start = try await Self.start(house)
        _ = try await house.app.rotateToken(
            rotated.summary.token.id, RotationRequest(overlap: .none), as: house.admin)
        try await house.app.retireRotatedTokens()
        try await house.app.deactivateUser(other.user.id, revokingTokens: true, as: house.admin)
        let told = try await house.app.revocations(at: start.next, as: house.admin)
        let expected = [rotated, first].map { TokenNews(token: $0.summary.token.id, works: false) }
        #expect(told?.news == expected)
        await house.store.close()
    }

    @Test("nobody is kept waiting when the server stops, and nobody begins to")
    func stops() async throws {
        let house = try await House(on: .sqlite)
        let start = try await Self.start(house)
        async let waiting = house.app.revocations(at: start.next, waiting: .seconds(600), as: house.admin)
        while house.app.feed.bell.waiting == 0 { await Task.yield() }
        house.app.stopWaiting()
        let part = try await waiting
        #expect(part?.news.isEmpty == true)
        let later = try await house.app.revocations(at: start.next, waiting: .seconds(600), as: house.admin)
        #expect(later?.news.isEmpty == true)
        #expect(house.app.feed.bell.waiting == 0)
    }

    @Test("so many wait with one account, and one more is told to come later")
    func bounded() async throws {
        let bell = FeedBell()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<FeedBell.mostOfOne {
                group.addTask { _ = try? await bell.wait(beyond: 5, atMost: .seconds(600), as: ID(1)) }
            }
            while bell.waiting < FeedBell.mostOfOne { await Task.yield() }
            let refused = await refusal { try await bell.wait(beyond: 5, atMost: .seconds(600), as: ID(1)) }
            #expect(refused == .limited(retryAfter: .seconds(5)))
            group.addTask { _ = try? await bell.wait(beyond: 5, atMost: .seconds(600), as: ID(2)) }
            while bell.waiting == FeedBell.mostOfOne { await Task.yield() }
            bell.ring(5)
            #expect(bell.waiting == FeedBell.mostOfOne + 1)
            bell.ring(6)
        }
        #expect(bell.waiting == 0)
        let again = await refusal { try await bell.wait(beyond: 5, atMost: .seconds(600), as: ID(1)) }
        #expect(again == nil)
    }

    @Test("however many tokens an account has, its places are counted together")
    func manyTokens() async throws {
        let house = try await House(on: .sqlite)
        let user = try await house.givenServiceUser()
        var callers: [Caller] = []
        for number in 0..<2 {
            callers.append(try await house.caller(try await house.givenToken("t\(number)", for: user).secret))
        }
        let start = try await Self.start(house)
        await withTaskGroup(of: Void.self) { [callers] group in
            for number in 0..<FeedBell.mostOfOne {
                group.addTask {
                    _ = try? await house.app.revocations(
                        at: start.next, waiting: .seconds(600), as: callers[number % 2])
                }
            }
            while house.app.feed.bell.waiting < FeedBell.mostOfOne { await Task.yield() }
            for caller in callers {
                let refused = await refusal {
                    _ = try await house.app.revocations(at: start.next, waiting: .seconds(600), as: caller)
                }
                #expect(refused == .limited(retryAfter: .seconds(5)))
            }
            house.app.stopWaiting()
        }
    }

    @Test("where others have taken every place the answer comes at once", .timeLimit(.minutes(1)))
    func full() async throws {
        let house = try await House(on: .sqlite)
        let start = try await Self.start(house)
        let bell = house.app.feed.bell
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<FeedBell.mostWaiting {
                group.addTask {
                    _ = try? await bell.wait(
                        beyond: .max, atMost: .seconds(600), as: ID(Int64(1000 + number / FeedBell.mostOfOne)))
                }
            }
            while bell.waiting < FeedBell.mostWaiting { await Task.yield() }
            let part = try? await house.app.revocations(at: start.next, waiting: .seconds(600), as: house.admin)
            #expect(part?.news.isEmpty == true)
            bell.close()
        }
    }

    @Test("a part that is cancelled leaves its place")
    func cancelled() async throws {
        let bell = FeedBell()
        let task = Task { try? await bell.wait(beyond: 5, atMost: .seconds(600), as: ID(1)) }
        while bell.waiting == 0 { await Task.yield() }
        task.cancel()
        _ = await task.value
        #expect(bell.waiting == 0)
    }

    @Test("the feed keeps 30 days, and an older place is no more", arguments: EngineUnderTest.available)
    func shortens(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let start = try await Self.start(house)
        _ = try await house.givenServiceUser()
        let removed = try await house.app.shortenFeed()
        #expect(removed == 0)
        house.clock.advance(by: App.feedIsKeptFor)
        _ = try await house.givenServiceUser("Later")
        let kept = try await Self.start(house)
        let dropped = try await house.app.shortenFeed()
        #expect(dropped > 0)
        let old = try await house.app.revocations(at: start.next, as: house.admin)
        #expect(old == nil)
        let new = try await house.app.revocations(at: kept.next, as: house.admin)
        #expect(new?.news.isEmpty == true)
        let again = try await house.app.shortenFeed()
        #expect(again == 0)
        await house.store.close()
    }

    @Test("any token may follow, and a stranger may not")
    func permission() async throws {
        let house = try await House(on: .sqlite)
        let token = try await house.givenToken(for: house.givenServiceUser())
        let member = try await house.caller(token.secret)
        let part = try await house.app.revocations(at: Self.beginning, as: member)
        #expect(part != nil)
        let stranger = await refusal {
            _ = try await house.app.revocations(at: Self.beginning, as: Caller(.anonymous))
        }
        #expect(stranger == .unauthenticated(credentialSent: false))
    }
}
