import LatchkeyApp
import LatchkeyCore

/// Teams to tick any of, for the partial `field/teams`: those that are ticked, and the first of all others or of those
/// that a search finds. A page stays small however many teams there are.
///
/// The search is a button of the form itself (`step` is `find`), which shows the form again as it was typed; where
/// scripts run, matches come while somebody types.
struct TeamPicker: View {
    let boxes: ChoiceField
    let search: TextField
    /// Whether there are more than a page shows at once.
    let isSearched: Bool
    /// How many are not shown.
    let more: String?

    static let shown = 20
    private static let (name, searchName) = ("teams", "find_teams")

    /// - Parameter teams: by name, those that are ticked at first.
    static func make(
        _ form: Form, chosen teams: [String], _ visit: Visit, _ app: App
    ) async throws(Refusal) -> TeamPicker {
        let ticked = form.typed?.all(name) ?? teams
        let choices = try await app.teamChoices(
            chosen: ticked, holding: form.typed?.given(searchName), limit: shown, as: visit.caller)
        return TeamPicker(form, choices, ticked: ticked)
    }

    private init(_ form: Form, _ choices: TeamChoices, ticked: [String]) {
        let everyone = Option(choices.everyone.name, detail: "Everybody is in it", isLocked: true)
        let others = choices.found.filter { !choices.chosen.contains($0) }
        boxes = form.boxes(
            Self.name, "Teams", [everyone] + (choices.chosen + others).map(Self.option), ticked: ticked)
        search = form.text(Self.searchName, "Find a team").suggested(by: TeamChoicePages.options)
        isSearched = choices.total > Self.shown || !search.value.isEmpty
        more = Self.words(choices.total - choices.found.count, isNarrowed: !search.value.isEmpty)
    }

    static func option(_ team: Team) -> Option { Option(team.name) }

    private static func words(_ hidden: Int, isNarrowed: Bool) -> String? {
        guard hidden > 0 else { return nil }
        return "\(hidden.grouped) more\(isNarrowed ? " match" : ""): search for a part of the name."
    }
}

/// What scripts ask while somebody types a team's name.
struct TeamChoicePages: Sendable {
    let app: App

    static let options = "\(TeamListPage.path)/options"
    static let names = "\(TeamListPage.path)/names"
    private static let mostNames = 8

    var endpoints: [PageEndpoint] {
        [
            .get(Self.options, .needs(.listTeams), showOptions),
            .get(Self.names, .needs(.listTeams), suggestNames),
        ]
    }

    /// Boxes to tick.
    @Sendable
    private func showOptions(_ visit: Visit) async throws -> PageReply {
        let found = try await found(visit, limit: TeamPicker.shown)
        return .fragment("field/options", OptionsView(name: "teams", options: found.map(TeamPicker.option)))
    }

    /// The list below a field.
    @Sendable
    private func suggestNames(_ visit: Visit) async throws -> PageReply {
        let found = try await found(visit, limit: Self.mostNames)
        return .fragment(
            "user/people", SuggestedTeams(people: found.map { SuggestedUser(value: $0.name, label: "") }))
    }

    private func found(_ visit: Visit, limit: Int) async throws(Refusal) -> [Team] {
        let text = visit.query.given("value")
        return try await app.teamChoices(chosen: [], holding: text, limit: limit, as: visit.caller).found
    }
}

private struct OptionsView: View {
    let name: String
    let options: [Option]
}

private struct SuggestedTeams: View {
    let people: [SuggestedUser]
}
