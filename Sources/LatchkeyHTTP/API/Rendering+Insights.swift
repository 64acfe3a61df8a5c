import LatchkeyAPI
import LatchkeyCore

extension Rendering {
    func insights(_ insights: ActivityInsights) -> InsightsBody {
        let figures = insights.figures
        return InsightsBody(
            from: insights.from.text, until: insights.until.text,
            figures: InsightsBody.Figures(
                events: figures.events, people: figures.people, automation: figures.automation,
                refused: figures.refused, actors: figures.actors),
            byDay: insights.days.map { day in
                DayInsightBody(
                    day: day.start.dayText, people: day.people, automation: day.automation, refused: day.refused)
            },
            byVerb: insights.verbs.map { VerbInsightBody(verb: $0.verb.rawValue, events: $0.events) },
            byActor: insights.actors.map { count in
                ActorInsightBody(
                    id: count.actor.user?.value, handle: count.actor.handle, type: count.actor.type?.rawValue,
                    events: count.events)
            })
    }
}
