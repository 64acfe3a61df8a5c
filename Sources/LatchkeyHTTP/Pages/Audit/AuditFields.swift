import LatchkeyApp
import LatchkeyCore

/// What the audit log can be narrowed by, as fields.
struct AuditFields: View {
    let user: TextField
    let timeframe: ChoiceField
    let start: TextField
    let end: TextField
    let object: ChoiceField
    let address: TextField
    let actions: ChoiceField

    static let names = ["user", "timeframe", "start_date", "end_date", "object_type", "address", "actions"]

    /// How many of them narrow the list now.
    static func active(_ visit: Visit) -> Int {
        (names + ["object_id", "token_id"]).count { visit.query.given($0) != nil }
    }

    init(_ form: Form) {
        user = form.text("user", "User", hint: "A mail address or user_id.").optional
            .suggested(by: TeamMemberPages.suggestions)
        timeframe = form.choice(
            "timeframe", "Time",
            [Option("", "The last 30 days")]
                + Timeframe.allCases.map { Option($0.rawValue, "The last \($0.rawValue)") },
            chosen: "")
        start = form.text("start_date", "From").optional.typed("date", autocomplete: "off")
        end = form.text("end_date", "Until").optional.typed("date", autocomplete: "off")
        object = form.choice(
            "object_type", "What it was done to",
            [Option("", "Anything")] + ObjectType.allCases.map { Option($0.rawValue, EventWords.noun($0)) }, chosen: "")
        address = form.text("address", "From address").optional.such(as: "10.0.0.1")
        actions = form.boxes(
            "actions", "Actions", Verb.allCases.map { Option($0.rawValue, EventWords.deed($0)) }, ticked: [])
    }
}

/// A page's query as a filter. What is no word of ours is left out; what is wrong in itself is told.
struct AuditQuery {
    let app: App
    let visit: Visit

    func filter() async throws(Refusal) -> ActivityFilter {
        let query = visit.query
        var filter = ActivityFilter(
            users: try await users(), verbs: query.all("actions").compactMap(Verb.init),
            objectType: query.choice("object_type"), objectID: query.given("object_id").flatMap { Int64($0) },
            token: query.id("token_id"))
        filter.address = try address()
        filter.from = try moment("start_date")
        filter.until = try moment("end_date").map { $0 == Timestamp(dayNumber: $0.dayNumber) ? $0 + .days(1) : $0 }
        if filter.from == nil, let timeframe: Timeframe = query.choice("timeframe") {
            filter.from = (filter.until ?? visit.now) - timeframe.span
        }
        _ = try filter.countedSpan(at: visit.now)
        return filter
    }

    private func users() async throws(Refusal) -> [ID<User>] {
        guard let handle = visit.query.given("user") else { return [] }
        do throws(Refusal) {
            return [try await app.findUser(handle: handle, as: visit.caller).user.id]
        } catch .notFound {
            throw .invalid("/user", "There is nobody of this mail address or user_id.")
        }
    }

    private func address() throws(Refusal) -> String? {
        guard let text = visit.query.given("address") else { return nil }
        guard let address = Address(text) else { throw .invalid("/address", "must be an IPv4 or IPv6 address") }
        return address.description
    }

    private func moment(_ name: String) throws(Refusal) -> Timestamp? {
        guard let text = visit.query.given(name) else { return nil }
        guard let moment = Timestamp(text: text) else {
            throw .invalid("/\(name)", "must be a date such as 2027-11-21")
        }
        return moment
    }
}
