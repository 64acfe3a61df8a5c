import LatchkeyApp
import LatchkeyCore

/// Settings → Directory sync: where to point a directory, what it did, what went wrong, and a rehearsal.
struct DirectoryPage: Sendable {
    static let path = "/settings/directory-sync"

    let app: App
    let rootPath: String

    var endpoints: [PageEndpoint] {
        [
            .get(Self.path, .needs(.manageTokens), show),
            .post("\(Self.path)/check", .needs(.manageTokens), check),
            .get("\(Self.path)/{id}/release", .needs(.manageTokens), askRelease),
            .post("\(Self.path)/{id}/release", .needs(.manageTokens), release),
        ]
    }

    @Sendable
    private func show(_ visit: Visit) async throws -> PageReply {
        let overview = try await app.findDirectorySync(as: visit.caller)
        let url = app.settings.publicURL + rootPath + SCIMDoor.path
        return .page("Directory sync", "directory/overview", DirectoryView(overview, url: url, now: visit.now))
    }

    @Sendable
    private func check(_ visit: Visit) async throws -> PageReply {
        let directory: ID<User>? = Int64(visit.form.text("directory")).map { ID($0) }
        let checks = try await app.checkDirectorySync(directory, as: visit.caller)
        return .page("Check of directory sync", "directory/check", DirectoryCheckView(checks))
    }

    @Sendable
    private func askRelease(_ visit: Visit) async throws -> PageReply {
        try await confirmation(visit, Form())
    }

    private func confirmation(_ visit: Visit, _ form: Form) async throws -> PageReply {
        let id: ID<User> = try visit.id("user")
        let overview = try await app.findDirectorySync(as: visit.caller)
        guard let holding = overview.directories.first(where: { $0.account?.id == id }) else {
            throw Refusal.notFound("directory")
        }
        let people = Count.text(holding.people, "person", "people")
        let teams = Count.text(holding.groups, "team", "teams")
        return Confirmation(
            "Release \(holding.account?.name ?? "this directory")?",
            [
                "Its \(people) and \(teams) become free for another directory, which takes over whom it changes first.",
                "Nothing about them changes. If this directory goes on syncing, it takes them back.",
            ], button: "Release", visit: visit, form: form, back: Self.path
        ).page(form)
    }

    @Sendable
    private func release(_ visit: Visit) async throws -> PageReply {
        try await visit.answer {
            _ = try await app.releaseDirectory(visit.id("user"), as: visit.caller)
            return .redirect(to: Self.path, saying: .said(.directoryReleased))
        } orAgain: { form in
            try await confirmation(visit, form)
        }
    }
}
