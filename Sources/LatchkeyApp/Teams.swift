public import LatchkeyCore
import LatchkeyStore

extension App {
    public func listTeams(
        _ filter: TeamFilter, _ page: PageRequest, as caller: Caller
    ) async throws(Refusal) -> Page<TeamSummary> {
        try caller.require(.readTeams)
        return try await store.read { db throws(Refusal) in try db.teams(filter, page) }
    }

    /// The flat list that everybody may see: names and levels, narrowed to those of certain users or of one level.
    public func listTeamStubs(
        users: [ID<User>], permission: TeamPermission?, as caller: Caller
    ) async throws(Refusal) -> [Team] {
        try caller.require(.listTeams)
        return try await store.read { db throws(Refusal) in
            try db.teamListing(users: users.isEmpty ? nil : users, permission: permission)
        }
    }

    /// Teams for a picker, however many there are: `Public`, those that are chosen, and some to choose from.
    ///
    /// - Parameters:
    ///   - names: of those that are chosen; unknown ones are left out.
    ///   - text: a part of the name of those to choose from.
    public func teamChoices(
        chosen names: [String], holding text: String?, limit: Int, as caller: Caller
    ) async throws(Refusal) -> TeamChoices {
        try caller.require(.listTeams)
        return try await store.read { db throws(Refusal) in
            var chosen: [Team] = []
            for name in names {
                guard let team = try db.team(named: name), !team.isPublic, !chosen.contains(team) else { continue }
                chosen.append(team)
            }
            let (found, total) = try db.teams(holding: text, limit: limit)
            return TeamChoices(everyone: try db.publicTeam(), chosen: chosen, found: found, total: total)
        }
    }

    public func findTeam(_ id: ID<Team>, as caller: Caller) async throws(Refusal) -> TeamSummary {
        try caller.require(.readTeams)
        return try await store.read { db throws(Refusal) in try db.summary(of: id) }
    }

    public func createTeam(
        _ edit: TeamEdit, as caller: Caller, keeping: ReplyKeeping<TeamSummary>? = nil
    ) async throws(Refusal) -> TeamSummary {
        try caller.require(.manageTeams)
        let now = ambient.now()
        return try await commit(as: caller, keeping: keeping) { db throws(Refusal) in
            try db.requireParts(of: edit)
            let isTaken = try edit.name.map { name throws(Refusal) in try db.team(named: name.trimmed) != nil } ?? false
            let (team, decision) = try Team.create(edit, id: db.nextID(), isNameTaken: isTaken, by: caller, at: now)
            try db.apply(decision)
            return try db.summary(of: team.id)
        }
    }

    public func updateTeam(
        _ id: ID<Team>, _ edit: TeamEdit, as caller: Caller
    ) async throws(Refusal) -> TeamSummary {
        try caller.require(.manageTeams)
        let now = ambient.now()
        return try await commit(as: caller) { db throws(Refusal) in
            let summary = try db.summary(of: id)
            try db.requireParts(of: edit)
            let holder = try edit.name.flatMap { name throws(Refusal) in try db.team(named: name.trimmed) }
            let decision = try summary.team.applying(
                edit, now: (summary.users, summary.resources), isNameTaken: holder != nil && holder?.id != id,
                by: caller, at: now)
            if let decision { try db.apply(decision) }
            return try db.summary(of: id)
        }
    }

    public func deleteTeam(_ id: ID<Team>, as caller: Caller) async throws(Refusal) {
        try caller.require(.manageTeams)
        let now = ambient.now()
        try await commit(as: caller) { db throws(Refusal) in
            guard let team = try db.team(id) else { throw .notFound("team") }
            try db.apply(try team.delete(by: caller, at: now))
        }
    }

    public func teamHistory(_ id: ID<Team>, as caller: Caller) async throws(Refusal) -> [RecordedEvent] {
        try caller.require(.readTeams)
        return try await store.read { db throws(Refusal) in
            let events = try db.history(of: .team, id.value)
            if events.isEmpty, try db.team(id) == nil { throw .notFound("team") }
            return events
        }
    }
}

/// What a picker of teams shows.
public struct TeamChoices: Sendable {
    /// The team that everybody is in.
    public let everyone: Team
    public let chosen: [Team]
    /// By name, the first of them; some may be chosen.
    public let found: [Team]
    /// How many there are to choose from.
    public let total: Int
}

extension Transaction {
    func summary(of id: ID<Team>) throws(Refusal) -> TeamSummary {
        guard let summary = try teamSummary(id) else { throw .notFound("team") }
        return summary
    }

    /// Every user and resource that an edit names has to be there; each that is not is told with its place.
    func requireParts(of edit: TeamEdit) throws(Refusal) {
        var flaws: [Flaw] = []
        for (place, id) in (edit.users ?? []).enumerated() where try user(id) == nil {
            flaws.append(Flaw(pointer: "/user_ids/\(place)", detail: "There is no user \(id)."))
        }
        for (place, id) in (edit.resources ?? []).enumerated() where try resource(id) == nil {
            flaws.append(Flaw(pointer: "/resource_ids/\(place)", detail: "There is no resource \(id)."))
        }
        guard flaws.isEmpty else { throw .invalid(flaws) }
    }
}
