import LatchkeyApp

/// Every page of the console. A new one is a line here, beside its file.
enum PageTable {
    static func endpoints(_ app: App) -> [PageEndpoint] {
        Assets.endpoints + SignInPages(app: app).endpoints
            + UserListPage(app: app).endpoints + NewServiceUserPages(app: app).endpoints
            + UserPage(app: app).endpoints + UserChangePages(app: app).endpoints
            + UserTokenPages(app: app).endpoints
            + tokens(app) + teams(app) + AuditPage(app: app).endpoints
    }

    private static func tokens(_ app: App) -> [PageEndpoint] {
        TokenListPage(app: app).endpoints + NewTokenPage(app: app).endpoints + ManyTokensPage(app: app).endpoints
            + TokenPage(app: app).endpoints + TokenChangePages(app: app).endpoints + RotateTokenPage(app: app).endpoints
    }

    private static func teams(_ app: App) -> [PageEndpoint] {
        TeamListPage(app: app).endpoints + TeamFormPages(app: app).endpoints + TeamPage(app: app).endpoints
            + TeamMemberPages(app: app).endpoints
    }
}
