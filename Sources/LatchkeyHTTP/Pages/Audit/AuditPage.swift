import LatchkeyApp
import LatchkeyCore

/// Settings → Audit: who did what, in figures and as a chart on the first page, one by one and grouped by day on all.
struct AuditPage: Sendable {
    let app: App

    static let path = "/settings/audit"
    private static let events = 50

    var endpoints: [PageEndpoint] {
        [.get(Self.path, .needs(.readActivity), show)]
    }

    @Sendable
    private func show(_ visit: Visit) async throws -> PageReply {
        do {
            let filter = try await AuditQuery(app: app, visit: visit).filter()
            return try await page(visit, filter, visit.queryForm)
        } catch let refusal as Refusal {
            // A query that asks too much, or for what is not there, is shown with what is wrong, over the usual days.
            guard case .invalid = refusal, let form = Form(visit.query, refused: refusal) else { throw refusal }
            return try await page(visit, ActivityFilter(), form)
        }
    }

    private func page(_ visit: Visit, _ filter: ActivityFilter, _ form: Form) async throws -> PageReply {
        let request = PageRequest(number: visit.query.page.number, size: Self.events)
        let survey = try await app.surveyActivity(filter, request, as: visit.caller)
        if let last = visit.beyondLast(survey.events) { return last }
        let view = AuditView(
            notice: form.notice(besides: []), fields: AuditFields(form), active: AuditFields.active(visit),
            isActive: AuditFields.active(visit) > 0, clear: Self.path,
            exports: Self.exports(visit), span: Self.span(survey), overview: survey.insights.map(AuditOverview.init),
            overviewPath: ListFrame.link(visit, without: ["page"]), days: AuditDay.grouped(survey, visit),
            isEmpty: survey.events.items.isEmpty,
            pages: Pages(survey.events) { number in
                ListFrame.link(visit, without: ["page"], adding: "page=\(number)")
            })
        return .page("Audit", "audit/list", view, status: form.status)
    }

    /// Of the whole filter, whatever page is shown.
    private static func exports(_ visit: Visit) -> [MenuLink] {
        [("For spreadsheets (CSV)", "csv"), ("For programs (NDJSON)", "ndjson")].map { label, format in
            let pairs = visit.query.encoded(without: ["page", "format"]) + ["format=\(format)"]
            return MenuLink(
                label: label, path: "\(AuditExportPage.path)?\(pairs.joined(separator: "&"))", icon: "download")
        }
    }

    private static func span(_ survey: ActivitySurvey) -> String {
        let last = Timestamp(dayNumber: survey.until.dayNumberAfter - 1)
        return "\(survey.from.day) to \(last.day), days in UTC"
    }
}

private struct AuditView: View {
    let notice: String?
    let fields: AuditFields
    let active: Int
    let isActive: Bool
    let clear: String
    let exports: [MenuLink]
    let span: String
    let overview: AuditOverview?
    /// Where it stands: the first page.
    let overviewPath: String
    let days: [AuditDay]
    let isEmpty: Bool
    let pages: Pages
}

/// The whole filter in figures and as a chart.
private struct AuditOverview: View {
    let figures: [Figure]
    let chart: Drawing
    let legend: [LegendItem]

    init(_ insights: ActivityInsights) {
        let counted = insights.figures
        let share = counted.events == 0 ? 0 : (counted.automation * 100 + counted.events / 2) / counted.events
        figures = [
            Figure("Events", counted.events.grouped, "in \(insights.days.count) days"),
            Figure("By people", counted.people.grouped, "\(share)% by automation"),
            Figure("Refused", counted.refused.grouped, "uses of tokens and sign-ins"),
            Figure("Actors", counted.actors.grouped, insights.actors.first.map { "most active: \($0.actor.handle)" }),
        ]
        chart = .activity(insights)
        legend = [LegendItem("people", "People"), LegendItem("automation", "Automation")]
    }
}

/// One of the figures above the list.
private struct Figure: View {
    let label: String
    let value: String
    let note: String?

    init(_ label: String, _ value: String, _ note: String?) {
        self.label = label
        self.value = value
        self.note = note
    }
}

/// The events of one day of the page.
private struct AuditDay: View {
    let label: String
    let events: [EventRow]

    static func grouped(_ survey: ActivitySurvey, _ visit: Visit) -> [AuditDay] {
        var days: [(number: Int64, events: [RecordedEvent])] = []
        for recorded in survey.events.items {
            let day = recorded.event.at.dayNumber
            if days.last?.number == day {
                days[days.count - 1].events.append(recorded)
            } else {
                days.append((day, [recorded]))
            }
        }
        return days.map { day in
            AuditDay(
                label: Timestamp(dayNumber: day.number).day,
                events: day.events.map { EventRow($0, visit, name: name($0, survey), path: path($0, survey)) })
        }
    }

    private static func name(_ recorded: RecordedEvent, _ survey: ActivitySurvey) -> String? {
        survey.names[recorded.event.objectType, recorded.event.objectID]
    }

    /// Only what still has a name has a page.
    private static func path(_ recorded: RecordedEvent, _ survey: ActivitySurvey) -> String? {
        guard name(recorded, survey) != nil else { return nil }
        let id = recorded.event.objectID
        switch recorded.event.objectType {
        case .user: return "/settings/security/users/\(id)"
        case .token: return TokenPaths.page(ID(id))
        case .team: return "\(TeamListPage.path)/\(id)"
        default: return nil
        }
    }
}

extension Drawing {
    /// More than so many days are added up by the week: a bar must be seen.
    private static let mostDays = 92

    static func activity(_ insights: ActivityInsights) -> Drawing {
        let length = insights.days.count > mostDays ? 7 : 1
        let stacks = stride(from: 0, to: insights.days.count, by: length).map { first in
            let days = insights.days[first..<min(first + length, insights.days.count)]
            let (people, automation) = (days.reduce(0) { $0 + $1.people }, days.reduce(0) { $0 + $1.automation })
            let start = insights.days[first].start
            return ChartDay(
                start, parts: [("people", people), ("automation", automation)],
                title: "\(length == 7 ? "Week of " : "")\(start.shortDay): \(people.grouped) by people, "
                    + "\(automation.grouped) by automation")
        }
        let figures = insights.figures
        return chart(
            stacks, id: "activity", title: length == 7 ? "Events by week" : "Events by day",
            summary: "\(figures.people.grouped) events by people, \(figures.automation.grouped) by automation")
    }
}
