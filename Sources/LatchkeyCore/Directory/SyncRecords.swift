/// What one request of a directory changed, for the record of its sync.
public struct SyncWork: Hashable, Sendable {
    public let directory: ID<User>
    public let token: ID<Token>
    public let at: Timestamp
    public let counts: SyncCounts

    public init(directory: ID<User>, token: ID<Token>, at: Timestamp, counts: SyncCounts) {
        self.directory = directory
        self.token = token
        self.at = at
        self.counts = counts
    }
}

/// How many of each a sync changed.
public struct SyncCounts: Hashable, Sendable {
    public var peopleCreated = 0
    public var peopleUpdated = 0
    public var peopleDeactivated = 0
    public var peopleReactivated = 0
    public var peopleDeleted = 0
    public var groupsCreated = 0
    public var groupsUpdated = 0
    public var groupsDeleted = 0
    public var membersAdded = 0
    public var membersRemoved = 0

    public init() {}

    /// What a decision amounts to. Who is deleted is deactivated with it, and counts once.
    public init(_ decision: Decision) {
        let isDeletion = decision.events.contains { $0.objectType == .user && $0.verb == .delete }
        for event in decision.events {
            switch (event.objectType, event.verb) {
            case (.user, .deactivate) where isDeletion: break
            case (.user, .create): peopleCreated += 1
            case (.user, .update): peopleUpdated += 1
            case (.user, .deactivate): peopleDeactivated += 1
            case (.user, .restore): peopleReactivated += 1
            case (.user, .delete): peopleDeleted += 1
            case (.team, .create): groupsCreated += 1
            case (.team, .update): groupsUpdated += 1
            case (.team, .delete): groupsDeleted += 1
            default: break
            }
        }
        for change in decision.changes {
            if case .addMember = change { membersAdded += 1 }
            if case .removeMember = change { membersRemoved += 1 }
        }
    }
}

/// A run of changes by one token without a long pause: as much as can be told of a sync, whose end nobody announces.
public struct SyncRun: Hashable, Sendable {
    /// A pause of this length ends a run.
    public static let longestPause = Duration.minutes(10)

    public let directory: ID<User>
    public let token: ID<Token>
    public let from: Timestamp
    public let until: Timestamp
    public let counts: SyncCounts

    public init(directory: ID<User>, token: ID<Token>, from: Timestamp, until: Timestamp, counts: SyncCounts) {
        self.directory = directory
        self.token = token
        self.from = from
        self.until = until
        self.counts = counts
    }
}

/// Requests of a directory that were refused alike, in words.
public struct SyncFault: Hashable, Sendable {
    /// Kept for one directory; the oldest go first.
    public static let mostKept = 100

    public let directory: ID<User>
    public let token: ID<Token>
    /// What was asked, such as `POST /Users`.
    public let operation: String
    public let status: Int
    public let detail: String
    /// Of what the last of them was about: a user name, a display name, an id. Empty where nothing was named.
    public let subject: String
    public let count: Int
    public let first: Timestamp
    public let last: Timestamp

    public init(
        directory: ID<User>, token: ID<Token>, operation: String, status: Int, detail: String, subject: String,
        count: Int = 1, first: Timestamp, last: Timestamp
    ) {
        self.directory = directory
        self.token = token
        self.operation = operation
        self.status = status
        self.detail = detail
        self.subject = subject
        self.count = count
        self.first = first
        self.last = last
    }
}
