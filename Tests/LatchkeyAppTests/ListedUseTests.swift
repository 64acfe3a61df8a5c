import LatchkeyCore
import LatchkeyStore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyApp

@Suite("The ledger lists last uses")
struct ListedUseTests {
    private static let start = Verification.start
    private static let narrow = UsageBounds(tokens: 100, rows: 200, rowsPerHour: 50, refusals: 5, listedAtOnce: 2)

    private let ledger = UsageLedger(bounds: Self.narrow)
    private let bearer: Bearer

    init() throws {
        let world = Verification()
        world.giveAccount()
        bearer = try #require(world.verify(try world.give(1).secret).bearer)
    }

    @Test("at once while they are few, and not again with the counts")
    func few() async throws {
        use([1, 2])
        let first = try await flush(.lastUses)
        use([3])
        let (second, third) = (try await flush(.lastUses), try await flush(.counts))
        #expect(first.listed == [1, 2] && first.unlisted.isEmpty)
        #expect(second.listed == [3] && second.unlisted.isEmpty)
        #expect(third.listed.isEmpty && third.unlisted.isEmpty && third.counted == [1, 2, 3])
    }

    @Test("not while they are many, and each once", arguments: [FlushExtent.counts, .final])
    func many(extent: FlushExtent) async throws {
        use([1, 2, 3, 4])
        let first = try await flush(.lastUses)
        use([4], after: .seconds(1))
        let second = try await flush(.lastUses)
        use([1, 2, 3], after: .seconds(2))
        let (third, fourth) = (try await flush(extent), try await flush(.final))
        #expect(first.unlisted == [1, 2, 3, 4] && first.listed.isEmpty)
        #expect(second.listed == [4] && second.unlisted.isEmpty)
        #expect(third.unlisted == [1, 2, 3] && third.listed.isEmpty && third.counted == [1, 2, 3, 4])
        #expect(fourth == Given())
    }

    @Test("again when neither could be written")
    func failures() async throws {
        use([1, 2, 3])
        try await fail(.lastUses)
        let first = try await flush(.lastUses)
        try await fail(.counts) { use([2], after: .seconds(1)) }
        try await fail(.final)
        let last = try await flush(.counts)
        #expect(first.unlisted == [1, 2, 3])
        #expect(last.listed == [2] && last.unlisted.isEmpty && last.counted == [1, 2, 3])
        #expect(last.moments == [Self.start + .seconds(1)])
    }

    @Test("and counts them in parts, also when nothing is new but the counts")
    func parts() async throws {
        let ledger = UsageLedger()
        use(Array(1...5000), in: ledger)
        _ = try await flush(.lastUses, ledger)
        let notebook = Notebook()
        try await ledger.flush(at: Self.start, .counts) { batch throws(Refusal) in await notebook.write(batch) }
        let sizes = await notebook.batches.map(\.counts.count)
        #expect(sizes.reduce(0, +) == 5000)
        #expect(sizes.count > 1 && sizes.allSatisfy { $0 < 3000 })
    }

    @Test("later only where there are some: at first, after many, and after a failure")
    func later() async throws {
        #expect(ledger.takeUnlisted(), "a program that was killed may have left some")
        use([1, 2])
        _ = try await flush(.lastUses)
        #expect(!ledger.takeUnlisted())
        use([1, 2, 3], after: .seconds(1))
        try await fail(.lastUses)
        #expect(!ledger.takeUnlisted())
        _ = try await flush(.lastUses)
        #expect(ledger.takeUnlisted())
        #expect(!ledger.takeUnlisted())
    }

    @Test("up to 128 of a shard at once in a real one", arguments: [(128, true), (129, false)])
    func usual(tokens: Int, isListed: Bool) async throws {
        let ledger = UsageLedger()
        // 64 neighbours share a shard, and the 16th group after them too.
        use((0..<Int64(tokens)).map { $0 / 64 * 1024 + $0 % 64 + 1024 }, in: ledger)
        use([70, 71], in: ledger)
        let given = try await flush(.lastUses, ledger)
        #expect(given.listed.count == (isListed ? tokens + 2 : 2))
        #expect(given.unlisted.count == (isListed ? 0 : tokens))
    }
}

