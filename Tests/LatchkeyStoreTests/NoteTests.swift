import LatchkeyCore
import LatchkeyStore
import LatchkeyTestSupport
import Testing

@Suite("Notes and the feed")
struct NoteTests {
    @Test("a last use moves forward and never back, and dates its owner", arguments: EngineUnderTest.available)
    func lastUses(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let (detail, owner) = try await store.write { db throws(Refusal) in
            let token = try db.givenToken(owner: try db.givenUser("a@service").id)
            for (second, route) in [(5, "/a"), (9, "/b"), (7, "/c")] {
                let use = LastUse(
                    token: token.id, at: Sample.now + .seconds(second), address: "10.0.0.1", userAgent: nil,
                    route: route)
                try db.note(.lastUses([use]))
            }
            return (try db.tokenDetail(token.id), try db.userSummary(token.owner, at: Sample.now))
        }
        #expect(detail?.lastUse?.route == "/b")
        #expect(detail?.lastUse?.at == Sample.now + .seconds(9))
        #expect(owner?.lastUsed == Sample.now + .seconds(9))
    }

    @Test("many last uses are written at once, the later of two for one token", arguments: EngineUnderTest.available)
    func manyLastUses(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let (listed, unused, since) = try await store.write { db throws(Refusal) in
            let owner = try db.givenUser("a@service").id
            var tokens: [Token] = []
            for number in 0..<600 { tokens.append(try db.givenToken(owner: owner, name: "t\(number)")) }
            var uses: [LastUse] = []
            for (place, token) in tokens.dropLast(3).enumerated() {
                for second in [place, place + 1000, 5] {
                    uses.append(
                        LastUse(
                            token: token.id, at: Sample.now + .seconds(second), address: nil, userAgent: "curl",
                            route: "GET /a"))
                }
            }
            try db.note(.lastUses(uses.reversed()))
            var gone = tokens[596]
            (gone.deletedAt, gone.version) = (Sample.now, 2)
            try db.apply(Sample.decision(.updateToken(gone)))
            let byUse = TokenFilter(
                type: .service, sorting: Sorting(.lastUsed, descending: true), now: Sample.now)
            var idle = byUse
            idle.unusedSince = Sample.now + .seconds(1002)
            return (
                try db.tokens(byUse, PageRequest(size: 2)), try db.tokenCount(idle),
                try db.tokens(idle, limit: 10).map(\.token.name)
            )
        }
        #expect(listed.items.map(\.lastUse?.at) == [Sample.now + .seconds(1595), Sample.now + .seconds(1594)])
        #expect(listed.total == 599)
        #expect(unused == 5)
        #expect(since == ["t1", "t0", "t599", "t598", "t597"])
    }

    @Test("usage adds up, and stays within 200 rows an hour", arguments: EngineUnderTest.available)
    func usage(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let hour = Sample.now.seconds / 3600
        let (hours, days) = try await store.write { db throws(Refusal) in
            let token = try db.givenToken(owner: try db.givenUser("a@service").id).id
            var counts: [UsageCount] = []
            for (offset, routes) in [(0, 400), (1, 3)] {
                for number in 0..<routes {
                    let key = UsageKey(
                        token: token, hour: hour + Int64(offset), method: "GET", route: "/r\(number)", address: "",
                        agent: "curl", outcome: .allowed)
                    counts.append(UsageCount(key: key, count: 2, first: Sample.now, last: Sample.now))
                }
            }
            try db.note(.usage(counts))
            try db.note(.usage(counts))
            let end = Timestamp(seconds: (hour + 2) * 3600)
            let start = Timestamp(seconds: hour * 3600)
            return (
                try db.usage(UsageQuery(token: token, from: start, until: end, step: .hour)),
                try db.usage(UsageQuery(token: token, from: start, until: end, step: .day))
            )
        }
        let first = hours.filter { $0.key.hour == hour }
        #expect(first.count <= 200)
        #expect(first.map(\.count).reduce(0, +) == 1600)
        #expect(first.filter { $0.key.route == UsageKey.other }.count == 1)
        #expect(hours.filter { $0.key.hour == hour + 1 }.map(\.count) == [4, 4, 4])
        #expect(days.map(\.count).reduce(0, +) == 1612)
        #expect(Set(days.map { $0.key.hour % 24 }) == [0])
    }

