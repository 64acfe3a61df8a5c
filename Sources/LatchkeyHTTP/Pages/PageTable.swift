import HTTPTypes
import LatchkeyApp

/// Every page of the console. A new one is a line here, beside its file.
enum PageTable {
    static func endpoints(_ app: App, rootPath: String) -> [PageEndpoint] {
        let lists = [
            Assets.endpoints,
            HomePage(app: app).endpoints,
            SignInPages(app: app).endpoints,
            SignInCodePage(app: app).endpoints,
            EntryPages(app: app).endpoints,
            AccountPage(app: app).endpoints,
            IdentityPages(app: app).endpoints,
            PasswordPage(app: app).endpoints,
            SecondFactorPages(app: app).endpoints,
            SignOnPages(app: app).endpoints,
            SignInSettingsPage(app: app).endpoints,
            SecondFactorRulePages(app: app).endpoints,
            InvitationPages(app: app).endpoints,
            ProviderPages(app: app).endpoints,
            CommandLinePages(app: app, rootPath: rootPath).endpoints,
        ]
        let all = (lists + settings(app, rootPath: rootPath)).flatMap { $0 }
        let shown = Set(all.filter { $0.method == .get }.map(\.path))
        return all.map { $0.shown(in: shown) }
    }

    private static func settings(_ app: App, rootPath: String) -> [[PageEndpoint]] {
        [
            UserListPage(app: app).endpoints,
            NewServiceUserPages(app: app, rootPath: rootPath).endpoints,
            UserPage(app: app).endpoints,
            UserChangePages(app: app).endpoints,
            UserTokenPages(app: app, rootPath: rootPath).endpoints,
            PersonAccessPages(app: app).endpoints,
            TrustPages(app: app).endpoints,
            TokenListPage(app: app).endpoints,
            NewTokenPage(app: app, rootPath: rootPath).endpoints,
            ManyTokensPage(app: app).endpoints,
            TokenPage(app: app).endpoints,
            TokenChangePages(app: app).endpoints,
            RotateTokenPage(app: app, rootPath: rootPath).endpoints,
            TeamListPage(app: app).endpoints,
            TeamFormPages(app: app).endpoints,
            TeamPage(app: app).endpoints,
            TeamChoicePages(app: app).endpoints,
            TeamMemberPages(app: app).endpoints,
            DirectoryPage(app: app, rootPath: rootPath).endpoints,
            PolicyPage(app: app).endpoints,
            AuditPage(app: app).endpoints,
            AuditExportPage(app: app).endpoints,
        ]
    }
}
