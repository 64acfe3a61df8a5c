/// The audit log in figures: what a filter finds, counted by day, verb and actor.
public struct ActivityInsights: Hashable, Sendable {
    /// Longer spans are refused: a page shows one bar a day.
    public static let longestDays = 366
    /// What is counted when no start is given.
    public static let usualDays = 30
    /// How many actors and verbs are named, the most active first.
    public static let longestList = 100

    public let from: Timestamp
    public let until: Timestamp
    public let figures: Figures
    /// Every day of the span, the quiet ones too, in order.
    public let days: [Day]
    public let verbs: [VerbCount]
    public let actors: [ActorCount]

    public struct Figures: Hashable, Sendable {
        public let events: Int
        public let people: Int
        public let automation: Int
        public let refused: Int
        public let actors: Int
    }

    public struct Day: Hashable, Sendable {
        public let start: Timestamp
        public internal(set) var people = 0
        public internal(set) var automation = 0
        public internal(set) var refused = 0

        public var events: Int { people + automation }
    }

    public struct VerbCount: Hashable, Sendable {
        public let verb: Verb
        public let events: Int
    }

    public struct ActorCount: Hashable, Sendable {
        public let actor: ActivityActor
        public let events: Int

        public init(actor: ActivityActor, events: Int) {
            self.actor = actor
            self.events = events
        }
    }
}

/// Who did something: an account, or by name where none did.
public struct ActivityActor: Hashable, Sendable {
    public let user: ID<User>?
    public let handle: String
    /// `nil` where the directory does not know the account.
    public let type: UserType?

    public init(user: ID<User>?, handle: String, type: UserType?) {
        self.user = user
        self.handle = handle
        self.type = type
    }

    /// Service users and the program's own jobs. Everything else counts as people: somebody at the machine, and
    /// somebody unknown who was refused.
    public var isAutomation: Bool {
        if let type { return type == .service }
        return handle.hasPrefix("job:")
    }
}

/// Events of one day that are alike but for who did them.
public struct ActivityTotal: Hashable, Sendable {
    /// Days since 1970.
    public let day: Int64
    public let isAutomation: Bool
    public let verb: Verb
    public let outcome: AuditEvent.Outcome
    public let events: Int

    public init(day: Int64, isAutomation: Bool, verb: Verb, outcome: AuditEvent.Outcome, events: Int) {
        self.day = day
        self.isAutomation = isAutomation
        self.verb = verb
        self.outcome = outcome
        self.events = events
    }
}

extension ActivityInsights {
    /// Adds up what lies within the span.
    ///
    /// - Parameter actors: everybody who did any of it, and how much; in no order.
    public init(_ totals: [ActivityTotal], actors: [ActorCount], from: Timestamp, until: Timestamp) {
        let first = from.dayNumber
        var days = (first..<max(first, until.dayNumberAfter)).map { Day(start: Timestamp(dayNumber: $0)) }
        var verbs: [Verb: Int] = [:]
        for total in totals where days.indices.contains(Int(total.day - first)) {
            days[Int(total.day - first)].add(total)
            verbs[total.verb, default: 0] += total.events
        }
        self.from = from
        self.until = until
        self.days = days
        self.verbs = verbs.map { VerbCount(verb: $0.key, events: $0.value) }
            .sorted { ($1.events, $0.verb.rawValue) < ($0.events, $1.verb.rawValue) }
        self.actors = Array(
            actors.sorted { ($1.events, $0.actor.handle) < ($0.events, $1.actor.handle) }.prefix(Self.longestList))
        figures = Figures(
            events: days.reduce(0) { $0 + $1.events }, people: days.reduce(0) { $0 + $1.people },
            automation: days.reduce(0) { $0 + $1.automation }, refused: days.reduce(0) { $0 + $1.refused },
            actors: actors.count)
    }
}

extension ActivityInsights.Day {
    fileprivate mutating func add(_ total: ActivityTotal) {
        if total.isAutomation { automation += total.events } else { people += total.events }
        if total.outcome == .refused { refused += total.events }
    }
}

extension ActivityFilter {
    /// The span that is counted: as asked, the last 30 days unless told otherwise, a year at most.
    public func countedSpan(at now: Timestamp) throws(Refusal) -> (from: Timestamp, until: Timestamp) {
        let until = until ?? Timestamp(dayNumber: now.dayNumber + 1)
        let from = from ?? Timestamp(dayNumber: until.dayNumberAfter - Int64(ActivityInsights.usualDays))
        guard from < until else { throw .invalid("start_date", "must be before end_date") }
        guard until.dayNumberAfter - from.dayNumber <= ActivityInsights.longestDays else {
            throw .invalid("start_date", "must be at most \(ActivityInsights.longestDays) days before end_date")
        }
        return (from, until)
    }
}