    @Test("a key that comes twice in one batch has one row, in a full hour too", arguments: EngineUnderTest.available)
    func usageTwice(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let rows = try await store.write { db throws(Refusal) in
            let token = try db.givenToken(owner: try db.givenUser("a@service").id).id
            let counts = (Array(0..<150) + Array(0..<250)).map { number in
                let key = UsageKey(
                    token: token, hour: Sample.now.seconds / 3600, method: "GET", route: "/r\(number)", address: "",
                    agent: "curl", outcome: .allowed)
                let moment = Sample.now + .seconds(number)
                return UsageCount(key: key, count: 1, first: moment, last: moment)
            }
            try db.note(.usage(counts))
            let span = (Sample.now - .hours(1), Sample.now + .hours(1))
            return try db.usage(UsageQuery(token: token, from: span.0, until: span.1, step: .hour))
        }
        let other = rows.filter { $0.key.route == UsageKey.other }
        #expect(rows.count == 197)
        #expect(rows.filter { $0.count == 2 }.count == 150)
        #expect(other.map(\.count) == [54])
        #expect(other.first?.first == Sample.now + .seconds(196) && other.first?.last == Sample.now + .seconds(249))
    }

    @Test("uses of a token that is not there hold up nobody else's", arguments: EngineUnderTest.available)
    func unknownToken(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let (uses, days) = try await store.write { db throws(Refusal) in
            let known = try db.givenToken(owner: try db.givenUser("a@service").id).id
            let counts = [ID(known.value + 1_000_000), known].map { token in
                let key = UsageKey(
                    token: token, hour: Sample.now.seconds / 3600, method: "GET", route: "/r", address: "",
                    agent: "curl", outcome: .refused)
                return UsageCount(key: key, count: 3, first: Sample.now, last: Sample.now)
            }
            try db.note(.usage(counts))
            let query = UsageQuery(
                token: known, from: Sample.now - .hours(1), until: Sample.now + .hours(1), step: .hour)
            return (try db.usage(query).map(\.count), try db.dailyUses(since: Sample.now - .days(1)).map(\.refusals))
        }
        #expect(uses == [3])
        #expect(days == [3], "what all did together is the sum of what each did")
    }

    @Test("a token moves to a newer digest, once, and the feed says so", arguments: EngineUnderTest.available)
    func redigest(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let (token, feed) = try await store.write { db throws(Refusal) in
            let token = try db.givenToken(owner: try db.givenUser("a@service").id)
            let before = try db.lastSequence()
            for generation in [2, 1, 2] {
                let digest = Sample.digest(Int64(generation) + 100, generation: generation)
                try db.note(.redigest([(token: token.id, digest: digest)]))
            }
            return (try db.token(token.id), try db.changes(after: before, limit: 10).map(\.kind))
        }
        #expect(token?.digest == Sample.digest(102, generation: 2))
        #expect(token?.version == 1)
        #expect(feed == [.token])
    }

    @Test("the feed names everybody whose standing changed", arguments: EngineUnderTest.available)
    func feed(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let (entries, last, user, team) = try await store.write { db throws(Refusal) in
            let user = try db.givenUser("a@service")
            let team = try db.givenTeam("Data")
            try db.apply(Sample.decision(.addMember(user.id, to: team.id)))
            let last = try db.apply(Sample.decision(.deleteTeam(team.id)))
            return (try db.changes(after: 2, limit: 10), last, user.id.value, team.id.value)
        }
        #expect(entries.map(\.kind) == [.user, .user, .team])
        #expect(entries.map(\.id) == [user, user, team])
        #expect(entries.last?.seq == last)
    }

    @Test("the index is told everything in order, `Public` included", arguments: EngineUnderTest.available)
    func snapshot(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let (written, rows, some, accounts) = try await store.write { db throws(Refusal) in
            let user = try db.givenUser("a@service", role: .editor)
            let team = try db.givenTeam("Data")
            try db.apply(Sample.decision(.addMember(user.id, to: team.id)))
            var written: [TokenDigest] = []
            for number in 0..<5 {
                written.append(try db.givenToken(owner: user.id, name: "t\(number)").digest)
            }
            var rows: [[UInt8]] = []
            try db.eachToken { row in rows.append(row.withDigest { Array($0) }) }
            var some: [ID<Token>] = []
            try db.eachToken([ID(2), ID(4), ID(99)]) { row in some.append(row.id) }
            var accounts: [AccountRow] = []
            try db.eachAccount { accounts.append($0) }
            return (written, rows, some.sorted(), accounts)
        }
        #expect(rows == written.map(\.bytes))
        #expect(some == [ID(2), ID(4)])
        #expect(accounts.map(\.handle) == ["a@service"])
        #expect(accounts.first?.role == .editor)
        #expect(accounts.first?.teams.count == 2)
        #expect(accounts.first?.teams.first == ID(1))
    }

    @Test("numbers are never given out twice", arguments: EngineUnderTest.available)
    func numbers(engine: EngineUnderTest) async throws {
        let store = try await engine.freshStore()
        let blocks = try await withThrowingTaskGroup(of: ClosedRange<Int64>.self) { group in
            for size in 1...20 {
                group.addTask { try await store.write { db throws(Refusal) in try db.reserveIDs(size) } }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let numbers = blocks.flatMap { Array($0) }
        #expect(numbers.count == 210)
        #expect(Set(numbers).count == 210)
        #expect(numbers.min() == 1)
    }
}
