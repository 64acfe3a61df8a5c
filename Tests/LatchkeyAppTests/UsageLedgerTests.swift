import LatchkeyCore
import Testing

@testable import LatchkeyApp

/// Gathers what a ledger gives out.
actor Notebook {
    private(set) var batches: [UsageBatch] = []

    func write(_ batch: UsageBatch) { batches.append(batch) }

    var counts: [UsageCount] { batches.flatMap(\.counts) }
    var lastUses: [LastUse] { batches.flatMap(\.lastUses) }
    var refusals: [AuditEvent] { batches.flatMap(\.events) }
}

@Suite("The usage ledger")
struct UsageLedgerTests {
    private let start = Verification.start
    private let bearer: Bearer

    init() throws {
        let world = Verification()
        world.giveAccount()
        bearer = try #require(world.verify(try world.give(1).secret).bearer)
    }

    private func use(
        _ token: Int64 = 1, after span: Duration = .zero, route: String = "/api/users/me",
        agent: String? = "curl/8.5.0", outcome: UseOutcome = .allowed, address: String = "10.0.0.1"
    ) -> Use {
        Use(
            token: ID(token), at: start + span, method: "GET", route: route, address: Address(address),
            userAgent: agent, outcome: outcome)
    }

    private func flush(_ ledger: UsageLedger, into notebook: Notebook, after span: Duration = .zero) async throws {
        try await ledger.flush(at: start + span) { batch throws(Refusal) in await notebook.write(batch) }
    }

    @Test("adds up uses that are alike, and keeps apart what is not")
    func counts() async throws {
        let (ledger, notebook) = (UsageLedger(), Notebook())
        for second in 0..<5 { ledger.record(use(after: .seconds(second)), by: bearer) }
        ledger.record(use(after: .seconds(9), agent: "curl/9.0"), by: bearer)
        ledger.record(use(after: .seconds(3), agent: "python-requests/2.31"), by: bearer)
        ledger.record(use(after: .hours(1), outcome: .denied), by: bearer)
        ledger.record(use(2, address: "2001:db8::1"), by: bearer)
        try await flush(ledger, into: notebook)
        let counts = await notebook.counts.filter { $0.key.token == ID(1) }.sorted { $0.count > $1.count }
        #expect(counts.map(\.count) == [6, 1, 1])
        #expect(counts[0].key.agent == "curl" && counts[0].key.address == "10.0.0.1")
        #expect(counts[0].first == start && counts[0].last == start + .seconds(9))
        #expect(Set(counts.map(\.key.hour)).count == 2)
        let last = await notebook.lastUses.first { $0.token == ID(1) }
        #expect(last?.at == start + .hours(1))
        #expect(last?.route == "GET /api/users/me")
        #expect(ledger.pendingRows == 0)
        try await flush(ledger, into: notebook)
        let batches = await notebook.batches.count
        #expect(batches == 1)
    }

    @Test("puts each use into its own words, whichever came before it, and names the owner")
    func words() throws {
        let uses = [
            use(1), use(2), use(3, route: "/b", address: "2001:db8::1"), use(4, agent: nil, address: "10.0.0.2"),
            use(5, agent: String(repeating: "é", count: 200)), use(6, agent: "wget"),
        ]
        var words = UseWords()
        let last = uses.map { words.lastUse($0) }
        #expect(last.map(\.token.value) == [1, 2, 3, 4, 5, 6])
        #expect(last.map(\.address) == ["10.0.0.1", "10.0.0.1", "2001:db8::1", "10.0.0.2", "10.0.0.1", "10.0.0.1"])
        #expect(last.map { $0.userAgent?.utf8.count } == [10, 10, 10, nil, 256, 4])
        #expect(last.map(\.route.count) == [17, 17, 6, 17, 17, 17])
        let owned = Use(
            token: ID(1), at: start, method: "POST", route: "/a", address: nil, userAgent: nil, outcome: .allowed,
            owner: ID(7))
        #expect(words.lastUse(owned).owner == ID(7) && words.lastUse(owned).route == "POST /a")
    }

    @Test("holds at most 200 rows for a token and hour, and loses no use")
    func bounded() async throws {
        let (ledger, notebook) = (UsageLedger(), Notebook())
        for number in 0..<1000 {
            ledger.record(use(route: "/r\(number)", outcome: number % 2 == 0 ? .allowed : .failed), by: bearer)
        }
        try await flush(ledger, into: notebook)
        let counts = await notebook.counts
        #expect(counts.count <= 200)
        #expect(counts.reduce(0) { $0 + $1.count } == 1000)
        let other = counts.filter { $0.key.route == UsageKey.other }
        #expect(other.count == 2 && other.allSatisfy { $0.key.address == UsageKey.other && $0.count > 300 })
    }

    @Test("does not grow with the number of tokens beyond its bound")
    func boundedTokens() async throws {
        let bounds = UsageBounds(tokens: 10, rows: 20, rowsPerHour: 200, refusals: 5)
        let ledger = UsageLedger(bounds: bounds)
        for token in Int64(1)...1000 {
            ledger.record(use(token), by: bearer)
            ledger.record(use(token, outcome: .refused), refused: RefusedUse(.revoked, token: ID(token)))
        }
        for route in 0..<1000 { ledger.record(use(1, route: "/\(route)"), by: bearer) }
        #expect(ledger.dropped > 0)
        #expect(ledger.pendingRows <= 16 * (bounds.rows + bounds.tokens * UseOutcome.allCases.count))
    }

