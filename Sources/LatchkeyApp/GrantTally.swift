import LatchkeyCore

/// An access token that is about to be given.
public struct GivenAccess: Sendable {
    let issue: AccessIssue
    /// What it came of.
    let token: ID<Token>
    let caller: Caller
    let at: Timestamp
}

/// What makes access tokens alike, so that those of one minute need not each have an event: a program that gets one
/// for each of its requests would fill a log from which nothing is ever removed.
struct GrantKey: Hashable, Sendable {
    let token: ID<Token>
    let grant: AccessIssue.Grant
    let actions: Set<String>?
    let address: Address?
    let minute: Int64

    init(_ given: GivenAccess) {
        token = given.token
        grant = given.issue.grant
        actions = given.issue.actions
        address = given.caller.origin.address
        minute = given.at.seconds / 60
    }
}

/// Those that came after the first, which is in the log by itself.
struct GrantTally: Sendable {
    private var last: GivenAccess
    private(set) var repeats: Int64 = 0

    init(_ first: GivenAccess) {
        last = first
    }

    mutating func add(_ given: GivenAccess) {
        repeats += 1
        if given.at >= last.at { last = given }
    }

    func followed(by later: GrantTally) -> GrantTally {
        var both = later
        both.repeats += repeats
        return both
    }

    var event: AuditEvent? {
        guard repeats > 0 else { return nil }
        return last.issue.event(ofRepeats: repeats, for: last.token, by: last.caller, at: last.at)
    }
}
