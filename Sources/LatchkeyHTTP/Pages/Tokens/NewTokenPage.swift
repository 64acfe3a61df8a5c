import LatchkeyApp
import LatchkeyCore

/// Generate Token: a personal one for oneself, or, for Admins, one of a service user, with limits where wanted.
struct NewTokenPage: Sendable {
    let app: App
    let rootPath: String

    static let suggestions = "/settings/tokens/users"
    private static let mostSuggested = 8

    var endpoints: [PageEndpoint] {
        [
            .get(TokenPaths.new, .needs(.manageOwnTokens)) { visit in
                show(visit, visit.freshForm, isService: (visit.refill ?? visit.query).text("kind") == "service")
            },
            .post(TokenPaths.new, .needs(.manageOwnTokens), issue).refilled,
            .get(Self.suggestions, .needs(.readUsers), suggest),
        ]
    }

    private func show(_ visit: Visit, _ form: Form, isService asked: Bool) -> PageReply {
        let isService = asked && visit.caller.isAllowed(.manageTokens)
        let fields = NewTokenFields(
            form, visit, isService: isService, policy: app.settings.tokens,
            actions: app.policyInForce.current.actions)
        let view = NewTokenView(
            notice: form.notice(besides: NewTokenFields.names), kind: isService ? "service" : "personal",
            isService: isService, fields: fields, isLimitOpen: fields.isLimited,
            back: isService ? TokenPaths.service : TokenPaths.personal)
        return .page("Generate token", "token/generate", view, status: form.status)
    }

    @Sendable
    private func issue(_ visit: Visit) async throws -> PageReply {
        let isService = visit.form.text("kind") == "service"
        return try await visit.answer {
            let request = NewToken(
                name: visit.form.text("name"), owner: isService ? try await owner(visit) : nil,
                lifetime: try visit.form.lifetime("expires_in_days"),
                isSCIMOnly: isService && visit.form.isTicked("scim"), limits: try visit.form.limits())
            let issued = try await app.issueToken(request, as: visit.caller)
            return TokenShown.page(
                issued, app: app, rootPath: rootPath, next: isService ? TokenPaths.service : TokenPaths.personal,
                now: visit.now)
        } orAgain: { form in
            show(visit, form, isService: isService)
        }
    }

    private func owner(_ visit: Visit) async throws(Refusal) -> ID<User> {
        guard let handle = visit.form.given("user_id") else {
            throw .invalid("/user_id", "Say whose token it will be.")
        }
        do throws(Refusal) {
            return try await app.findUser(handle: handle, as: visit.caller).user.id
        } catch .notFound {
            throw .invalid("/user_id", "There is no service user with this user_id.")
        }
    }

    @Sendable
    private func suggest(_ visit: Visit) async throws -> PageReply {
        var filter = UserFilter(type: .service, sorting: Sorting(.name))
        filter.text = visit.query.given("value")
        let users = try await app.listUsers(filter, PageRequest(size: Self.mostSuggested), as: visit.caller)
        return .fragment("user/people", SuggestedUsers(users.items))
    }
}

private struct NewTokenView: View {
    let notice: String?
    let kind: String
    let isService: Bool
    let fields: NewTokenFields
    /// Limits are folded away until somebody has typed some.
    let isLimitOpen: Bool
    let back: String
}
