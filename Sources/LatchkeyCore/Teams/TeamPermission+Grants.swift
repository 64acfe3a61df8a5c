/// What a team's permission level opens over a resource, as the data platform documents it for its datastores.
public struct TeamGrant: Hashable, Sendable {
    public let action: String
    /// Every level from this one up.
    public let lowest: TeamPermission

    private init(_ action: String, from lowest: TeamPermission) {
        self.action = action
        self.lowest = lowest
    }

    public static let all: [TeamGrant] = [
        TeamGrant(
            "List and view source datastores, activity, profiles, observability, checks, anomalies and tags",
            from: .reporter),
        TeamGrant("List enrichment datastores", from: .reporter),
        TeamGrant("Preview source datastores, view and preview enrichment", from: .viewer),
        TeamGrant("See source records of anomalies, comment on anomalies, assign tags to assets", from: .viewer),
        TeamGrant("Create checks, save checks as drafts and restore them to draft, dry run", from: .drafter),
        TeamGrant("Manage tags, assign tags in flows", from: .drafter),
        TeamGrant("Activate and validate checks, edit their metadata, change the status of anomalies", from: .author),
        TeamGrant("Edit datastore settings, scoring and enrichment; computed assets", from: .editor),
        TeamGrant("Run, manage and schedule operations; delete profiles", from: .editor),
    ]
}

extension TeamPermission {
    public func opens(_ grant: TeamGrant) -> Bool { self >= grant.lowest }
}
