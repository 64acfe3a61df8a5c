public import LatchkeyCore
import LatchkeyStore

/// One step of a rehearsed sync, and what stood in its way.
public struct DirectoryCheck: Hashable, Sendable {
    public let step: String
    /// `nil` when it would work; else the refusal, for a door to word.
    public let refusal: Refusal?
}

extension App {
    /// Rehearses what a directory does with one person and one group, from the first probe to the deletion, in a
    /// transaction that is undone.
    ///
    /// - Parameter directory: as which directory; the caller's own when none is given.
    public func checkDirectorySync(
        _ directory: ID<User>?, as caller: Caller
    ) async throws(Refusal) -> [DirectoryCheck] {
        try caller.require(.manageTokens)
        let acting = try caller.provisioning()
        let own = try Self.directory(of: acting)
        let now = ambient.now()
        let mark = ambient.randomBytes(6).map { String($0, radix: 16) }.joined()
        return try await store.rehearse { db throws(Refusal) in
            if let directory, try db.user(directory) == nil { throw App.notAnAccount }
            let reach = DirectoryReach(directory: directory ?? own)
            let work = Provisioner(db: db, caller: acting, reach: reach, now: now)
            let token = try directory.map { id throws(Refusal) in try db.tokenCheck(of: id, at: now) }
            return [token].compactMap { $0 } + SyncRehearsal(work: work, mark: mark).run()
        }
    }
}

extension Transaction {
    /// A directory that nobody gave a token gets no further than the door.
    fileprivate func tokenCheck(of directory: ID<User>, at now: Timestamp) throws(Refusal) -> DirectoryCheck {
        let live = try activeTokens(of: directory, at: now).filter(\.isSCIMOnly)
        let missing = Refusal.conflict("This directory has no live SCIM token. Generate one and enter it there.")
        return DirectoryCheck(step: "Find a live SCIM token", refusal: live.isEmpty ? missing : nil)
    }
}

/// The life of a person and of a group.
private struct SyncRehearsal {
    let work: Provisioner
    let mark: String

    private var userName: String { "latchkey-check-\(mark)@example.com" }

    func run() -> [DirectoryCheck] {
        var checks: [DirectoryCheck] = []
        var (person, group): (Person?, ID<Team>?) = (nil, nil)
        func step(_ name: String, _ body: () throws(Refusal) -> Void) {
            do throws(Refusal) {
                try body()
                checks.append(DirectoryCheck(step: name, refusal: nil))
            } catch {
                checks.append(DirectoryCheck(step: name, refusal: error))
            }
        }
        step("Look for somebody who is not there") { () throws(Refusal) in _ = try found() }
        step("Create a person") { () throws(Refusal) in person = try work.create(record) }
        step("Find the person by userName") { () throws(Refusal) in person = try found() }
        guard let id = person?.user.id else { return checks }
        step("Change the person") { () throws(Refusal) in try edit(id, "title", .text("Checked")) }
        step("Deactivate the person") { () throws(Refusal) in try edit(id, DirectoryAttribute.active, .flag(false)) }
        step("Reactivate the person") { () throws(Refusal) in try edit(id, DirectoryAttribute.active, .flag(true)) }
        step("Create a group") { () throws(Refusal) in
            group = try work.create([DirectoryAttribute.displayName: .text("Latchkey check \(mark)")], members: [])
        }
        if let group {
            step("Add a member") { () throws(Refusal) in try work.edit(try work.group(group), [.addMembers([id])]) }
            step("Remove a member") { () throws(Refusal) in
                try work.edit(try work.group(group), [.removeMembers([id])])
            }
            step("Delete the group") { () throws(Refusal) in try work.delete(try work.group(group)) }
        }
        step("Delete the person") { () throws(Refusal) in try work.delete(try work.person(id)) }
        return checks
    }

    private var record: AttributeRecord {
        [
            DirectoryAttribute.userName: .text(userName), DirectoryAttribute.externalID: .text("check-\(mark)"),
            DirectoryAttribute.displayName: .text("Check of directory sync"),
        ]
    }

    private func found() throws(Refusal) -> Person? {
        let filter = AttributeFilter.compare(
            AttributePath(DirectoryAttribute.userName), .equal, .text(userName, isExact: false))
        return try work.db.people(DirectoryQuery(filter: filter), in: work.directory).items.first
    }

    private func edit(_ id: ID<User>, _ attribute: String, _ value: AttributeValue) throws(Refusal) {
        _ = try work.edit(try work.person(id), [.replace(AttributeTarget(AttributePath(attribute)), value)])
    }
}
