import LatchkeyCore

/// A list of tokens as a question to the database: over the rows, and along the index, by which it passes over the
/// fewest.
///
/// SQLite has no statistics here and takes any index whose first column is compared, however many rows that leaves. So
/// a column that must not choose the index is written as an expression (`+ 0`, `|| ''`), which it cannot look up; what
/// the walk along the index has to know of each row stands in the index (migration 11). PostgreSQL weighs by itself and
/// comes to the same.
struct TokenListing {
    private let filter: TokenFilter
    /// Those whose overlap is over and that the job has not revoked yet: some seconds' worth, usually none.
    private let overdue: [ID<Token>]
    /// Whether so few have the name that they are found by it and put in order afterwards.
    private let isNameRare: Bool

    private static let fewMatches = 5000

    /// - Parameter matches: how many there are, where that is known.
    init(_ filter: TokenFilter, overdue: [ID<Token>], matches: Int?) {
        self.filter = filter
        self.overdue = overdue
        isNameRare = (matches ?? .max) <= Self.fewMatches
    }

    /// For their number alone, in whichever order answers that soonest.
    init(counting filter: TokenFilter, overdue: [ID<Token>]) {
        var unordered = filter
        let isByUse = filter.unusedSince != nil || filter.isUsedAfterRevocation
        unordered.sorting = Sorting(filter.name != nil ? .name : isByUse ? .lastUsed : .created)
        self.init(unordered, overdue: overdue, matches: nil)
    }

    /// One owner's tokens are few, and so are SCIM tokens: these have indexes of their own.
    private var isOfFew: Bool { filter.owner != nil || filter.isSCIMOnly == true }

    /// Then in no order yet.
    private var isFoundByName: Bool {
        filter.name != nil && isNameRare && !isOfFew && (isByUse || filter.sorting.column != .name)
    }

    private var isByUse: Bool {
        !isOfFew && (filter.isUsedAfterRevocation || filter.sorting.column == .lastUsed)
    }

    private var asksForToken: Bool {
        let column = filter.sorting.column
        return column == .created || column == .name || filter.isSCIMOnly != nil || (filter.name != nil && !isNameRare)
    }

    private var asksForUse: Bool {
        filter.sorting.column == .lastUsed || filter.unusedSince != nil || filter.isUsedAfterRevocation
    }

    /// `CROSS JOIN` says to SQLite which table leads.
    var source: SQL {
        switch (isByUse, asksForToken, asksForUse) {
        case (true, false, _): "token_use l"
        case (true, true, _): "token_use l CROSS JOIN token t"
        case (false, _, true): "token t CROSS JOIN token_use l"
        case (false, _, false): "token t"
        }
    }

    var id: SQL { isByUse ? "l.token_id" : "t.id" }
    private var revoked: SQL { isByUse ? "l.revoked_at" : "t.revoked_at" }

    private var expires: SQL {
        if isByUse { return "(l.expires_at + 0)" }
        return filter.sorting.column == .expiration && !isOfFew ? "t.expires_at" : "(t.expires_at + 0)"
    }

    func order(isTurned: Bool) -> SQL {
        let column: SQL =
            switch filter.sorting.column {
            case .created: "t.created_at"
            case .name: "t.name_folded"
            case .expiration: isByUse ? "l.expires_at" : "t.expires_at"
            case .lastUsed: "l.listed_at"
            }
        return .order(column, id, descending: filter.sorting.descending != isTurned)
    }
}

// What holds for each row.
extension TokenListing {
    var conditions: SQL { .all(kind + [name].compactMap { $0 } + ends + uses + standing) }

    /// Of the table that leads, so that no engine is tempted by the other's indexes.
    private var kind: [SQL] {
        var conditions: [SQL] = [isByUse ? "l.is_deleted = 0" : "t.deleted_at IS NULL"]
        if (isByUse && asksForToken) || (!isByUse && asksForUse) { conditions.append("t.id = l.token_id") }
        if let type = filter.type {
            let column: SQL = isByUse ? "l.token_type" : "t.token_type"
            conditions.append(isOfFew || isFoundByName ? "(\(column) || '') = \(type)" : "\(column) = \(type)")
        }
        if let owner = filter.owner { conditions.append("t.owner_id = \(owner)") }
        if let isSCIMOnly = filter.isSCIMOnly {
            // Written out: SQLite takes a partial index for what stands in the statement, not for what is bound to it.
            conditions.append(isSCIMOnly ? "t.is_scim_only = 1" : "t.is_scim_only = 0")
        }
        return conditions
    }

    private var name: SQL? {
        guard let name = filter.name else { return nil }
        if isOfFew { return match("(t.name_folded || '')", name) }
        if filter.sorting.column == .name, !isByUse { return found("t.name_folded", name) }
        guard isFoundByName else { return match("(t.name_folded || '')", name) }
        let type: SQL = filter.type.map { "AND n.token_type = \($0)" } ?? ""
        return """
            \(id) IN (SELECT n.id FROM token n
            WHERE n.deleted_at IS NULL \(type) AND \(found("n.name_folded", name)))
            """
    }

    private func match(_ column: SQL, _ name: String) -> SQL {
        filter.isNameItsBeginning ? .begins(column, with: name) : "\(column) \(SQL.contains(name))"
    }

    /// By the index of names: a range that holds all of them makes SQLite take it even where it has to read it whole.
    private func found(_ column: SQL, _ name: String) -> SQL {
        filter.isNameItsBeginning ? match(column, name) : "\(column) >= '' AND \(match(column, name))"
    }

    private var ends: [SQL] {
        var conditions: [SQL] = []
        if let moment = filter.expiresFrom { conditions.append("\(expires) >= \(moment)") }
        if let moment = filter.expiresBefore { conditions.append("\(expires) < \(moment)") }
        if filter.neverExpires { conditions.append("\(expires) = \(Timestamp.endOfTime)") }
        return conditions
    }

    private var uses: [SQL] {
        var conditions: [SQL] = []
        if let moment = filter.unusedSince { conditions.append("l.listed_at < \(moment)") }
        if filter.isUsedAfterRevocation { conditions.append("l.listed_at > l.revoked_at") }
        return conditions
    }

    /// ``Token/standing(at:)``, in SQL.
    private var standing: [SQL] {
        let isRevoked: [SQL] = filter.isRevoked.map { [$0 ? "\(revoked) IS NOT NULL" : "\(revoked) IS NULL"] } ?? []
        let goesOn: [SQL] = overdue.isEmpty ? [] : ["\(id) NOT \(in: overdue)"]
        switch filter.standing {
        case nil: return isRevoked
        case .active: return isRevoked + ["\(revoked) IS NULL", "\(expires) > \(filter.now)"] + goesOn
        case .expired: return isRevoked + ["\(revoked) IS NULL", "\(expires) <= \(filter.now)"] + goesOn
        case .revoked:
            let over: SQL = overdue.isEmpty ? "" : " OR \(id) \(in: overdue)"
            return isRevoked + ["(\(revoked) IS NOT NULL\(over))"]
        case .deleted: return ["FALSE"]
        }
    }
}
