import LatchkeyCore
import LatchkeyStore

/// A directory at work within one transaction: looks up what a rule has to know, lets Core decide, writes, and counts
/// what was done under its sync.
struct Provisioner {
    let db: WriteTransaction
    /// With the rights of directory sync, under the name of the token.
    let caller: Caller
    let reach: DirectoryReach
    let now: Timestamp

    var directory: ID<User> { reach.directory }

    func carryOut(_ decision: Decision?) throws(Refusal) {
        guard let decision else { return }
        try db.apply(decision)
        guard let token = caller.credential?.token else { return }
        let work = SyncWork(directory: directory, token: token, at: now, counts: SyncCounts(decision))
        try db.note(.syncWork(work))
    }

    static func taken(_ attribute: String, _ detail: String) -> Refusal {
        .invalid([Flaw(pointer: attribute, detail: detail, kind: .uniqueness)])
    }
}

extension App {
    /// One write on behalf of a directory.
    func provision<Value: Sendable>(
        as caller: Caller, _ body: @escaping @Sendable (Provisioner) throws(Refusal) -> Value
    ) async throws(Refusal) -> Value {
        let acting = try caller.provisioning()
        let directory = try Self.directory(of: acting)
        let (now, governsRoles) = (ambient.now(), settings.directoryGovernsRoles)
        return try await commit(as: caller) { db throws(Refusal) in
            let highest = governsRoles ? try db.highestRole(of: caller) : nil
            let reach = DirectoryReach(directory: directory, highestRole: highest)
            return try body(Provisioner(db: db, caller: acting, reach: reach, now: now))
        }
    }

    /// All tokens of one account are one directory.
    static func directory(of caller: Caller) throws(Refusal) -> ID<User> {
        guard let directory = caller.userID else { throw .unauthenticated(credentialSent: false) }
        return directory
    }
}

extension Transaction {
    /// The highest role that a directory's token can give: its creator's, as it is now. Of a creator who is gone
    /// nothing is left to give.
    fileprivate func highestRole(of caller: Caller) throws(Refusal) -> Role? {
        guard let credential = caller.credential, credential.scimOnly else { return caller.role }
        guard let id = try token(credential.token)?.createdBy, let creator = try user(id), creator.isActive else {
            return .member
        }
        return creator.role
    }
}
