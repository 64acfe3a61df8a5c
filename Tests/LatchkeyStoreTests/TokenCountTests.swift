import LatchkeyCore
import LatchkeyStore
import LatchkeyTestSupport
import Testing

@Suite("Counting tokens")
struct TokenCountTests {
    private static let now = Sample.now

    @Test("gives the length of the list, whatever is asked for", arguments: EngineUnderTest.available)
    func sameAsList(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        try await store.write { db throws(Refusal) in try Self.fill(db) }
        let wrong = try await store.read { db throws(Refusal) in
            var wrong: [String] = []
            for filter in Self.filters {
                let (count, listed) = (try db.tokenCount(filter), try db.tokens(filter, limit: 1000).count)
                if count != listed { wrong.append("\(count) of \(listed): \(filter)") }
            }
            return wrong
        }
        #expect(wrong.isEmpty, "\(wrong.prefix(3))")
    }

    @Test("by the day of their end adds up to the lists of these days", arguments: EngineUnderTest.available)
    func byDay(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        try await store.write { db throws(Refusal) in try Self.fill(db) }
        let (days, lists, all) = try await store.read { db throws(Refusal) in
            let days = try db.endingTokens(type: .service, days: 90, at: Self.now)
            var lists: [Int] = []
            for (day, _) in days {
                var filter = TokenFilter(type: .service, standing: .active, now: Self.now)
                (filter.expiresFrom, filter.expiresBefore) = (day, day + .days(1))
                lists.append(try db.tokens(filter, limit: 1000).count)
            }
            var within = TokenFilter(type: .service, standing: .active, now: Self.now)
            within.expiresBefore = Self.now + .days(88)
            return (days, lists, try db.tokenCount(within))
        }
        #expect(days.map(\.count) == lists)
        #expect(days.count > 2)
        #expect(lists.reduce(0, +) >= all)
    }

    @Test("used after revocation finds them, and users without owner or purpose", arguments: EngineUnderTest.available)
    func figures(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let (late, ownerless, purposeless, all) = try await store.write { db throws(Refusal) in
            let owner = try db.givenUser("a@service").id
            var (revoked, quiet) = (try db.givenToken(owner: owner), try db.givenToken(owner: owner))
            let working = try db.givenToken(owner: owner)
            for token in [revoked, quiet, working] { try db.note(.lastUses([Self.use(of: token, after: 60)])) }
            revoked.revocation = Revocation(at: Self.now + .seconds(30), by: nil, reason: .unspecified)
            quiet.revocation = Revocation(at: Self.now + .seconds(90), by: nil, reason: .unspecified)
            (revoked.version, quiet.version) = (2, 2)
            try db.apply(Sample.decision(.updateToken(revoked), .updateToken(quiet)))
            var late = TokenFilter(type: .service, now: Self.now)
            late.isUsedAfterRevocation = true
            var owned = Sample.user(try db.nextID(), "b@service")
            (owned.owner, owned.purpose) = (owner, "Loads")
            try db.apply(Sample.decision(.insertUser(owned)))
            var (ownerless, purposeless) = (UserFilter(type: .service), UserFilter(type: .service))
            (ownerless.lacksOwner, purposeless.lacksPurpose) = (true, true)
            return (
                try db.tokens(late, PageRequest()).items.map(\.token.id) == [revoked.id] ? try db.tokenCount(late) : -1,
                try db.users(ownerless, PageRequest(), at: Self.now),
                try db.users(purposeless, PageRequest(), at: Self.now),
                try db.userCount(UserFilter(type: .service))
            )
        }
        #expect(late == 1)
        #expect(ownerless.items.map(\.user.handle) == ["a@service"])
        #expect(purposeless.total == 1)
        #expect(all == 2)
    }
}

extension TokenCountTests {
    private static func use(of token: Token, after seconds: Int) -> LastUse {
        LastUse(token: token.id, at: now + .seconds(seconds), address: nil, userAgent: nil, route: "GET /a")
    }

    /// Tokens of all standings, with ends and last uses around now and around midnight.
    private static func fill(_ db: WriteTransaction) throws(Refusal) {
        let owner = try db.givenUser("a@service").id
        let midnight = Timestamp(seconds: now.seconds / 86_400 * 86_400)
        let moments = [-86_401, -86_400, -1, 0, 1, 3600, 86_399, 86_400, 30 * 86_400, 89 * 86_400, 95 * 86_400]
        var ends: [Timestamp?] = [nil, nil, now, now + .milliseconds(1)]
        for second in moments { ends += [now + .seconds(second), midnight + .seconds(second)] }
        for (place, end) in ends.enumerated() {
            for state in 0..<4 {
                let token = try db.givenToken(owner: owner, name: "\(place) \(state)", expiresAt: end)
                if (place + state).isMultiple(of: 3) {
                    try db.note(.lastUses([use(of: token, after: moments[place % moments.count])]))
                }
                try put(token, into: state, db)
            }
        }
    }

    /// 0 stays as it is; 1 is revoked; 2 is deleted; 3 has been rotated and is overdue.
    private static func put(_ token: Token, into state: Int, _ db: WriteTransaction) throws(Refusal) {
        guard state > 0 else { return }
        var changed = token
        changed.version = 2
        switch state {
        case 1: changed.revocation = Revocation(at: now, by: nil, reason: .unspecified)
        case 2: changed.deletedAt = now
        default:
            let successor = try db.givenToken(owner: token.owner, name: "after \(token.name)", predecessor: token.id)
            changed.rotation = Rotation(
                successor: successor.id, startedAt: now - .seconds(9), overlap: .none, provenAt: nil,
                retiresAt: now - .seconds(token.id.value.isMultiple(of: 2) ? 1 : -1), abortedAt: nil)
        }
        try db.apply(Sample.decision(.updateToken(changed)))
    }

    private static var filters: [TokenFilter] {
        var filters: [TokenFilter] = []
        let moments: [Timestamp?] = [nil, now, now + .milliseconds(1), now + .hours(13), now + .days(30)]
        for type in [nil, TokenType.service, .personal] {
            for standing in [nil, Standing.active, .revoked, .expired] {
                for before in moments {
                    for from in moments {
                        var filter = TokenFilter(type: type, standing: standing, expiresBefore: before, now: now)
                        filter.expiresFrom = from
                        filters.append(filter)
                    }
                }
                var never = TokenFilter(type: type, standing: standing, now: now)
                never.neverExpires = true
                filters.append(never)
            }
            for since in moments {
                for isRevoked in [nil, true, false] {
                    var unused = TokenFilter(type: type, unusedSince: since, now: now)
                    unused.isRevoked = isRevoked
                    filters.append(unused)
                }
            }
        }
        return filters
    }
}
