/// What was done. The words stand in the log for good: one is added, none is changed.
public enum Verb: String, Hashable, Sendable, CaseIterable {
    case create, update, deactivate, restore, delete
    case issue, revoke, rotate, prove, retire, abort
    /// A known token that does not work was presented.
    case refuse
    /// The log itself was read.
    case read
    case export
    case signIn = "sign_in"
    case signOut = "sign_out"
    case accept
    /// An identity of a provider's opens an account, or no longer does.
    case link, unlink
    /// An issuer's word lets workloads act as a service user; a workload's token was exchanged for an access token.
    case trust, exchange
    /// An access token was given for a token.
    case grant
}

/// What it was done to.
public enum ObjectType: String, Hashable, Sendable, CaseIterable {
    case user, token, team, resource, activity, keys, database, session, invitation
    /// The rules of signing in.
    case signIn = "sign_in"
    case identityProvider = "identity_provider"
    /// Which text decides behind the gateways.
    case policy
}

/// One immutable record of a state change or of a security-relevant refusal.
public struct AuditEvent: Hashable, Sendable {
    public let at: Timestamp
    public let origin: Origin
    public let actor: Actor
    public let verb: Verb
    public let objectType: ObjectType
    /// `0` where the object has no number.
    public let objectID: Int64
    public let changes: [FieldChange]
    public let outcome: Outcome

    public init(
        _ verb: Verb, _ objectType: ObjectType, _ objectID: Int64, changes: [FieldChange] = [],
        outcome: Outcome = .done, by caller: Caller, at now: Timestamp
    ) {
        self.init(
            at: now, origin: caller.origin, actor: Actor(caller), verb: verb, objectType: objectType,
            objectID: objectID, changes: changes, outcome: outcome)
    }

    public init(
        at: Timestamp, origin: Origin, actor: Actor, verb: Verb, objectType: ObjectType, objectID: Int64,
        changes: [FieldChange], outcome: Outcome
    ) {
        self.at = at
        self.origin = origin
        self.actor = actor
        self.verb = verb
        self.objectType = objectType
        self.objectID = objectID
        self.changes = changes
        self.outcome = outcome
    }

    public enum Outcome: String, Hashable, Sendable, CaseIterable {
        case done, refused
    }

    /// Who did it, as known then: names may change later, the record does not.
    public struct Actor: Hashable, Sendable {
        public let user: ID<User>?
        public let handle: String
        public let token: ID<Token>?

        public init(user: ID<User>?, handle: String, token: ID<Token>?) {
            self.user = user
            self.handle = handle
            self.token = token
        }

        public init(_ caller: Caller) {
            switch caller.identity {
            case .anonymous: self.init(user: nil, handle: "anonymous", token: nil)
            case .bearer(let bearer): self.init(user: bearer.user, handle: bearer.handle, token: bearer.token)
            case .session(let person): self.init(user: person.user, handle: person.handle, token: nil)
            case .host: self.init(user: nil, handle: "host", token: nil)
            case .job(let name): self.init(user: nil, handle: "job:\(name)", token: nil)
            }
        }
    }
}

/// An event as the log holds it: numbered in commit order, without gaps.
public struct RecordedEvent: Hashable, Sendable {
    public let seq: Int64
    public let event: AuditEvent
    /// The actor as the directory knows it now; `nil` where none is.
    public let user: UserReference?

    public init(seq: Int64, event: AuditEvent, user: UserReference?) {
        self.seq = seq
        self.event = event
        self.user = user
    }
}

/// Which events a reader wants. Times are inclusive at the start and exclusive at the end.
public struct ActivityFilter: Hashable, Sendable {
    public var users: [ID<User>]
    public var verbs: [Verb]
    public var objectType: ObjectType?
    public var objectID: Int64?
    /// Done with this token, or done to it.
    public var token: ID<Token>?
    public var address: String?
    public var from: Timestamp?
    public var until: Timestamp?

    public init(
        users: [ID<User>] = [], verbs: [Verb] = [], objectType: ObjectType? = nil, objectID: Int64? = nil,
        token: ID<Token>? = nil, address: String? = nil, from: Timestamp? = nil, until: Timestamp? = nil
    ) {
        self.users = users
        self.verbs = verbs
        self.objectType = objectType
        self.objectID = objectID
        self.token = token
        self.address = address
        self.from = from
        self.until = until
    }
}
