import LatchkeyCore
import LatchkeyStore
import LatchkeyTestSupport
import Testing

@Suite("The feed of revocations in the store")
struct RevocationStoreTests {
    private static let beginning = RevocationPlace.snapshot(behind: ID(0), since: nil)

    @Test("begins with what has stopped and has not expired, in parts", arguments: EngineUnderTest.available)
    func snapshot(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let (stopped, since) = try await store.write { db throws(Refusal) in
            let owner = try db.givenUser("a@service").id
            var stopped: [ID<Token>] = []
            for number in 0..<1500 {
                let token = try db.givenToken(owner: owner, name: "t\(number)")
                guard !number.isMultiple(of: 3) else { continue }
                try db.revoke(token)
                stopped.append(token.id)
            }
            try db.revoke(try db.givenToken(owner: owner, name: "expired", expiresAt: Sample.now))
            let gone = try db.revoke(try db.givenToken(owner: owner, name: "gone"))
            try db.update(gone) { $0.deletedAt = Sample.now }
            return (stopped + [gone.id], try db.lastSequence())
        }
        var (parts, place) = ([RevocationPart](), Self.beginning)
        repeat {
            let (here, count) = (place, parts.count)
            let part = try await store.read { db throws(Refusal) in try db.revocations(at: here, now: Sample.now) }
            parts.append(try #require(part))
            place = parts[count].next
        } while parts.last?.hasMore == true
        #expect(parts.count == 2)
        #expect(parts.flatMap(\.news) == stopped.map { TokenNews(token: $0, works: false) })
        #expect(place == .feed(after: since))
        await store.close()
    }

    @Test("goes on with what stops or is restored, not with new tokens", arguments: EngineUnderTest.available)
    func follows(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let (tokens, start) = try await store.write { db throws(Refusal) in
            let owner = try db.givenUser("a@service").id
            var tokens: [Token] = []
            for number in 0..<4 { tokens.append(try db.givenToken(owner: owner, name: "t\(number)")) }
            return (tokens, try db.lastSequence())
        }
        let (first, second, renamed) = (tokens[0], tokens[1], tokens[2])
        let afterStop = try await store.write { db throws(Refusal) in
            try db.revoke(first)
            try db.revoke(second)
            try db.update(renamed) { $0.name = "another" }
            _ = try db.givenToken(owner: first.owner, name: "new")
            return try db.revocations(at: .feed(after: start), now: Sample.now)
        }
        #expect(afterStop?.news == [first, second].map { TokenNews(token: $0.id, works: false) })
        let place = try #require(afterStop?.next)
        let afterRestore = try await store.write { db throws(Refusal) in
            guard let stopped = try db.token(first.id) else { return nil as RevocationPart? }
            try db.update(stopped, .restore) { $0.revocation = nil }
            return try db.revocations(at: place, now: Sample.now)
        }
        #expect(afterRestore?.news == [TokenNews(token: first.id, works: true)])
        #expect(afterRestore?.hasMore == false)
        await store.close()
    }

    @Test("does not go on from where it does not reach", arguments: EngineUnderTest.available)
    func bounds(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let last = try await store.write { db throws(Refusal) in
            for number in 0..<5 { try db.givenUser("u\(number)@service") }
            try db.note(.forgetFeed(upTo: 3))
            return try db.lastSequence()
        }
        for (after, isThere) in [(2, false), (3, true), (last, true), (last + 1, false)] {
            let part = try await store.read { db throws(Refusal) in
                try db.revocations(at: .feed(after: after), now: Sample.now)
            }
            #expect((part != nil) == isThere, "\(after)")
        }
        await store.close()
    }

    @Test("is shortened up to a mark, and never loses its last number", arguments: EngineUnderTest.available)
    func shortens(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let (early, late) = try await store.write { db throws(Refusal) in
            try db.note(.markFeed(at: Sample.now))
            try db.givenUser("a@service")
            try db.note(.markFeed(at: Sample.now))
            let early = try db.lastSequence()
            try db.givenUser("b@service")
            try db.note(.markFeed(at: Sample.now + .days(1)))
            try db.note(.markFeed(at: Sample.now + .days(2)))
            return (early, try db.lastSequence())
        }
        let marks = try await store.read { db throws(Refusal) in
            let moments = [Sample.now - .days(1), Sample.now, Sample.now + .days(1)]
            return try moments.map { moment throws(Refusal) in try db.feedMark(at: moment) }
        }
        #expect(marks == [0, early, late])
        let (bounds, next) = try await store.write { db throws(Refusal) in
            try db.note(.forgetFeed(upTo: late + 100))
            let bounds = try db.feedBounds()
            try db.givenUser("c@service")
            return (bounds, try db.lastSequence())
        }
        #expect(bounds.first == late)
        #expect(bounds.last == late)
        #expect(next == late + 1)
        await store.close()
    }
}

extension WriteTransaction {
    @discardableResult
    fileprivate func revoke(_ token: Token) throws(Refusal) -> Token {
        try update(token, .revoke) { $0.revocation = Revocation(at: Sample.now, by: nil, reason: .superseded) }
    }

    @discardableResult
    fileprivate func update(
        _ token: Token, _ verb: Verb = .update, _ change: (inout Token) -> Void
    ) throws(Refusal) -> Token {
        var changed = token
        change(&changed)
        changed.version += 1
        try apply(Decision(Sample.event(verb, .token, token.id.value), [.updateToken(changed)]))
        return changed
    }
}
