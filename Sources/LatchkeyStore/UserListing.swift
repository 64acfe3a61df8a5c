import LatchkeyCore

/// A list of users as a question to the database, as ``TokenListing`` is one of tokens: along the index of its order,
/// with what narrows it written so that it does not choose another.
struct UserListing {
    private let filter: UserFilter
    private let team: TeamPart?
    private let isNameRare: Bool
    private var isCounting = false

    private static let fewMatches = 5000

    /// The members of a team that is asked for; an unknown team has none.
    struct TeamPart {
        let id: ID<Team>
        let members: Int
    }

    /// - Parameter matches: how many there are, where that is known.
    init(_ filter: UserFilter, in team: TeamPart?, matches: Int?) {
        self.filter = filter
        self.team = team
        isNameRare = (matches ?? .max) <= Self.fewMatches
    }

    /// For their number alone.
    init(counting filter: UserFilter, in team: TeamPart?) {
        var unordered = filter
        let isSought = filter.name != nil || filter.text != nil
        unordered.sorting = Sorting(isSought ? .name : filter.role != nil ? .role : .type)
        self.init(unordered, in: team, matches: nil)
        isCounting = true
    }

    /// Service users of whom something is missing have indexes of their own.
    private var isOfFew: Bool { filter.type != nil && (filter.lacksOwner || filter.isOrphaned || filter.lacksPurpose) }

    var source: SQL {
        filter.sorting.column == .lastUsed ? "account_use l CROSS JOIN user_account u" : "user_account u"
    }

    func order(isTurned: Bool) -> SQL {
        let column: SQL =
            switch filter.sorting.column {
            case .name: "u.name_folded"
            case .created: "u.created_at"
            case .role: "u.role_rank"
            // Equals stand by name.
            case .teams:
                filter.sorting.descending != isTurned ? "u.teams DESC, u.name_folded" : "u.teams, u.name_folded"
            case .type: "u.user_type"
            case .lastLogin: "u.last_login_at"
            case .lastUsed: "l.listed_at"
            }
        let id: SQL = filter.sorting.column == .lastUsed ? "l.user_id" : "u.id"
        return .order(column, id, descending: filter.sorting.descending != isTurned)
    }

    var conditions: SQL {
        var conditions: [SQL] = filter.sorting.column == .lastUsed ? ["u.id = l.user_id"] : []
        if !filter.includeDeleted { conditions.append("u.deactivated_at IS NULL") }
        if let type = filter.type {
            let column: SQL = filter.sorting.column == .type || isOfFew ? "u.user_type" : "(u.user_type || '')"
            conditions.append("\(column) = \(type)")
        }
        if let role = filter.role {
            let column: SQL = filter.sorting.column == .role ? "u.role_rank" : "(u.role_rank + 0)"
            conditions.append("\(column) = \(role.rank)")
        }
        if filter.lacksOwner { conditions.append("u.owner_id IS NULL") }
        if filter.isOrphaned {
            conditions.append("u.owner_id IN (SELECT d.id FROM user_account d WHERE d.deactivated_at IS NOT NULL)")
        }
        if filter.lacksPurpose { conditions.append("u.purpose IS NULL") }
        return .all(conditions + [sought, membership].compactMap { $0 })
    }

    /// All names are read where few have the text in them; where many have, some are soon met in any order.
    private var sought: SQL? {
        guard filter.name != nil || filter.text != nil else { return nil }
        if filter.sorting.column == .name {
            // The range, which holds all there are, makes SQLite take the index of names, where handles stand too.
            return "u.name_folded >= '' AND \(match("u.name_folded", "u.handle"))"
        }
        guard isNameRare else { return match("u.name_folded", "u.handle") }
        return "u.id IN (SELECT n.id FROM user_account n WHERE \(match("n.name_folded", "n.handle")))"
    }

    private func match(_ name: SQL, _ handle: SQL) -> SQL {
        let inName: [SQL] = filter.name.map { ["\(name) \(SQL.contains($0))"] } ?? []
        let inEither: [SQL] =
            filter.text.map { ["(\(name) \(SQL.contains($0)) OR \(handle) \(SQL.contains($0)))"] } ?? []
        return .all(inName + inEither)
    }

    /// A small team is read and put in order; of a large one, members are soon met in any order.
    private var membership: SQL? {
        guard let team else { return nil }
        if isCounting || team.members <= Self.fewMatches {
            return "u.id IN (SELECT user_id FROM team_member WHERE team_id = \(team.id))"
        }
        return "EXISTS (SELECT 1 FROM team_member m WHERE m.team_id = \(team.id) AND m.user_id = u.id)"
    }
}
