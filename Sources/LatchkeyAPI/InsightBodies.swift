/// The audit log in figures.
public struct InsightsBody: Codable, Hashable, Sendable {
    public let from: String
    public let until: String
    public let events: Int
    public let people: Int
    public let automation: Int
    public let refused: Int
    public let actors: Int
    public let byDay: [DayInsightBody]
    public let byVerb: [VerbInsightBody]
    public let byActor: [ActorInsightBody]

    enum CodingKeys: String, CodingKey {
        case from, until, events, people, automation, refused, actors
        case byDay = "by_day"
        case byVerb = "by_verb"
        case byActor = "by_actor"
    }

    /// The figures in the order of the four on the page: events, people against automation, refused, actors.
    public struct Figures: Hashable, Sendable {
        public let events: Int
        public let people: Int
        public let automation: Int
        public let refused: Int
        public let actors: Int

        public init(events: Int, people: Int, automation: Int, refused: Int, actors: Int) {
            self.events = events
            self.people = people
            self.automation = automation
            self.refused = refused
            self.actors = actors
        }
    }

    public init(
        from: String, until: String, figures: Figures, byDay: [DayInsightBody], byVerb: [VerbInsightBody],
        byActor: [ActorInsightBody]
    ) {
        self.from = from
        self.until = until
        events = figures.events
        people = figures.people
        automation = figures.automation
        refused = figures.refused
        actors = figures.actors
        self.byDay = byDay
        self.byVerb = byVerb
        self.byActor = byActor
    }
}

/// One day, in UTC.
public struct DayInsightBody: Codable, Hashable, Sendable {
    public let day: String
    public let people: Int
    public let automation: Int
    public let refused: Int

    public init(day: String, people: Int, automation: Int, refused: Int) {
        self.day = day
        self.people = people
        self.automation = automation
        self.refused = refused
    }
}

public struct VerbInsightBody: Codable, Hashable, Sendable {
    public let verb: String
    public let events: Int

    public init(verb: String, events: Int) {
        self.verb = verb
        self.events = events
    }
}

/// Who did how much. `user_id` is the name that the log has: a handle, `host`, or `job:` and its name.
public struct ActorInsightBody: Codable, Hashable, Sendable {
    public let id: Int64?
    public let handle: String
    public let type: String?
    public let events: Int

    enum CodingKeys: String, CodingKey {
        case id
        case handle = "user_id"
        case type = "user_type"
        case events
    }

    public init(id: Int64?, handle: String, type: String?, events: Int) {
        self.id = id
        self.handle = handle
        self.type = type
        self.events = events
    }
}
