/// What a rule concluded: the rows to change, and the audit events that say why.
///
/// The store takes nothing else, so there is no way to change anything without leaving a trace.
public struct Decision: Sendable {
    public private(set) var events: [AuditEvent]
    public private(set) var changes: [Change]

    public init(_ event: AuditEvent, _ changes: [Change] = []) {
        events = [event]
        self.changes = changes
    }

    /// Both decisions, carried out together or not at all.
    public func and(_ other: Decision) -> Decision {
        var both = self
        both.events += other.events
        both.changes += other.changes
        return both
    }
}

/// One change of a row. The store turns each case into SQL and into its row of the change feed; the list is closed.
///
/// An `update…` writes every mutable column of the row whose `version` is one lower than the given value's.
public enum Change: Sendable {
    case insertUser(User)
    case updateUser(User)
    case insertToken(Token)
    case insertTrustedIssuer(TrustedIssuer)
    case useWorkloadToken(WorkloadTokenUse)
    case revokeAccessToken(AccessRevocation)
    case updateToken(Token)
    case insertTeam(Team)
    case updateTeam(Team)
    case deleteTeam(ID<Team>)
    case addMember(ID<User>, to: ID<Team>)
    case removeMember(ID<User>, from: ID<Team>)
    case insertResource(Resource)
    case updateResource(Resource)
    case deleteResource(ID<Resource>)
    case grant(ID<Resource>, to: ID<Team>)
    case withdraw(ID<Resource>, from: ID<Team>)
    case signIn(SignInChange)
    case signOn(SignOnChange)
    /// What a directory keeps beside a person or a team.
    case setPersonEntry(PersonEntry)
    case setGroupEntry(GroupEntry)
    /// All people and groups of this account's directory become nobody's.
    case releaseDirectory(ID<User>)
}

/// Writing that is no change of state: counters, bookkeeping, replies kept for a while. Closed as well.
public enum Note: Sendable {
    /// Moves a token's last use, and its place in lists with it, never backwards.
    case lastUses([LastUse])
    /// Moves a token's last use alone: lists and counts know it from the ``lastUses(_:)`` that has to follow.
    case unlistedUses([LastUse])
    /// Lists the last uses of these tokens and accounts as they stand.
    case listUses(of: [ID<Token>], [ID<User>])
    /// Adds to the counts of an hour.
    case usage([UsageCount])
    /// The same token under the newest digest key.
    case redigest([(token: ID<Token>, digest: TokenDigest)])
    /// Keeps the reply to a request with an idempotency key, in the transaction of what it asked for.
    case keepReply(KeptReply)
    /// Drops replies that are older than this.
    case forgetReplies(before: Timestamp)
    case setInstanceValue(name: String, value: String)
    case signIn(SignInNote)
    /// Writes down how far the change feed is at this moment.
    case markFeed(at: Timestamp)
    /// Drops the entries of the change feed up to this one, but never its last.
    case forgetFeed(upTo: Int64)
    /// Counts what a directory's token changed, under the sync that it is part of.
    case syncWork(SyncWork)
    /// A request of a directory was refused, and why.
    case syncFault(SyncFault)
}

/// One POST under an `Idempotency-Key`: who, which key, and a digest of what was asked.
public struct IdempotentRequest: Hashable, Sendable {
    public let caller: ID<User>
    public let key: String
    /// SHA-256 over method, path and body.
    public let fingerprint: [UInt8]
    public let at: Timestamp

    public init(caller: ID<User>, key: String, fingerprint: [UInt8], at: Timestamp) {
        self.caller = caller
        self.key = key
        self.fingerprint = fingerprint
        self.at = at
    }
}

/// What is kept of such a request.
public struct KeptReply: Hashable, Sendable {
    public let request: IdempotentRequest
    public let sealedReply: [UInt8]

    public init(request: IdempotentRequest, sealedReply: [UInt8]) {
        self.request = request
        self.sealedReply = sealedReply
    }
}

/// A row of the change feed: what changed, in commit order.
public struct FeedEntry: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case token, user, team, resource
        /// Of older programs; key files are watched.
        case keys
    }

    public let seq: Int64
    public let kind: Kind
    public let id: Int64

    public init(seq: Int64, kind: Kind, id: Int64) {
        self.seq = seq
        self.kind = kind
        self.id = id
    }
}
