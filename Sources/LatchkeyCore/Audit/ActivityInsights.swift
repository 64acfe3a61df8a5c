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
        public let actor: ActivityGroup.Actor
        public let events: Int
    }
}

/// Events of one day that are alike, as the store counts them.
public struct ActivityGroup: Hashable, Sendable {
    /// Days since 1970.
    public let day: Int64
    public let actor: Actor
    public let verb: Verb
    public let outcome: AuditEvent.Outcome
    public let events: Int

    public init(day: Int64, actor: Actor, verb: Verb, outcome: AuditEvent.Outcome, events: Int) {
        self.day = day
        self.actor = actor
        self.verb = verb
        self.outcome = outcome
        self.events = events
    }

    /// Who did it: an account, or by name where none did.
    public struct Actor: Hashable, Sendable {
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
}

extension ActivityInsights {
    /// Adds groups up. Those outside the span are left out.
    public init(_ groups: [ActivityGroup], from: Timestamp, until: Timestamp) {
        let first = from.dayNumber
        var days = (first..<max(first, until.dayNumberAfter)).map { Day(start: Timestamp(dayNumber: $0)) }
        var verbs: [Verb: Int] = [:]
        var actors: [ActivityGroup.Actor: Int] = [:]
        for group in groups where days.indices.contains(Int(group.day - first)) {
            days[Int(group.day - first)].add(group)
            verbs[group.verb, default: 0] += group.events
            actors[group.actor, default: 0] += group.events
        }
        self.from = from
        self.until = until
        self.days = days
        self.verbs = verbs.map { VerbCount(verb: $0.key, events: $0.value) }
            .sorted { ($1.events, $0.verb.rawValue) < ($0.events, $1.verb.rawValue) }
        self.actors = Array(
            actors.map { ActorCount(actor: $0.key, events: $0.value) }
                .sorted { ($1.events, $0.actor.handle) < ($0.events, $1.actor.handle) }.prefix(Self.longestList))
        figures = Figures(
            events: days.reduce(0) { $0 + $1.events }, people: days.reduce(0) { $0 + $1.people },
            automation: days.reduce(0) { $0 + $1.automation }, refused: days.reduce(0) { $0 + $1.refused },
            actors: actors.count)
    }
}

extension ActivityInsights.Day {
    fileprivate mutating func add(_ group: ActivityGroup) {
        if group.actor.isAutomation { automation += group.events } else { people += group.events }
        if group.outcome == .refused { refused += group.events }
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
