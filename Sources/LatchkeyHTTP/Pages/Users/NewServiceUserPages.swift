import LatchkeyApp
import LatchkeyCore

/// Add → Service User: the dialog in two steps. Nothing is made before Finish; what the first step holds goes through
/// the second in hidden fields.
struct NewServiceUserPages: Sendable {
    let app: App
    let rootPath: String

    private static let path = "/settings/security/users/new"
    static let newestFirst = "/settings/security/users?sort=created&sort_dir=desc"

    var endpoints: [PageEndpoint] {
        [
            .get(Self.path, .needs(.manageUsers), show),
            .post(Self.path, .needs(.manageUsers), take).refilled,
            .get("\(Self.path)/handle", .needs(.manageUsers), commentOnName),
            .get("/settings/security/users/people", .needs(.readUsers), suggestPeople),
        ]
    }

    /// The button that was pressed.
    private enum Step: String {
        case finish, next, back, issue
        /// Among the teams, by what was typed above them.
        case find
    }

    /// Who had come to the second step before their session ended is shown that again.
    @Sendable
    private func show(_ visit: Visit) async throws -> PageReply {
        guard let refill = visit.refill, refill.choice("step", Step.self) == .issue else {
            return try await first(visit, visit.freshForm)
        }
        return try second(refill, visit.freshForm)
    }

    @Sendable
    private func take(_ visit: Visit) async throws -> PageReply {
        switch visit.form.choice("step", Step.self) ?? .finish {
        case .back, .find: try await first(visit, Form(keeping: visit.form))
        case .finish:
            try await visit.answer {
                try await finish(visit)
            } orAgain: {
                try await first(visit, $0)
            }
        case .next:
            try await visit.answer {
                try await next(visit)
            } orAgain: {
                try await first(visit, $0)
            }
        case .issue:
            try await visit.answer {
                try await issue(visit)
            } orAgain: {
                try await again(visit, $0)
            }
        }
    }

    /// What was typed in the second step goes along on the way back.
    private static let secondStep = ["token_name", "token_expires_in_days", "token_scim"]

    private func first(_ visit: Visit, _ form: Form) async throws -> PageReply {
        let teams = try await TeamPicker.make(form, chosen: [], visit, app)
        let fields = UserFields(form, nil, teams: teams, ownerNow: visit.person?.account.handle ?? "")
        let view = FirstStepView(
            notice: form.notice(besides: UserFields.names), fields: fields,
            kept: visit.form.kept(Self.secondStep))
        return .page("Add service user", "user/new", view, status: form.status)
    }

    /// - Parameter fields: what the first step holds.
    private func second(_ fields: FormFields, _ form: Form) throws -> PageReply {
        let handle = try fields.newServiceUser(owner: nil).handle()
        let view = SecondStepView(
            notice: form.notice(besides: TokenFields.names),
            token: TokenFields(form, handle: handle, policy: app.settings.tokens, prefix: "token_"),
            kept: fields.kept(UserFields.names))
        return .page("Add service user", "user/new-token", view, status: form.status)
    }

    /// What is wrong may be wrong with either step; the one that shows it comes back.
    private func again(_ visit: Visit, _ form: Form) async throws -> PageReply {
        UserFields.names.contains { form.flaw($0) != nil } ? try await first(visit, form) : try second(visit.form, form)
    }
}

// What the buttons do.
extension NewServiceUserPages {
    private func asked(_ visit: Visit, owner: ID<User>?) throws(Refusal) -> NewServiceUser {
        try visit.form.newServiceUser(owner: owner)
    }

    private func owner(_ visit: Visit) async throws(Refusal) -> ID<User>? {
        try await app.owner(typed: visit.form.given("owner_id"), as: visit.caller)
    }

    private func finish(_ visit: Visit) async throws -> PageReply {
        _ = try await app.createServiceUser(asked(visit, owner: owner(visit)), as: visit.caller)
        return .redirect(to: Self.newestFirst, saying: .said(.userCreated))
    }

    private func next(_ visit: Visit) async throws -> PageReply {
        try await app.rehearseServiceUser(asked(visit, owner: owner(visit)), as: visit.caller)
        let wasThere = visit.form.given("token_expires_in_days") != nil
        return try second(visit.form, wasThere ? Form(keeping: visit.form) : Form())
    }

    private func issue(_ visit: Visit) async throws -> PageReply {
        let token = FirstToken(
            name: visit.form.text("token_name"), lifetime: try visit.form.lifetime("token_expires_in_days"),
            isSCIMOnly: visit.form.isTicked("token_scim"))
        let issued = try await app.createServiceUser(
            asked(visit, owner: owner(visit)), with: token, as: visit.caller)
        return TokenShown.page(issued, app: app, rootPath: rootPath, next: Self.newestFirst, now: visit.now)
    }
}

// What scripts ask while somebody types.
extension NewServiceUserPages {
    @Sendable
    private func commentOnName(_ visit: Visit) async throws -> PageReply {
        let name = visit.query.text("value")
        let preview = try await app.previewHandle(of: name, as: visit.caller)
        return .fragment(
            "user/handle",
            HandleView(
                isEmpty: name.trimmed.isEmpty, handle: preview.handle, isTaken: preview.isTaken,
                saysNothing: preview.saysNothing))
    }

    /// As many as a list below a field has room for.
    private static let suggestedPeople = 8

    @Sendable
    private func suggestPeople(_ visit: Visit) async throws -> PageReply {
        var filter = UserFilter(type: .human, sorting: Sorting(.name))
        filter.text = visit.query.given("value")
        let people = try await app.listUsers(filter, PageRequest(size: Self.suggestedPeople), as: visit.caller)
        return .fragment("user/people", SuggestedUsers(people.items))
    }
}

private struct FirstStepView: View {
    let notice: String?
    let fields: UserFields
    let kept: [KeptField]
}

private struct SecondStepView: View {
    let notice: String?
    let token: TokenFields
    let kept: [KeptField]
}

private struct HandleView: View {
    let isEmpty: Bool
    let handle: String?
    let isTaken: Bool
    let saysNothing: Bool
}
