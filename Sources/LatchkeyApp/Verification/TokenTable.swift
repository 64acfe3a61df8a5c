import LatchkeyCore

/// All tokens that are not deleted, by digest and by number, in about 100 bytes each: 64 for the record, 8 to 16 for
/// two slots, the rest for the name. What few tokens have stands in side tables.
///
/// Not safe for concurrent use; ``TokenIndex`` guards it.
struct TokenTable: ~Copyable {
    private var records = RecordBuffer()
    private var byDigest = SlotTable()
    private var byID = SlotTable()
    private var names = NameArena()
    private var narrowings: [Int64: Narrowing] = [:]
    /// Successor → the token that waits for its first use.
    private var predecessors: [Int64: Int64] = [:]
    /// Records of each digest generation, so that no key is tried in vain.
    private(set) var generations: [Int: Int] = [:]

    var count: Int { records.count }

    /// What the tables hold, in bytes.
    var byteCount: Int {
        records.count * MemoryLayout<TokenRecord>.stride + byDigest.byteCount + byID.byteCount + names.count
    }

    func contains(_ id: ID<Token>) -> Bool { place(of: id) != nil }

    /// The place of the token with this digest. Digests are compared in constant time, see `TokenDigest.==`.
    func place(of digest: TokenDigest) -> Int? {
        byDigest.find(digest.words.x) { records.pointer($0).pointee.digest == digest }
    }

    func place(of id: ID<Token>) -> Int? {
        byID.find(Self.hash(id.value)) { records.pointer($0).pointee.id == id.value }
    }

    subscript(place: Int) -> TokenRecord { records[place] }

    func name(at place: Int) -> String { names[records[place].name] }

    func narrowing(of record: TokenRecord) -> Narrowing {
        record.flags.contains(.isNarrowed) ? narrowings[record.id] ?? Narrowing() : Narrowing()
    }

    /// The predecessor that a use of this token proves, if it still waits for that.
    func awaitingProof(of record: TokenRecord) -> ID<Token>? {
        guard record.flags.contains(.provesAnother), let old = predecessors[record.id],
            let place = place(of: ID<Token>(old)), records[place].flags.isDisjoint(with: [.isProven, .isRevoked])
        else { return nil }
        return ID(old)
    }

    /// Digests are uniform by themselves; numbers are spread by Fibonacci hashing, high half folded down.
    private static func hash(_ id: Int64) -> UInt64 {
        let product = UInt64(bitPattern: id) &* 0x9e37_79b9_7f4a_7c15
        return product ^ product >> 32
    }
}

extension TokenTable {
    /// Puts a token in, or what is known of it in place of what was.
    mutating func set(_ facts: TokenFacts, account: UInt32) {
        if let place = place(of: facts.id) {
            replace(place, facts, account)
        } else {
            let place = records.count
            records.append(record(facts, account: account, name: names.add(facts.name)))
            let records = records.pointer(0)
            byDigest.insert(place, hash: facts.digest.words.x) { records[$0].digest0 }
            byID.insert(place, hash: Self.hash(facts.id.value)) { Self.hash(records[$0].id) }
            generations[facts.digest.generation, default: 0] += 1
        }
        setSideTables(facts)
        if names.isWasteful { compactNames() }
    }

    private mutating func replace(_ place: Int, _ facts: TokenFacts, _ account: UInt32) {
        let old = records[place]
        var name = old.name
        if names[name] != facts.name {
            names.drop(name)
            name = names.add(facts.name)
        }
        if old.digest != facts.digest {
            unlinkDigest(place)
            records[place] = record(facts, account: account, name: name)
            let records = records.pointer(0)
            byDigest.insert(place, hash: facts.digest.words.x) { records[$0].digest0 }
            generations[facts.digest.generation, default: 0] += 1
        } else {
            records[place] = record(facts, account: account, name: name)
        }
    }

    private mutating func unlinkDigest(_ place: Int) {
        let old = records[place]
        let records = records.pointer(0)
        byDigest.remove(place, hash: old.digest0) { records[$0].digest0 }
        let left = (generations[Int(old.generation)] ?? 1) - 1
        generations[Int(old.generation)] = left == 0 ? nil : left
    }

    private func record(_ facts: TokenFacts, account: UInt32, name: UInt32) -> TokenRecord {
        var flags: TokenRecord.Flags = []
        if facts.revokedAt != nil { flags.insert(.isRevoked) }
        if facts.isSCIMOnly { flags.insert(.isSCIMOnly) }
        if facts.isPersonal { flags.insert(.isPersonal) }
        if !facts.narrowing.isNone { flags.insert(.isNarrowed) }
        if facts.provenAt != nil { flags.insert(.isProven) }
        if facts.predecessor != nil { flags.insert(.provesAnother) }
        let words = facts.digest.words
        return TokenRecord(
            digest0: words.x, digest1: words.y, digest2: words.z, digest3: words.w, id: facts.id.value,
            account: account, expiresAt: TokenRecord.seconds(facts.expiresAt),
            retiresAt: TokenRecord.seconds(facts.effectiveRetirement), createdAt: TokenRecord.seconds(facts.createdAt),
            name: name, generation: UInt16(clamping: facts.digest.generation), flags: flags)
    }

    private mutating func setSideTables(_ facts: TokenFacts) {
        let id = facts.id.value
        if !facts.narrowing.isNone {
            narrowings[id] = facts.narrowing
        } else if !narrowings.isEmpty {
            narrowings[id] = nil
        }
        if let predecessor = facts.predecessor { predecessors[id] = predecessor.value }
    }

    /// Takes a token out: its record's place goes to the last one.
    mutating func remove(_ id: ID<Token>) {
        guard let place = place(of: id) else { return }
        let record = records[place]
        unlinkDigest(place)
        let pointer = records.pointer(0)
        byID.remove(place, hash: Self.hash(record.id)) { Self.hash(pointer[$0].id) }
        names.drop(record.name)
        narrowings[record.id] = nil
        predecessors[record.id] = nil
        let last = records.count - 1
        if place != last {
            let moved = records[last]
            byDigest.move(from: last, to: place, hash: moved.digest0)
            byID.move(from: last, to: place, hash: Self.hash(moved.id))
            records[place] = moved
        }
        records.removeLast()
        if names.isWasteful { compactNames() }
    }

    /// Forgets proofs that nobody waits for: all but a few rotations were proven long ago.
    mutating func forgetSettledProofs() {
        for successor in Array(predecessors.keys) { settleProof(of: ID(successor)) }
    }

    mutating func settleProof(of successor: ID<Token>, isForced: Bool = false) {
        guard let place = place(of: successor) else { return }
        guard isForced || awaitingProof(of: records[place]) == nil else { return }
        predecessors[successor.value] = nil
        records.pointer(place).pointee.flags.remove(.provesAnother)
    }

    private mutating func compactNames() {
        var fresh = NameArena(capacity: max(4096, names.count - names.wasted))
        for place in 0..<records.count {
            let record = records.pointer(place)
            record.pointee.name = fresh.add(names[record.pointee.name])
        }
        names = fresh
    }
}
