import LatchkeyApp
import LatchkeyCore

/// The page of directory sync.
struct DirectoryView: View {
    let url: String
    let governsRoles: Bool
    let tokens: [DirectoryTokenRow]
    let hasTokens: Bool
    /// Whose sync can be rehearsed.
    let checkable: [CheckableDirectory]
    let hasChoice: Bool
    let directories: [DirectoryRow]
    let hasDirectories: Bool
    let runs: [SyncRunRow]
    let hasRuns: Bool
    let faults: [SyncFaultRow]
    let hasFaults: Bool

    init(_ overview: DirectoryOverview, url: String, now: Timestamp) {
        self.url = url
        governsRoles = overview.governsRoles
        tokens = overview.tokens.map { DirectoryTokenRow($0, now: now) }
        hasTokens = !tokens.isEmpty
        checkable = CheckableDirectory.all(overview)
        hasChoice = checkable.count > 1
        directories = overview.directories.compactMap(DirectoryRow.init)
        hasDirectories = !directories.isEmpty
        let names = Dictionary(
            overview.tokens.map { ($0.token.id, $0.token.name) }, uniquingKeysWith: { first, _ in first })
        runs = overview.runs.map { SyncRunRow($0, token: names[$0.token], now: now) }
        hasRuns = !runs.isEmpty
        faults = overview.faults.map { SyncFaultRow($0, now: now) }
        hasFaults = !faults.isEmpty
    }
}

/// An account that has SCIM tokens, or keeps somebody in step.
struct CheckableDirectory: View {
    let id: String
    let name: String

    static func all(_ overview: DirectoryOverview) -> [CheckableDirectory] {
        let accounts = overview.tokens.map(\.owner) + overview.directories.compactMap(\.account)
        var seen: Set<ID<User>> = []
        return accounts.filter { seen.insert($0.id).inserted }
            .map { CheckableDirectory(id: $0.id.description, name: $0.name) }
    }
}

struct DirectoryTokenRow: View {
    let path: String
    let name: String
    let owner: String
    let lastContact: Moment?
    let expires: Moment?

    init(_ summary: TokenSummary, now: Timestamp) {
        path = "/settings/tokens/\(summary.token.id)"
        name = summary.token.name
        owner = summary.owner.name
        lastContact = Moment(summary.lastUse?.at, now: now)
        expires = Moment(summary.token.expiresAt, now: now)
    }
}

struct DirectoryRow: View {
    let id: String
    let name: String
    let handle: String
    let people: String
    let groups: String
    let releasePath: String

    /// What no directory keeps is none.
    init?(_ holding: DirectoryHolding) {
        guard let account = holding.account else { return nil }
        id = account.id.description
        name = account.name
        handle = account.handle
        people = Count.text(holding.people, "person", "people")
        groups = Count.text(holding.groups, "team", "teams")
        releasePath = "\(DirectoryPage.path)/\(account.id)/release"
    }
}

struct SyncRunRow: View {
    let until: Moment
    let token: String
    let changes: [String]
    /// To its events in the audit log.
    let path: String

    init(_ run: SyncRun, token: String?, now: Timestamp) {
        until = Moment(run.until, now: now)
        self.token = token ?? "token \(run.token)"
        changes = run.counts.words
        path = "/settings/audit?token_id=\(run.token)"
    }
}

struct SyncFaultRow: View {
    let last: Moment
    let operation: String
    let detail: String
    let subject: String?
    let count: String

    init(_ fault: SyncFault, now: Timestamp) {
        last = Moment(fault.last, now: now)
        operation = fault.operation
        detail = fault.detail
        subject = fault.subject.isEmpty ? nil : fault.subject
        count = Count.text(fault.count, "time", "times")
    }
}

/// What a rehearsal came to.
struct DirectoryCheckView: View {
    let passed: Bool
    let steps: [Step]
    let back = DirectoryPage.path

    struct Step: View {
        let name: String
        let problem: String?
    }

    init(_ checks: [DirectoryCheck]) {
        passed = checks.allSatisfy { $0.refusal == nil }
        steps = checks.map { Step(name: $0.step, problem: $0.refusal.map { SCIMFault($0).detail }) }
    }
}

/// `1 person`, `12 people`.
enum Count {
    static func text(_ count: Int, _ one: String, _ several: String) -> String {
        "\(count) \(count == 1 ? one : several)"
    }
}

extension SyncCounts {
    /// What happened, in words; what did not is left out.
    fileprivate var words: [String] {
        let people = [
            (peopleCreated, "created"), (peopleUpdated, "updated"), (peopleDeactivated, "deactivated"),
            (peopleReactivated, "reactivated"), (peopleDeleted, "deleted"),
        ].map { (Count.text($0.0, "person", "people"), $0) }
        let teams = [(groupsCreated, "created"), (groupsUpdated, "updated"), (groupsDeleted, "deleted")]
            .map { (Count.text($0.0, "team", "teams"), $0) }
        let members = [(membersAdded, "added"), (membersRemoved, "removed")]
            .map { (Count.text($0.0, "member", "members"), $0) }
        return (people + teams + members).filter { $0.1.0 > 0 }.map { "\($0.0) \($0.1.1)" }
    }
}