extension ListedUseTests {
    @Test("that a program which was killed left behind, when the next one starts", arguments: EngineUnderTest.available)
    func left(engine: EngineUnderTest) async throws {
        let house = try await House(on: engine)
        let user = try await house.givenUnlistedUses()
        try await house.app.listUnlistedUses(inParts: 1)
        let listed = try await house.store.read { db throws(Refusal) in
            let byUse = TokenFilter(
                owner: user.user.id, sorting: Sorting(.lastUsed, descending: true), now: Self.start)
            let all = UserFilter(sorting: Sorting(.lastUsed, descending: true))
            return (
                try db.tokens(byUse, limit: 9).map(\.token.name),
                try db.users(all, PageRequest(), at: Self.start).items.first?.user.id,
                try db.unlistedTokens(behind: ID(0), limit: 9), try db.unlistedAccounts(behind: ID(0), limit: 9)
            )
        }
        #expect(listed.0 == ["b", "c", "a"] && listed.2.isEmpty && listed.3.isEmpty)
        #expect(listed.1 == user.user.id)
    }

    @Test("so in the background, from the start", .timeLimit(.minutes(1)))
    func start() async throws {
        let house = try await House(on: .sqlite)
        _ = try await house.givenUnlistedUses()
        let work = Task { await house.app.runBackground() }
        defer { work.cancel() }
        let end = ContinuousClock.now + .seconds(20)
        var left = 3
        while left > 0, ContinuousClock.now < end {
            await Task.yield()
            left = try await house.store.read { db throws(Refusal) in
                try db.unlistedTokens(behind: ID(0), limit: 9).count
            }
        }
        #expect(left == 0)
    }

    private func use(_ tokens: [Int64], after span: Duration = .zero, in other: UsageLedger? = nil) {
        for token in tokens {
            let use = Use(
                token: ID(token), at: Self.start + span, method: "GET", route: "/", address: nil, userAgent: nil,
                outcome: .allowed)
            (other ?? ledger).record(use, by: bearer)
        }
    }

    private func flush(_ extent: FlushExtent, _ other: UsageLedger? = nil) async throws -> Given {
        let notebook = Notebook()
        try await (other ?? ledger).flush(at: Self.start, extent) { batch throws(Refusal) in
            await notebook.write(batch)
        }
        return await Given(notebook.batches)
    }

    private func fail(_ extent: FlushExtent, _ meanwhile: () -> Void = {}) async throws {
        await #expect(throws: Refusal.self) {
            try await ledger.flush(at: Self.start, extent) { _ throws(Refusal) in
                meanwhile()
                throw .unavailable("disk full", retryAfter: .seconds(1))
            }
        }
    }
}

extension House {
    /// A service user with tokens a, b and c, whose uses lists do not know: b is the latest, then c.
    fileprivate func givenUnlistedUses() async throws -> UserSummary {
        let user = try await givenServiceUser()
        _ = try await givenServiceUser("Made later, never used")
        var uses: [LastUse] = []
        for (name, second) in [("a", 3), ("b", 9), ("c", 5)] {
            let token = try await givenToken(name, for: user).summary.token.id
            uses.append(
                LastUse(
                    token: token, at: clock.now + .seconds(second), address: nil, userAgent: nil, route: "/"))
        }
        let given = uses
        try await store.write { db throws(Refusal) in try db.note(.unlistedUses(given)) }
        return user
    }
}

/// What a flush gave out: numbers of tokens in order, and when those that are listed were used.
private struct Given: Hashable {
    var (listed, unlisted, counted): ([Int64], [Int64], [Int64]) = ([], [], [])
    var moments: [Timestamp] = []

    init() {}

    init(_ batches: [UsageBatch]) {
        let uses = batches.flatMap(\.lastUses).sorted { $0.token < $1.token }
        (listed, moments) = (uses.map(\.token.value), uses.map(\.at))
        unlisted = batches.flatMap(\.unlistedUses).map(\.token.value).sorted()
        counted = Set(batches.flatMap(\.counts).map(\.key.token.value)).sorted()
    }
}
