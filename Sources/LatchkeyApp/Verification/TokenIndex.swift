public import LatchkeyCore
import Synchronization

/// Everything that verification needs to know, in memory and complete: tokens, accounts, teams.
///
/// One lock guards it. Only copying a record out is done within; digests are made, and rights worked out, outside.
public final class TokenIndex: Sendable {
    private struct State: ~Copyable {
        var tokens = TokenTable()
        var directory = AccountDirectory()
        var resources = ResourceDirectory()
        var givenUp = GivenUpAccess()
    }

    private let state: Mutex<State>

    public init() {
        state = Mutex(State())
    }

    /// A token as it stands in the index, with its account.
    struct Entry {
        let record: TokenRecord
        let name: String
        let account: Account?
        let membership: Membership
        let narrowing: Narrowing
        let proves: ID<Token>?
    }

    func find(_ digest: TokenDigest) -> Entry? {
        state.withLock { state in state.tokens.place(of: digest).map { Self.entry(at: $0, in: &state) } }
    }

    /// A token by its number.
    func find(_ id: ID<Token>) -> Entry? {
        state.withLock { state in state.tokens.place(of: id).map { Self.entry(at: $0, in: &state) } }
    }

    /// The token that an access token came of, and whether that access token was given up.
    func find(_ grant: AccessGrant) -> (entry: Entry, isGivenUp: Bool)? {
        state.withLock { state in
            state.tokens.place(of: grant.token).map {
                (Self.entry(at: $0, in: &state), state.givenUp.contains(grant))
            }
        }
    }

    private static func entry(at place: Int, in state: inout State) -> Entry {
        let record = state.tokens[place]
        let (account, membership) = state.directory[record.account]
        return Entry(
            record: record, name: state.tokens.name(at: place), account: account, membership: membership,
            narrowing: state.tokens.narrowing(of: record), proves: state.tokens.awaitingProof(of: record))
    }

    /// The digest generations that live tokens have beside this one.
    func generations(besides newest: Int) -> [Int] {
        state.withLock { state in
            if state.tokens.generations.count == 1, state.tokens.generations[newest] != nil { return [] }
            return state.tokens.generations.keys.filter { $0 != newest }.sorted(by: >)
        }
    }

    func contains(_ id: ID<Token>) -> Bool {
        state.withLock { $0.tokens.contains(id) }
    }

    public func account(_ id: ID<User>) -> (account: Account, membership: Membership)? {
        state.withLock { $0.directory.find(id) }
    }

    /// The highest level at which these teams open a resource; `nil` for none.
    public func level(on resource: PolicyResource, of teams: Set<ID<Team>>) -> TeamPermission? {
        state.withLock { state in
            state.resources.level(on: resource, of: teams) { state.directory.permission(of: $0) }
        }
    }

    public func account(handle: String) -> (account: Account, membership: Membership)? {
        state.withLock { $0.directory.find(handle: handle) }
    }

    /// Tokens and accounts known, and the bytes that the tokens take.
    public var size: (tokens: Int, accounts: Int, tokenBytes: Int) {
        state.withLock { ($0.tokens.count, $0.directory.count, $0.tokens.byteCount) }
    }

    /// Says that nobody waits for this successor's first use any more.
    public func settleProof(of successor: ID<Token>) {
        state.withLock { $0.tokens.settleProof(of: successor, isForced: true) }
    }
}

extension TokenIndex {
    func set(_ facts: TokenFacts) {
        state.withLock { state in
            state.tokens.set(facts, account: state.directory.place(of: facts.owner))
        }
    }

    func set(_ facts: AccountFacts) {
        state.withLock { $0.directory.set(facts) }
    }

    func set(_ teams: [Team]) {
        state.withLock { $0.directory.set(teams) }
    }

    func set(_ resource: GrantedResource) {
        state.withLock { $0.resources.set(resource) }
    }

    func set(_ revocations: [AccessRevocation]) {
        state.withLock { $0.givenUp.add(revocations) }
    }

    func forgetSettledProofs() {
        state.withLock { $0.tokens.forgetSettledProofs() }
    }

    /// What committed changes come to, all at once: no reader sees half of them.
    func apply(_ news: FeedNews) {
        state.withLock { state in
            state.directory.set(news.teams)
            if !news.goneTeams.isEmpty { state.directory.removeTeams(news.goneTeams) }
            for account in news.accounts { state.directory.set(account) }
            for id in news.goneResources { state.resources.remove(id) }
            for resource in news.resources { state.resources.set(resource) }
            state.givenUp.add(news.accessRevocations)
            for id in news.goneTokens { state.tokens.remove(id) }
            for token in news.tokens { state.tokens.set(token, account: state.directory.place(of: token.owner)) }
        }
    }
}

/// What a stretch of the change feed comes to: the things that changed, as they are now.
struct FeedNews: Sendable {
    var reached: Int64 = 0
    var tokens: [TokenFacts] = []
    var goneTokens: [ID<Token>] = []
    var accessRevocations: [AccessRevocation] = []
    var accounts: [AccountFacts] = []
    var teams: [Team] = []
    var goneTeams: [ID<Team>] = []
    var resources: [GrantedResource] = []
    var goneResources: [ID<Resource>] = []
}
