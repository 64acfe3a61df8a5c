import LatchkeyCore

/// How much one shard of the ledger holds at a time.
struct UsageBounds: Sendable {
    var tokens: Int
    var rows: Int
    /// Distinct rows for a token and hour.
    var rowsPerHour: Int
    /// Kinds of refused uses, and of access tokens given.
    var refusals: Int
    /// New last uses in one flush that are still listed at once. So few cost little, and more are no ordinary load: in
    /// all shards some 2,000 every 1.5 seconds. Moving a token's place in lists costs several times what its last use
    /// itself does (docs/decisions/0029).
    var listedAtOnce = 128

    /// In all 16 shards at most some 100 MB, which takes 260,000 tokens used within twelve seconds. From half of that
    /// on counts are written with each flush.
    static let usual = UsageBounds(tokens: 16384, rows: 32768, rowsPerHour: 200, refusals: 1024)
}

/// One shard of the ledger: what was counted since the last batch, and the batch that is being written.
struct UsageBook {
    fileprivate struct RefusalKey: Hashable {
        let token: ID<Token>
        let reason: RefusedUse.Reason
        let minute: Int64
    }

    private let bounds: UsageBounds
    private var tallies: [ID<Token>: UsageTally] = [:]
    private var refusals: [RefusalKey: RefusalTally] = [:]
    private var grants: [GrantKey: GrantTally] = [:]
    private var redigests: [ID<Token>: TokenDigest] = [:]
    var proofs: [ID<Token>: ProvenRotation] = [:]
    private(set) var rowCount = 0
    private(set) var dropped = 0
    /// What the batch under way is made from.
    private var flying: Flight?

    struct Flight: Sendable {
        fileprivate let tallies: [ID<Token>: UsageTally]
        fileprivate let refusals: [RefusalKey: RefusalTally]
        fileprivate let grants: [GrantKey: GrantTally]
        fileprivate let redigests: [ID<Token>: TokenDigest]
        fileprivate let proofs: [ID<Token>: ProvenRotation]
        fileprivate let lastUses: [Use]
        fileprivate let areListed: Bool
    }

    init(bounds: UsageBounds) {
        self.bounds = bounds
    }

    mutating func add(_ use: Use) {
        guard tallies.count < bounds.tokens || tallies[use.token] != nil else {
            dropped += 1
            return
        }
        let rows = rowCount < bounds.rows ? bounds.rowsPerHour : 0
        rowCount += tallies[use.token, default: UsageTally(use)].add(use, mostRows: rows)
    }

    mutating func redigest(_ token: ID<Token>, _ digest: TokenDigest) {
        guard redigests.count < bounds.tokens else { return }
        redigests[token] = digest
    }

    mutating func refuse(_ use: Use, _ refused: RefusedUse) {
        let key = RefusalKey(token: use.token, reason: refused.reason, minute: use.at.seconds / 60)
        guard refusals.count < bounds.refusals || refusals[key] != nil else {
            dropped += 1
            return
        }
        refusals[key, default: RefusalTally(use, refused)].add(use)
    }

    /// Whether one like this stands in the log for this minute; then this one is counted with it.
    mutating func isRepeat(_ given: GivenAccess) -> Bool {
        let key = GrantKey(given)
        grants[key]?.add(given)
        return grants[key] != nil
    }

    /// One that stands in the log by now. Where there is no room for it, the next one will stand there too.
    mutating func noteFirst(_ given: GivenAccess) {
        let key = GrantKey(given)
        if grants[key] == nil, grants.count < bounds.refusals { grants[key] = GrantTally(given) }
    }

    func lastUse(of token: ID<Token>) -> Use? {
        (tallies[token] ?? flying?.tallies[token])?.last
    }

