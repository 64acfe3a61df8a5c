import LatchkeyAPI
import LatchkeyApp
import LatchkeyCore

extension Rendering {
    func directorySync(_ overview: DirectoryOverview, url: String) -> DirectorySyncBody {
        DirectorySyncBody(
            url: url, governsRoles: overview.governsRoles, tokens: overview.tokens.map(token),
            directories: overview.directories.map { holding in
                DirectoryBody(user: holding.account.map(stub), people: holding.people, groups: holding.groups)
            }, runs: overview.runs.map(run), faults: overview.faults.map(fault))
    }

    private func run(_ run: SyncRun) -> SyncRunBody {
        SyncRunBody(
            userID: run.directory.value, tokenID: run.token.value, from: run.from.text, until: run.until.text,
            counts: counts(run.counts))
    }

    /// What did not happen is left out.
    private func counts(_ counts: SyncCounts) -> [String: Int] {
        [
            "people_created": counts.peopleCreated, "people_updated": counts.peopleUpdated,
            "people_deactivated": counts.peopleDeactivated, "people_reactivated": counts.peopleReactivated,
            "people_deleted": counts.peopleDeleted, "groups_created": counts.groupsCreated,
            "groups_updated": counts.groupsUpdated, "groups_deleted": counts.groupsDeleted,
            "members_added": counts.membersAdded, "members_removed": counts.membersRemoved,
        ].filter { $0.value > 0 }
    }

    private func fault(_ fault: SyncFault) -> SyncFaultBody {
        SyncFaultBody(
            userID: fault.directory.value, tokenID: fault.token.value, operation: fault.operation,
            status: fault.status, detail: fault.detail, subject: fault.subject, count: fault.count,
            times: (fault.first.text, fault.last.text))
    }
}

extension ObjectSchema {
    static let directorySync = ObjectSchema(
        "DirectorySync",
        [
            .always("url", .text), .always("governs_roles", .flag), .always("tokens", .list(.object(.token))),
            .always("directories", .list(.object(directory))), .always("runs", .list(.object(syncRun))),
            .always("faults", .list(.object(syncFault))),
        ])
    static let directory = ObjectSchema(
        "Directory",
        [
            .always("user", .nullable(.object(.userStub))), .always("people", .integer), .always("groups", .integer),
        ])
    static let syncRun = ObjectSchema(
        "SyncRun",
        [
            .always("user_id", .id), .always("token_id", .id), .always("from", .time), .always("until", .time),
            .always("counts", .anything),
        ])
    static let syncFault = ObjectSchema(
        "SyncFault",
        [
            .always("user_id", .id), .always("token_id", .id), .always("operation", .text),
            .always("status", .integer), .always("detail", .text), .always("subject", .text),
            .always("count", .integer), .always("first", .time), .always("last", .time),
        ])
    static let directoryRequest = ObjectSchema("DirectoryRequest", [.maybe("user_id", .id)])
    static let directoryRelease = ObjectSchema("DirectoryRelease", [.always("user_id", .id)])
    static let directoryCheck = ObjectSchema(
        "DirectoryCheck", [.always("passed", .flag), .always("steps", .list(.object(directoryStep)))])
    static let directoryStep = ObjectSchema(
        "DirectoryStep", [.always("step", .text), .always("problem", .nullable(.text))])
    static let released = ObjectSchema("Released", [.always("released", .integer)])
}