    @Test("shows the last use before, while and after it is written, and never moves it back")
    func lastUse() async throws {
        let ledger = UsageLedger()
        ledger.record(use(after: .seconds(8)), by: bearer)
        ledger.record(use(after: .seconds(5)), by: bearer)
        #expect(ledger.lastUse(of: ID(1))?.at == start + .seconds(8))
        #expect(ledger.lastUse(of: ID(2)) == nil)
        try await ledger.flush(at: start) { _ throws(Refusal) in
            #expect(ledger.lastUse(of: ID(1))?.at == start + .seconds(8))
        }
        #expect(ledger.lastUse(of: ID(1)) == nil)
    }

    @Test("takes back a batch that could not be written")
    func givesBack() async throws {
        let (ledger, notebook) = (UsageLedger(), Notebook())
        ledger.record(use(), by: bearer)
        ledger.record(use(outcome: .refused), refused: RefusedUse(.expired, token: ID(1)))
        await #expect(throws: Refusal.self) {
            try await ledger.flush(at: start + .minutes(2)) { _ throws(Refusal) in
                ledger.record(use(after: .seconds(1)), by: bearer)
                throw .unavailable("disk full", retryAfter: .seconds(1))
            }
        }
        try await flush(ledger, into: notebook, after: .minutes(2))
        let (uses, last) = await (notebook.counts.reduce(0) { $0 + $1.count }, notebook.lastUses.first?.at)
        #expect(uses == 3)
        #expect(last == start + .seconds(1))
        let refusals = await notebook.refusals.count
        #expect(refusals == 1)
    }

    @Test("writes the last use that came while counts could not be written, its last use before being written")
    func lastUseAfterFailure() async throws {
        let (ledger, notebook) = (UsageLedger(), Notebook())
        ledger.record(use(), by: bearer)
        try await ledger.flush(at: start, .lastUses) { batch throws(Refusal) in await notebook.write(batch) }
        await #expect(throws: Refusal.self) {
            try await ledger.flush(at: start) { _ throws(Refusal) in
                ledger.record(use(after: .seconds(1)), by: bearer)
                throw .unavailable("disk full", retryAfter: .seconds(1))
            }
        }
        try await flush(ledger, into: notebook)
        let moments = await notebook.lastUses.map(\.at)
        #expect(moments == [start, start + .seconds(1)])
    }

    @Test("makes one event of a minute's refusals for one reason, once the minute is over")
    func refusals() async throws {
        let (ledger, notebook) = (UsageLedger(), Notebook())
        let refused = RefusedUse(.revoked, token: ID(1), owner: ID(10))
        for second in 0..<50 { ledger.record(use(after: .seconds(second), outcome: .refused), refused: refused) }
        ledger.record(use(outcome: .refused), refused: RefusedUse(.expired, token: ID(1)))
        ledger.record(use(after: .seconds(70), outcome: .refused), refused: refused)
        try await flush(ledger, into: notebook, after: .seconds(59))
        let early = await notebook.refusals.count
        #expect(early == 0)
        try await flush(ledger, into: notebook, after: .seconds(61))
        let events = await notebook.refusals
        #expect(events.count == 2)
        let revoked = try #require(events.first { $0.changes.contains(FieldChange("count", after: .number(50))) })
        #expect(revoked.verb == .refuse && revoked.outcome == .refused && revoked.objectID == 1)
        #expect(revoked.changes.contains(FieldChange("reason", after: .text("revoked"))))
        #expect(revoked.origin.address == Address("10.0.0.1"))
        try await ledger.flush(at: start + .seconds(71), .final) { batch throws(Refusal) in
            await notebook.write(batch)
        }
        let all = await notebook.refusals.count
        #expect(all == 3)
    }

    @Test("passes on digests to move and rotations that were proven")
    func passesOn() async throws {
        let world = Verification()
        world.giveAccount()
        try world.give(1)
        let secret = try world.give(2, predecessor: ID(1)).secret
        world.keys.use(world.keys.current.rotated(randomBytes: Verification.bytes(from: 3)))
        let successor = try #require(world.verify(secret).bearer)
        let (ledger, notebook) = (UsageLedger(), Notebook())
        ledger.record(use(2), by: successor)
        ledger.record(use(2, after: .seconds(1)), by: successor)
        try await flush(ledger, into: notebook)
        let batch = try #require(await notebook.batches.first)
        #expect(batch.redigests.map(\.token) == [ID(2)])
        #expect(batch.proofs == [ProvenRotation(predecessor: ID(1), successor: ID(2), at: start)])
    }

    @Test(
        "names a program by its first product",
        arguments: [
            ("curl/8.5.0", "curl"), ("Mozilla/5.0 (X11; Linux)", "Mozilla"),
            ("python-requests/2.31.0", "python-requests"),
            ("(odd)", ""), ("", ""), (nil, ""), ("naïve/1", "na"),
        ] as [(String?, String)])
    func families(agent: String?, family: String) {
        #expect(UserAgent.family(agent) == family)
    }
}
