public import LatchkeyCore
import LatchkeyStore

/// Directory sync as its administrator sees it.
public struct DirectoryOverview: Sendable {
    /// Live SCIM tokens, with their last contact; of people's own tokens only the caller's.
    public let tokens: [TokenSummary]
    public let directories: [DirectoryHolding]
    /// What the latest syncs changed, newest first.
    public let runs: [SyncRun]
    /// What was refused lately, in words.
    public let faults: [SyncFault]
    /// Whether a directory's `roles` set people's roles here.
    public let governsRoles: Bool
}

/// How much one directory keeps in step; without an account, what none does yet.
public struct DirectoryHolding: Sendable {
    public let account: UserReference?
    public let people: Int
    public let groups: Int
}

extension App {
    private static let mostRuns = 50
    private static let mostTokens = 100
    static let notAnAccount = Refusal.invalid("/user_id", "must be the id of an account")

    public func findDirectorySync(as caller: Caller) async throws(Refusal) -> DirectoryOverview {
        try caller.require(.manageTokens)
        let filter = TokenFilter(standing: .active, isSCIMOnly: true, now: ambient.now())
        let service = try await listTokens(.service, filter, limit: Self.mostTokens, offset: 0, as: caller)
        let own = try await listTokens(.own, filter, limit: Self.mostTokens, offset: 0, as: caller)
        let governsRoles = settings.directoryGovernsRoles
        return try await store.read { db throws(Refusal) in
            var directories: [DirectoryHolding] = []
            for (id, people, groups) in try db.directoryHoldings() {
                directories.append(
                    DirectoryHolding(account: try db.userReference(id), people: people, groups: groups))
            }
            return DirectoryOverview(
                tokens: service + own, directories: directories, runs: try db.syncRuns(limit: Self.mostRuns),
                faults: try db.syncFaults(limit: SyncFault.mostKept), governsRoles: governsRoles)
        }
    }

    /// Notes that a directory's request was refused, so that its administrator finds it in words.
    public func noteSyncFault(
        _ operation: String, status: Int, detail: String, subject: String, as caller: Caller
    ) async throws(Refusal) {
        let acting = try caller.provisioning()
        guard let credential = acting.credential else { return }
        let now = ambient.now()
        let fault = SyncFault(
            directory: credential.user, token: credential.token, operation: operation, status: status,
            detail: String(detail.prefix(500)), subject: String(subject.prefix(255)), first: now, last: now)
        try await store.write { db throws(Refusal) in try db.note(.syncFault(fault)) }
    }

    /// Lets go of all people and groups that an account's tokens keep in step, so that another directory can take them
    /// over. Nothing of them changes.
    ///
    /// - Returns: how many they were.
    public func releaseDirectory(_ directory: ID<User>, as caller: Caller) async throws(Refusal) -> Int {
        try caller.require(.manageTokens)
        let now = ambient.now()
        return try await commit(as: caller) { db throws(Refusal) in
            guard let account = try db.user(directory) else { throw Self.notAnAccount }
            let held = try db.directoryHoldings().first { $0.directory == directory }
            guard let held, held.people + held.groups > 0 else { return 0 }
            try db.apply(account.releaseDirectory(people: held.people, groups: held.groups, by: caller, at: now))
            return held.people + held.groups
        }
    }
}
