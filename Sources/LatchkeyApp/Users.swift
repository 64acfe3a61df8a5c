public import LatchkeyCore
import LatchkeyStore

/// Users and service users.
extension App {
    public func listUsers(
        _ filter: UserFilter, _ page: PageRequest, as caller: Caller
    ) async throws(Refusal) -> Page<UserSummary> {
        try caller.require(.readUsers)
        let now = ambient.now()
        return try await store.read { db throws(Refusal) in try db.users(filter, page, at: now) }
    }

    public func listUserStubs(_ type: UserType?, as caller: Caller) async throws(Refusal) -> [UserReference] {
        try caller.require(.readUsers)
        return try await store.read { db throws(Refusal) in try db.userStubs(type: type) }
    }

    public func findUser(_ id: ID<User>, as caller: Caller) async throws(Refusal) -> UserSummary {
        try caller.require(.readUsers)
        let now = ambient.now()
        return try await store.read { db throws(Refusal) in try db.summary(of: id, at: now) }
    }

    /// By `user_id`, for those who type it.
    public func findUser(handle: String, as caller: Caller) async throws(Refusal) -> UserSummary {
        try caller.require(.readUsers)
        let now = ambient.now()
        return try await store.read { db throws(Refusal) in
            guard let user = try db.user(handle: handle.trimmed.lowercased()) else { throw .notFound("user") }
            return try db.summary(of: user.id, at: now)
        }
    }

    public func createServiceUser(
        _ request: NewServiceUser, as caller: Caller, keeping: ReplyKeeping<UserSummary>? = nil
    ) async throws(Refusal) -> UserSummary {
        try caller.require(.manageUsers)
        let now = ambient.now()
        return try await commit(as: caller, keeping: keeping) { db throws(Refusal) in
            let (user, decision) = try db.creation(of: request, id: db.nextID(), by: caller, at: now)
            try db.apply(decision)
            return try db.summary(of: user.id, at: now)
        }
    }

    public func updateUser(
        _ id: ID<User>, _ edit: UserEditRequest, as caller: Caller
    ) async throws(Refusal) -> UserSummary {
        try caller.require(.manageUsers)
        let now = ambient.now()
        return try await commit(as: caller) { db throws(Refusal) in
            guard let user = try db.user(id) else { throw .notFound("user") }
            try user.version.requireSeen(edit.version, "user")
            if case .some(let owner) = edit.owner, owner != user.owner { try db.requireOwner(owner) }
            let edits = edit.edits(teams: try edit.teams.map { names throws(Refusal) in try db.teams(named: names) })
            let (_, decision) = try user.applying(
                edits, teams: try db.teams(of: id).filter { !$0.isPublic }, isLastAdmin: try db.isLastAdmin(user),
                by: caller, at: now)
            if let decision { try db.apply(decision) }
            return try db.summary(of: id, at: now)
        }
    }

    public func deactivateUser(
        _ id: ID<User>, revokingTokens: Bool, as caller: Caller
    ) async throws(Refusal) {
        try caller.require(.manageUsers)
        let now = ambient.now()
        try await commit(as: caller) { db throws(Refusal) in
            guard let user = try db.user(id) else { throw .notFound("user") }
            let decision = try user.deactivate(
                activeTokens: try db.activeTokens(of: id, at: now), sessions: try db.sessions(of: id).map(\.id),
                revokingTokens: revokingTokens, isLastAdmin: try db.isLastAdmin(user), by: caller, at: now)
            try db.apply(decision)
        }
    }

    public func restoreUser(
        _ id: ID<User>, as caller: Caller, keeping: ReplyKeeping<UserSummary>? = nil
    ) async throws(Refusal) -> UserSummary {
        try caller.require(.manageUsers)
        let now = ambient.now()
        return try await commit(as: caller, keeping: keeping) { db throws(Refusal) in
            guard let user = try db.user(id) else { throw .notFound("user") }
            try db.apply(try user.restore(by: caller, at: now))
            return try db.summary(of: id, at: now)
        }
    }

    /// Every version of a user, oldest first.
    public func userHistory(_ id: ID<User>, as caller: Caller) async throws(Refusal) -> [RecordedEvent] {
        try caller.require(.readUsers)
        return try await store.read { db throws(Refusal) in
            guard try db.user(id) != nil else { throw .notFound("user") }
            return try db.history(of: .user, id.value)
        }
    }
}

/// An edit of a user as a door reads it: absent fields stay.
public struct UserEditRequest: Hashable, Sendable {
    public var name: String?
    public var role: Role?
    /// By name.
    public var teams: [String]?
    /// `.some(nil)` takes it away, here and below.
    public var purpose: String??
    public var owner: ID<User>??
    /// The version that the editor saw; `nil` for whichever there is.
    public var version: Int64?

    public init(
        name: String? = nil, role: Role? = nil, teams: [String]? = nil, purpose: String?? = nil,
        owner: ID<User>?? = nil, version: Int64? = nil
    ) {
        self.name = name
        self.role = role
        self.teams = teams
        self.purpose = purpose
        self.owner = owner
        self.version = version
    }

    func edits(teams: [Team]?) -> [UserEdit] {
        [
            name.map(UserEdit.name), role.map(UserEdit.role), teams.map(UserEdit.teams), purpose.map(UserEdit.purpose),
            owner.map(UserEdit.owner),
        ].compactMap { $0 }
    }
}

extension Transaction {
    func summary(of id: ID<User>, at now: Timestamp) throws(Refusal) -> UserSummary {
        guard let summary = try userSummary(id, at: now) else { throw .notFound("user") }
        return summary
    }

    /// The teams of these names, in order; an unknown one is told with its place.
    func teams(named names: [String]) throws(Refusal) -> [Team] {
        var teams: [Team] = []
        for (place, name) in names.enumerated() {
            guard let team = try team(named: name) else {
                let shown = name.prefix(255)
                throw .invalid("/teams/\(place)", "There is no team named “\(shown)”. Create it first.")
            }
            teams.append(team)
        }
        return teams
    }

    /// A service user is given to an active person, if to anybody; whoever leaves stays its owner until it is given to
    /// another.
    func requireOwner(_ id: ID<User>?) throws(Refusal) {
        guard let id else { return }
        guard let owner = try user(id), owner.type == .human, owner.isActive else {
            throw .invalid("/owner_id", "must be an active person")
        }
    }

    /// Whether this is the only active person who is an Admin.
    func isLastAdmin(_ user: User) throws(Refusal) -> Bool {
        guard user.type == .human, user.role == .admin, user.isActive else { return false }
        return try activeAdminCount() <= 1
    }
}
