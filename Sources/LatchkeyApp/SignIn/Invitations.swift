public import LatchkeyCore
import LatchkeyStore

/// An invitation with the text of its link, which is told this once.
public struct MadeInvitation: Sendable {
    public let invitation: Invitation
    public let secret: OpaqueSecret
}

/// One that may still be accepted, with the names that go with it.
public struct OpenInvitation: Hashable, Sendable {
    public let invitation: Invitation
    /// By name.
    public let teams: [String]
    public let host: UserReference?
    /// Whether its link is taken. What somebody promised who is no Admin any more does not hold.
    public let isHeld: Bool
}

extension App {
    public func invite(_ request: NewInvitation, as caller: Caller) async throws(Refusal) -> MadeInvitation {
        try caller.require(.manageUsers)
        let now = ambient.now()
        let secret = OpaqueSecret(random: ambient.randomBytes(OpaqueSecret.byteCount))
        let digest = keys.current.digest(of: secret)
        let invitation = try await commit(as: caller) { db throws(Refusal) in
            let handle = request.email.trimmed.lowercased()
            guard try db.user(handle: handle) == nil else {
                throw .conflict("There is an account of \(handle) already. Restore or edit it instead.")
            }
            if let open = try db.openInvitation(email: request.email.trimmed) {
                guard !open.isOpen(at: now) else {
                    throw .conflict("\(open.email) is invited already. Withdraw that invitation first.")
                }
                try db.apply(try open.lapse(by: caller, at: now))
            }
            let (invitation, decision) = try Invitation.make(
                request, id: db.nextID(), teams: try db.teams(named: request.teams), digest: digest, by: caller,
                at: now)
            try db.apply(decision)
            return invitation
        }
        return MadeInvitation(invitation: invitation, secret: secret)
    }

    /// Those that may still be accepted, the newest first.
    public func listInvitations(
        _ page: PageRequest, as caller: Caller
    ) async throws(Refusal) -> Page<OpenInvitation> {
        try caller.require(.manageUsers)
        let now = ambient.now()
        return try await store.read { db throws(Refusal) in
            let found = try db.openInvitations(page, at: now)
            var items: [OpenInvitation] = []
            for invitation in found.items { items.append(try db.described(invitation)) }
            return Page(items: items, total: found.total, request: page)
        }
    }

    public func findInvitation(_ id: ID<Invitation>, as caller: Caller) async throws(Refusal) -> OpenInvitation {
        try caller.require(.manageUsers)
        let now = ambient.now()
        return try await store.read { db throws(Refusal) in
            guard let invitation = try db.invitation(id), invitation.isOpen(at: now) else {
                throw .notFound("invitation")
            }
            return try db.described(invitation)
        }
    }

    public func withdrawInvitation(_ id: ID<Invitation>, as caller: Caller) async throws(Refusal) {
        try caller.require(.manageUsers)
        let now = ambient.now()
        try await commit(as: caller) { db throws(Refusal) in
            guard let invitation = try db.invitation(id) else { throw .notFound("invitation") }
            try db.apply(try invitation.withdraw(by: caller, at: now))
        }
    }

    /// What a link is about, for the page that it opens.
    public func invitation(behind link: String) async throws(Refusal) -> Invitation {
        let now = ambient.now()
        guard let secret = OpaqueSecret(presented: link) else { throw Self.deadLink }
        let digests = keys.current.digests(of: secret)
        return try await store.read { db throws(Refusal) in
            try db.requireWorking(try db.invitation(digests: digests), at: now)
        }
    }

    public func acceptInvitation(
        _ link: String, name: String, password: Password, from origin: Origin
    ) async throws(Refusal) -> StartedSession {
        let invitation = try await invitation(behind: link)
        try password.check(
            for: [name, invitation.email] + invitation.email.split(separator: "@").prefix(1).map(String.init),
            at: "/password")
        let hash = try await passwords.hash(password)
        let now = ambient.now()
        let secret = SessionSecret(random: ambient.randomBytes(SessionSecret.byteCount))
        let digest = keys.current.digest(of: secret)
        return try await commit(as: nil) { db throws(Refusal) in
            let current = try db.requireWorking(try db.invitation(invitation.id), at: now)
            guard try db.user(handle: current.email.lowercased()) == nil else {
                throw .conflict("There is an account of \(current.email) already. Sign in with it.")
            }
            let user = try User.person(
                id: db.nextID(), email: current.email, name: name, role: current.role,
                createdBy: current.createdBy, at: now)
            var teams: [Team] = []
            for id in current.teams { if let team = try db.team(id) { teams.append(team) } }
            try db.apply(current.accept(as: user, teams: teams, by: origin, at: now))
            try db.apply(
                user.settingPassword(hash, by: Caller(.job("invitation"), origin: origin), at: now))
            return try db.begin(user, by: .link, secret, digest, from: origin, at: now)
        }
    }
}

extension Transaction {
    fileprivate func requireWorking(_ invitation: Invitation?, at now: Timestamp) throws(Refusal) -> Invitation {
        guard let invitation, invitation.isOpen(at: now), try isHeld(invitation) else { throw App.deadLink }
        return invitation
    }

    private func isHeld(_ invitation: Invitation) throws(Refusal) -> Bool {
        guard let id = invitation.createdBy, let host = try user(id) else { return false }
        return host.isActive && host.role >= Permission.manageUsers.lowestRole
    }

    fileprivate func described(_ invitation: Invitation) throws(Refusal) -> OpenInvitation {
        var teams: [String] = []
        for id in invitation.teams { if let team = try team(id) { teams.append(team.name) } }
        return OpenInvitation(
            invitation: invitation, teams: teams.sorted(),
            host: try invitation.createdBy.flatMap { id throws(Refusal) in try userReference(id) },
            isHeld: try isHeld(invitation))
    }
}