    /// What is to be written now, as it was counted: whoever counts meanwhile does not wait until it is put into words.
    ///
    /// Refusals and grants of the minute that is still running stay, but for the end: they become one event when it is
    /// over.
    mutating func take(at now: Timestamp, _ extent: FlushExtent) -> Flight? {
        let minute = now.seconds / 60
        let due = extent == .final ? refusals : refusals.filter { $0.key.minute < minute }
        let given = extent == .final ? grants : grants.filter { $0.key.minute < minute }
        grants = grants.filter { given[$0.key] == nil }
        let repeats = given.filter { $0.value.repeats > 0 }
        let takesCounts = extent != .lastUses || isHalfFull
        let lastUses = takeLastUses()
        guard
            !lastUses.isEmpty || !due.isEmpty || !repeats.isEmpty || !redigests.isEmpty || !proofs.isEmpty
                || (takesCounts && !tallies.isEmpty)
        else { return nil }
        refusals = refusals.filter { due[$0.key] == nil }
        flying = Flight(
            tallies: takesCounts ? tallies : [:], refusals: due, grants: repeats, redigests: redigests,
            proofs: proofs, lastUses: lastUses, areListed: lastUses.count <= bounds.listedAtOnce)
        (redigests, proofs) = ([:], [:])
        // As many again are likely, and growing by steps would hold up whoever counts meanwhile.
        if takesCounts { (tallies, rowCount) = (Dictionary(minimumCapacity: tallies.count), 0) }
        return flying
    }

    /// Counts wait for a while, but not until there is no room for more.
    private var isHalfFull: Bool {
        tallies.count > bounds.tokens / 2 || rowCount > bounds.rows / 2
    }

    /// The last uses that no batch has had yet.
    private mutating func takeLastUses() -> [Use] {
        var uses: [Use] = []
        var place = tallies.startIndex
        while place != tallies.endIndex {
            if !tallies.values[place].isLastUseTaken {
                tallies.values[place].isLastUseTaken = true
                uses.append(tallies.values[place].last)
            }
            tallies.formIndex(after: &place)
        }
        return uses
    }

    /// - Returns: what was written, to be let go of where nobody waits.
    mutating func finish() -> Flight? {
        defer { flying = nil }
        return flying
    }

    /// The batch was not written: all of it is added to what has come since.
    mutating func giveBack() {
        guard let flying else { return }
        self.flying = nil
        for (token, tally) in flying.tallies {
            tallies[token] = tallies[token].map { tally.followed(by: $0) } ?? tally
        }
        refusals.merge(flying.refusals) { $1.followed(by: $0) }
        grants.merge(flying.grants) { $1.followed(by: $0) }
        redigests.merge(flying.redigests) { new, _ in new }
        proofs.merge(flying.proofs) { _, first in first }
        for use in flying.lastUses { tallies[use.token]?.isLastUseTaken = false }
        rowCount = tallies.values.reduce(0) { $0 + $1.rowCount }
    }
}

/// A part of the ledger, to be written in one transaction.
struct UsageBatch: Sendable {
    var lastUses: [LastUse] = []
    /// Those that lists do not know yet.
    var unlistedUses: [LastUse] = []
    var counts: [UsageCount] = []
    var redigests: [(token: ID<Token>, digest: TokenDigest)] = []
    /// Of refused uses one for each token, reason and minute; of access tokens that were given one for each token,
    /// kind and minute.
    var events: [AuditEvent] = []
    /// Rotations whose successor has been used; each is a change of its own.
    var proofs: [ProvenRotation] = []
    private var words = UseWords()

    /// How much there is to write, in rows.
    var rowCount: Int { lastUses.count + unlistedUses.count + counts.count }

    mutating func add(_ flight: UsageBook.Flight) {
        for use in flight.lastUses {
            if flight.areListed { lastUses.append(words.lastUse(use)) } else { unlistedUses.append(words.lastUse(use)) }
        }
        for (token, tally) in flight.tallies { tally.add(to: &counts, of: token, &words) }
        redigests += flight.redigests.map { ($0.key, $0.value) }
        let refusals = flight.refusals.map { key, tally in tally.event(token: key.token, reason: key.reason) }
        events += (refusals + flight.grants.values.compactMap(\.event)).sorted { $0.at < $1.at }
        proofs += flight.proofs.values.sorted { $0.at < $1.at }
    }

    var notes: [Note] {
        var notes: [Note] = []
        if !lastUses.isEmpty { notes.append(.lastUses(lastUses)) }
        if !unlistedUses.isEmpty { notes.append(.unlistedUses(unlistedUses)) }
        if !counts.isEmpty { notes.append(.usage(counts)) }
        if !redigests.isEmpty { notes.append(.redigest(redigests)) }
        return notes
    }

    /// `nil` for no events.
    var decision: Decision? {
        guard let first = events.first else { return nil }
        return events.dropFirst().reduce(Decision(first)) { $0.and(Decision($1)) }
    }
}
