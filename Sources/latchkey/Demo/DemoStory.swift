import LatchkeyApp
import LatchkeyCore

/// Lives through four months of the made-up organisation, day by day and hour by hour, through the same use cases as
/// everybody else: so its audit log, its counts and its rotations are what they would be. Some things take more than
/// ninety days to show, such as a token that has not been used for so long.
struct DemoStory {
    static let length = 120
    private static let officeHours = 8...17
    /// Counts are written and rotations looked after this often.
    private static let hoursBetweenFlushes = 6

    let app: App
    /// For what nobody shall know.
    let randomBytes: @Sendable (Int) -> [UInt8]
    let clock: DemoClock
    let end: Timestamp
    var chance = DemoChance(seed: 1843)
    var people: [String: ID<User>] = [:]
    var services: [String: ID<User>] = [:]
    var teams: [String: ID<Team>] = [:]
    var resources: [String: ID<Resource>] = [:]
    var tokens: [LiveToken] = []
    /// What the browser of each who signed in today holds.
    var sessions: [String: SessionSecret] = [:]
    /// The last letters of tokens that were refused once.
    var refused: Set<String> = []

    /// A token of the story with what opens it.
    struct LiveToken {
        let id: ID<Token>
        let secret: TokenSecret
        let part: DemoToken
        /// The other half of a rotation, and how many days ago it was first used.
        var successor: (id: ID<Token>, secret: TokenSecret, provenSince: Int?)?
    }

    /// Successors of rotations among them.
    var tokenCount: Int { tokens.count + tokens.count { $0.successor != nil } }

    init(app: App, clock: DemoClock, end: Timestamp, randomBytes: @escaping @Sendable (Int) -> [UInt8]) {
        self.app = app
        self.randomBytes = randomBytes
        self.clock = clock
        self.end = end
    }

    /// When the story begins.
    static func start(before end: Timestamp) -> Timestamp {
        Timestamp(dayNumber: end.dayNumber - Int64(length)) + .hours(officeHours.lowerBound)
    }

    mutating func tell() async throws {
        try await found()
        for ago in (0..<Self.length).reversed() { try await live(ago) }
        clock.move(to: end)
        try await app.flushUsage(.final)
    }

    private mutating func live(_ ago: Int) async throws {
        let midnight = Timestamp(dayNumber: end.dayNumber - Int64(ago))
        let acts = acts(of: ago)
        for hour in 0..<24 where midnight + .hours(hour) <= end {
            clock.move(to: midnight + .hours(hour))
            if Self.officeHours.contains(hour) {
                let share = acts.indices.filter { $0 % Self.officeHours.count == hour - Self.officeHours.lowerBound }
                for place in share { try await carryOut(acts[place], ago) }
            }
            if hour > Self.officeHours.upperBound { try await goHome() }
            await use(ago, hour: hour, from: midnight)
            if hour % Self.hoursBetweenFlushes == 0 {
                try await app.flushUsage()
                try await app.retireRotatedTokens()
            }
        }
    }

    /// Minutes pass between what people do.
    func pause(_ minutes: Int = 3) {
        clock.move(to: min(end, clock.now + .minutes(minutes) + .seconds(17)))
    }
}

// What happens on a day.
extension DemoStory {
    enum Act {
        case hire(DemoCast.Service)
        case issue(DemoToken)
        case change(Int, DemoToken.Act)
        case leave(DemoCast.Person)
        case retire(DemoCast.Service)
        case everyday
    }

    private mutating func acts(of ago: Int) -> [Act] {
        var acts: [Act] = DemoCast.services.filter { $0.born == ago }.map(Act.hire)
        acts += DemoToken.all.filter { $0.born == ago }.map(Act.issue)
        for place in tokens.indices {
            acts += tokens[place].part.fate.filter { $0.day == ago }.map { .change(place, $0) }
        }
        acts += DemoCast.people.filter { $0.left == ago }.map(Act.leave)
        acts += DemoCast.services.filter { $0.left == ago }.map(Act.retire)
        let everyday = isWeekend(ago) ? chance.number(in: 0...1) : chance.number(in: 2...7)
        return acts + [Act](repeating: .everyday, count: everyday)
    }

    private mutating func carryOut(_ act: Act, _ ago: Int) async throws {
        pause()
        switch act {
        case .hire(let service): try await hire(service)
        case .issue(let token): try await issue(token)
        case .change(let place, let change): try await carryOut(change, place)
        case .leave(let person):
            try await app.deactivateUser(id(of: person.name), revokingTokens: true, as: await anyAdmin())
        case .retire(let service):
            try await app.deactivateUser(id(of: service.name), revokingTokens: true, as: await anyAdmin())
        case .everyday: try await everyday()
        }
    }
}
