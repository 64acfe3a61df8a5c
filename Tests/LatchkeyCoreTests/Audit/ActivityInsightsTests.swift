import LatchkeyCore
import Testing

@Suite("Insights into the audit log")
struct ActivityInsightsTests {
    private typealias Deed = (day: Int64, actor: ActivityActor, verb: Verb, events: Int)

    private let ada = ActivityActor(user: ID(1), handle: "ada@example.com", type: .human)
    private let load = ActivityActor(user: ID(7), handle: "load@service", type: .service)
    private let job = ActivityActor(user: nil, handle: "job:rotation", type: nil)
    private let host = ActivityActor(user: nil, handle: "host", type: nil)

    /// As the store counts them: without the actors, and by actor.
    private func insights(_ deeds: [Deed], from: Timestamp, until: Timestamp) -> ActivityInsights {
        let totals = deeds.map { deed in
            ActivityTotal(
                day: deed.day, isAutomation: deed.actor.isAutomation, verb: deed.verb,
                outcome: deed.verb == .refuse ? .refused : .done, events: deed.events)
        }
        let actors = Dictionary(grouping: deeds, by: { $0.actor }).map { actor, deeds in
            ActivityInsights.ActorCount(actor: actor, events: deeds.reduce(0) { $0 + $1.events })
        }
        return ActivityInsights(totals, actors: actors, from: from, until: until)
    }

    @Test("tell people from automation, and refusals apart")
    func figures() {
        let deeds: [Deed] = [
            (100, ada, .create, 3), (100, load, .issue, 5), (101, load, .refuse, 2), (102, job, .retire, 1),
            (102, host, .create, 1),
        ]
        let insights = insights(deeds, from: Timestamp(dayNumber: 100), until: Timestamp(dayNumber: 103))
        #expect(insights.figures.events == 12)
        #expect(insights.figures.people == 4)
        #expect(insights.figures.automation == 8)
        #expect(insights.figures.refused == 2)
        #expect(insights.figures.actors == 4)
        #expect(insights.days.map(\.people) == [3, 0, 1])
        #expect(insights.days.map(\.automation) == [5, 2, 1])
        #expect(insights.days.map(\.refused) == [0, 2, 0])
        #expect(insights.verbs.map(\.verb) == [.issue, .create, .refuse, .retire])
        #expect(insights.actors.map(\.actor.handle) == ["load@service", "ada@example.com", "host", "job:rotation"])
    }

    @Test("name every day of the span, and nothing outside of it")
    func span() {
        let deeds: [Deed] = [(99, ada, .create, 9), (103, ada, .create, 9), (101, ada, .create, 1)]
        let cut = insights(
            deeds, from: Timestamp(dayNumber: 100) + .hours(5), until: Timestamp(dayNumber: 102) + .hours(1))
        #expect(cut.days.map(\.start.dayNumber) == [100, 101, 102])
        #expect(cut.figures.events == 1)
    }

    @Test("name at most a hundred actors, and count them all")
    func manyActors() {
        let deeds: [Deed] = (1...250).map { number in
            (100, ActivityActor(user: ID(Int64(number)), handle: "\(number)", type: .human), .create, number)
        }
        let insights = insights(deeds, from: Timestamp(dayNumber: 100), until: Timestamp(dayNumber: 101))
        #expect(insights.actors.count == 100)
        #expect(insights.actors.first?.events == 250)
        #expect(insights.figures.actors == 250)
    }

    @Test("cover 30 days unless told otherwise, today among them")
    func usualSpan() throws {
        let now = Timestamp(dayNumber: 20_000) + .hours(13)
        let usual = try ActivityFilter().countedSpan(at: now)
        #expect(usual.from == Timestamp(dayNumber: 19_971))
        #expect(usual.until == Timestamp(dayNumber: 20_001))
    }

    @Test("cover a year at most, and no span that ends before it begins")
    func refusedSpans() {
        let now = Timestamp(dayNumber: 20_000)
        for (from, until) in [(19_000, 20_000), (20_000, 20_000), (20_001, 20_000)] as [(Int64, Int64)] {
            let filter = ActivityFilter(from: Timestamp(dayNumber: from), until: Timestamp(dayNumber: until))
            let refused = refusal { () throws(Refusal) in _ = try filter.countedSpan(at: now) }
            guard case .invalid(let flaws)? = refused else {
                Issue.record("\(from) to \(until) was granted")
                continue
            }
            #expect(flaws.map(\.pointer) == ["start_date"])
        }
        let year = ActivityFilter(from: now - .days(365))
        let granted = try? year.countedSpan(at: now)
        #expect(granted != nil)
    }
}
