import HTTPTypes
import LatchkeyAPI
import LatchkeyApp
import LatchkeyCore

/// `/activity`: the audit log.
struct ActivityRoutes: Sendable {
    let app: App
    let render: Rendering

    var endpoints: [Endpoint] {
        [
            Endpoint(
                method: .get, path: "/activity", operation: "listActivity",
                summary: "The audit log, newest first. Reading it is recorded too.", access: .needs(.readActivity),
                query: Self.filters + QueryParameter.page, success: .ok(.page(of: .activity)), handler: list),
            Endpoint(
                method: .get, path: "/activity/insights", operation: "countActivity",
                summary: "The same events counted by day, verb and actor: the last 30 days unless told otherwise.",
                access: .needs(.readActivity), query: Self.filters, success: .ok(.object(.insights)), handler: count),
        ]
    }

    private static let filters = [
        QueryParameter("users", .ids, "What these users did."),
        QueryParameter("actions", .words(Verb.allCases.map(\.rawValue)), "These verbs only."),
        QueryParameter("object_type", .word(ObjectType.allCases.map(\.rawValue)), "One kind of object only."),
        QueryParameter("object_id", .integer(0...Int64.max), "One object only."),
        QueryParameter("token_id", .integer(1...Int64.max), "Done with this token, or done to it."),
        QueryParameter("address", .text, "From this address."),
        QueryParameter("start_date", .time, "From this moment on."),
        QueryParameter("end_date", .time, "Before this moment; a date alone includes that day."),
        QueryParameter("timeframe", .word(Timeframe.allCases.map(\.rawValue)), "The last hour, day, …"),
    ]

    @Sendable
    private func list(_ call: Call) async throws -> Reply {
        let page = try await app.listActivity(filter(call.query), call.query.page, as: call.caller)
        return try .ok(render.page(page, render.activity))
    }

    @Sendable
    private func count(_ call: Call) async throws -> Reply {
        try .ok(render.insights(await app.activityInsights(filter(call.query), as: call.caller)))
    }

    private func filter(_ query: Query) throws(Refusal) -> ActivityFilter {
        var filter = ActivityFilter(
            users: query.ids("users"), verbs: query.words("actions").compactMap(Verb.init),
            objectType: query.value("object_type"), objectID: query.integer("object_id"),
            token: query.integer("token_id").map { ID($0) }, from: query.time("start_date"), until: end(query))
        if let text = query.text("address") {
            guard let address = Address(text) else { throw .invalid("address", "must be an IPv4 or IPv6 address") }
            filter.address = address.description
        }
        if let timeframe: Timeframe = query.value("timeframe") {
            guard filter.from == nil else { throw .invalid("timeframe", "does not go together with start_date") }
            filter.from = render.now() - timeframe.span
        }
        return filter
    }

    private func end(_ query: Query) -> Timestamp? {
        guard let text = query.text("end_date"), let moment = query.time("end_date") else { return nil }
        return text.utf8.count == 10 ? moment + .days(1) : moment
    }
}
