public import LatchkeyCore
public import LatchkeyStore
public import Logging

/// The use cases: what can be asked of Latchkey, each a function that takes who asks.
///
/// Every change goes one way: permission, then time, numbers and signatures, then one transaction in which Core
/// decides and the store applies, then the index, then the answer.
public final class App: Sendable {
    public let settings: InstanceSettings
    public let keys: Keys
    public let index: TokenIndex
    public let ledger: UsageLedger
    public let verifications = VerificationCounts()
    /// Who may do what behind the gateways.
    public let policyInForce: PolicyInForce
    let store: Store
    let ambient: Ambient
    let verifier: Verifier
    let feed: ChangeFeed
    let tokenIDs: TokenIDs
    let documents: IssuerDocuments
    let logger: Logger
    let passwords: PasswordWork
    let limits: Limits

    var policy: TokenPolicy { settings.tokens }

    /// Loads everything that verification needs; when it returns, tokens can be judged.
    public init(
        store: Store, keys ring: KeyRing, settings: InstanceSettings, policy: PolicyInForce = PolicyInForce(),
        ambient: Ambient, logger: Logger
    ) async throws(Refusal) {
        self.store = store
        self.settings = settings
        self.ambient = ambient
        self.logger = logger
        policyInForce = policy
        keys = Keys(ring)
        limits = Limits(settings.limits)
        index = TokenIndex()
        ledger = UsageLedger()
        verifier = Verifier(index: index, keys: keys)
        feed = ChangeFeed(store: store, index: index, logger: logger)
        passwords = PasswordWork(cost: settings.passwordCost, randomBytes: ambient.randomBytes)
        tokenIDs = TokenIDs(store: store, now: ambient.now)
        documents = IssuerDocuments(fetch: ambient.fetch, now: ambient.now)
        try await feed.load()
    }

    /// One write, seen by this node's verification before it returns.
    ///
    /// - Parameter caller: who has to be in good standing at the moment of the write; `nil` where nobody was let in
    ///   before: for the program's own work, and where the write itself takes a proof.
    @discardableResult
    func commit<Value: Sendable>(
        as caller: Caller?, keeping: ReplyKeeping<Value>? = nil,
        _ body: @escaping @Sendable (WriteTransaction) throws(Refusal) -> Value
    ) async throws(Refusal) -> Value {
        let (value, seq) = try await store.write { db throws(Refusal) in
            if let caller { try self.requireStanding(of: caller, in: db) }
            if let keeping { try self.requireUnanswered(keeping.request, db) }
            let value = try body(db)
            if let keeping { try self.keep(value, keeping, db) }
            return (value, try db.lastSequence())
        }
        try await feed.reach(seq)
        return value
    }
}
