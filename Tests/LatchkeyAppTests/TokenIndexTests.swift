import LatchkeyCore
import Testing

@testable import LatchkeyApp

@Suite("The token index")
struct TokenIndexTests {
    /// Facts that only their number decides, with a digest of any bytes.
    private func facts(_ id: Int64, name: String, chance: inout Chance, narrowed: Bool = false) -> TokenFacts {
        let words = SIMD4(chance.next(), chance.next(), chance.next(), chance.next())
        let generation = Int.random(in: 1...3, using: &chance)
        return TokenFacts(
            id: ID(id), owner: ID(id % 17), isPersonal: id % 2 == 0, isSCIMOnly: id % 3 == 0,
            digest: TokenDigest(words: words, generation: generation), name: name,
            createdAt: Timestamp(seconds: 1000 + id), expiresAt: id % 5 == 0 ? nil : Timestamp(seconds: 5000 + id),
            revokedAt: nil, retiresAt: nil, provenAt: nil, predecessor: nil,
            narrowing: narrowed ? Narrowing(role: .member) : .none)
    }

    private func expect(_ index: TokenIndex, holds model: [Int64: TokenFacts]) {
        var wrong = 0
        for (id, facts) in model {
            guard let entry = index.find(facts.digest), entry.record.id == id, entry.name == facts.name,
                entry.record.expiresAt == TokenRecord.seconds(facts.expiresAt), entry.narrowing == facts.narrowing,
                entry.record.flags.contains(.isPersonal) == facts.isPersonal, index.contains(ID(id))
            else {
                wrong += 1
                continue
            }
        }
        #expect(wrong == 0)
        #expect(index.size.tokens == model.count)
    }

    @Test("is what a dictionary would be, after any sequence of changes", arguments: 1...4 as ClosedRange<UInt64>)
    func model(seed: UInt64) {
        var chance = Chance(seed: seed)
        let index = TokenIndex()
        var model: [Int64: TokenFacts] = [:]
        var gone: [TokenDigest] = []
        for step in 0..<12_000 {
            let id = Int64.random(in: 1...1500, using: &chance)
            switch Int.random(in: 0..<10, using: &chance) {
            case 0..<4:
                if let old = model[id] { gone.append(old.digest) }
                let length = Int.random(in: 1...400, using: &chance)
                let name = String(repeating: "n\(step)é", count: length / 7 + 1)
                model[id] = facts(id, name: name, chance: &chance, narrowed: step % 11 == 0)
                if let facts = model[id] { index.set(facts) }
            case 4..<6:
                guard let old = model[id] else { continue }
                let renamed = TokenFacts(
                    id: old.id, owner: old.owner, isPersonal: old.isPersonal, isSCIMOnly: old.isSCIMOnly,
                    digest: old.digest, name: "renamed \(step)", createdAt: old.createdAt, expiresAt: old.expiresAt,
                    revokedAt: nil, retiresAt: nil, provenAt: nil, predecessor: nil, narrowing: old.narrowing)
                model[id] = renamed
                index.set(renamed)
            default:
                if let old = model.removeValue(forKey: id) { gone.append(old.digest) }
                var news = FeedNews()
                news.goneTokens = [ID(id)]
                index.apply(news)
            }
        }
        expect(index, holds: model)
        let found = gone.filter { index.find($0) != nil }
        #expect(found.isEmpty)
        let generations = Set(model.values.map(\.digest.generation))
        #expect(Set(index.generations(besides: 0)) == generations)
    }

    @Test("does not keep names that were changed away")
    func compacts() {
        var chance = Chance(seed: 7)
        let index = TokenIndex()
        var model: [Int64: TokenFacts] = [:]
        for round in 0..<100 {
            for id in Int64(1)...50 {
                let old = model[id]
                let new = facts(id, name: String(repeating: "\(round)-", count: 100), chance: &chance)
                model[id] = new
                if let old { #expect(index.find(old.digest) != nil) }
                index.set(new)
            }
        }
        expect(index, holds: model)
        #expect(index.size.tokenBytes < 250_000)
    }

    @Test("takes about 100 bytes a token")
    func density() {
        var chance = Chance(seed: 3)
        let index = TokenIndex()
        for id in Int64(1)...100_000 { index.set(facts(id, name: "production-\(id)", chance: &chance)) }
        let size = index.size
        #expect(size.tokenBytes / size.tokens <= 104)
    }

    @Test("renames a team for everybody in it, and drops one that is gone")
    func teams() throws {
        let world = Verification()
        world.index.set([world.team(5, "Data"), world.team(6, "Ops")])
        world.giveAccount(10, teams: [1, 5])
        world.giveAccount(11, teams: [5, 1])
        world.giveAccount(12, teams: [1, 6])
        let shared = [10, 11].map { world.index.account(ID($0)).map { ObjectIdentifier($0.membership) } }
        #expect(shared[0] == shared[1])
        var news = FeedNews()
        news.teams = [world.team(5, "Zeta")]
        news.goneTeams = [ID(6)]
        world.index.apply(news)
        #expect(world.index.account(ID(10))?.membership.names == ["Public", "Zeta"])
        #expect(world.index.account(ID(12))?.membership.names == ["Public"])
        world.giveAccount(11, teams: [1])
        #expect(world.index.account(ID(11))?.membership.teams == [ID(1)])
    }

    @Test("knows a token before it knows the account")
    func accountLater() throws {
        let world = Verification()
        let secret = try world.give(1).secret
        world.giveAccount()
        #expect(world.verify(secret).bearer != nil)
    }
}
