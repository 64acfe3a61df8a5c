import LatchkeyApp

/// Every page of the console. A new one is a line here, beside its file.
enum PageTable {
    static func endpoints(_ app: App) -> [PageEndpoint] {
        Assets.endpoints + SignInPages(app: app).endpoints
            + UserListPage(app: app).endpoints + NewServiceUserPages(app: app).endpoints
            + UserPage(app: app).endpoints + UserChangePages(app: app).endpoints
            + UserTokenPages(app: app).endpoints
    }
}
