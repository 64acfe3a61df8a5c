import LatchkeyAPI
import LatchkeyApp
import LatchkeyCore

/// From the values of Core to the bodies of the API.
struct Rendering: Sendable {
    let serviceEmail: String
    let watch: Duration
    let now: @Sendable () -> Timestamp

    init(app: App, now: @escaping @Sendable () -> Timestamp) {
        serviceEmail = app.settings.serviceEmail
        watch = app.settings.tokens.watch
        self.now = now
    }

    func stub(_ user: UserReference) -> UserStub {
        UserStub(
            id: user.id.value, handle: user.handle, name: user.name, type: user.type.rawValue,
            userName: user.userName, email: email(user.email, user.type))
    }

    /// A service user shows the instance's address.
    func email(_ own: String?, _ type: UserType) -> String? {
        type == .service ? serviceEmail : own
    }

    func user(_ summary: UserSummary) -> UserBody {
        let user = summary.user
        return UserBody(
            id: user.id.value, handle: user.handle, userName: user.userName, email: email(user.email, user.type),
            name: user.name, type: user.type.rawValue, role: user.role.rawValue, teams: summary.teams,
            created: user.createdAt.text, deletedAt: user.deactivatedAt?.text, lastLogin: user.lastLogin?.text,
            lastUsed: summary.lastUsed?.text, purpose: user.purpose, owner: summary.owner.map(stub),
            createdBy: summary.createdBy.map(stub), activeTokens: summary.activeTokens)
    }

    func me(_ bearer: Bearer) -> MeBody {
        let account = bearer.account
        return MeBody(
            id: account.id.value, handle: account.handle, userName: account.userName,
            email: email(account.email, account.type), name: account.name, type: account.type.rawValue,
            role: bearer.role.rawValue, teams: bearer.teamNames,
            token: MyTokenBody(
                id: bearer.token.value, name: bearer.name, expiration: bearer.expiresAt?.text,
                created: bearer.createdAt.text, type: bearer.type.rawValue))
    }

    func page<Item, Body: Codable & Sendable>(_ page: Page<Item>, _ render: (Item) -> Body) -> PageBody<Body> {
        PageBody(
            items: page.items.map(render), total: page.total, page: page.request.number, size: page.request.size,
            pages: page.count)
    }
}
