import LatchkeyApp
import LatchkeyCore

/// What narrows a list of tokens, as the query of its page says it: read there, and written for links that lead to just
/// these. A filter that is written and read again is the same, so a number that leads to a list is the list's length.
enum TokenQuery {
    private static let words = [
        "name", "status", "user", "user_id", "scim", "used_after_revocation", "never_expires", "revoked",
        "expires_from", "expires_before", "unused_since",
    ]

    static func isNarrowing(_ query: FormFields) -> Bool { words.contains { query.given($0) != nil } }

    static func filter(_ query: FormFields, owner: ID<User>?, now: Timestamp) -> TokenFilter {
        let status: Standing? = query.choice("status")
        var filter = TokenFilter(
            owner: owner, name: query.given("name"), standing: status == .deleted ? nil : status,
            isSCIMOnly: query.isTicked("scim") ? true : nil, expiresBefore: query.moment("expires_before"),
            unusedSince: query.moment("unused_since"),
            sorting: query.sorting(usual: usualSorting), now: now)
        filter.expiresFrom = query.moment("expires_from")
        filter.neverExpires = query.isTicked("never_expires")
        filter.isRevoked = query.flag("revoked")
        filter.isUsedAfterRevocation = query.isTicked("used_after_revocation")
        return filter
    }

    private static let usualSorting = Sorting(TokenFilter.Column.created, descending: true)

    /// A box that is not ticked is not sent.
    private static func word(_ isOn: Bool) -> String? { isOn ? "true" : nil }

    /// The list of these service tokens.
    static func path(_ filter: TokenFilter) -> String {
        let sorting: Sorting? = filter.sorting == usualSorting ? nil : filter.sorting
        let pairs: [(name: String, value: String?)] = [
            ("name", filter.name), ("status", filter.standing?.rawValue), ("user_id", filter.owner.map { "\($0)" }),
            ("scim", word(filter.isSCIMOnly == true)),
            ("used_after_revocation", word(filter.isUsedAfterRevocation)),
            ("never_expires", word(filter.neverExpires)), ("revoked", filter.isRevoked.map { "\($0)" }),
            ("expires_from", filter.expiresFrom?.text), ("expires_before", filter.expiresBefore?.text),
            ("unused_since", filter.unusedSince?.text), ("sort", sorting?.column.rawValue),
            ("sort_dir", sorting.map { $0.descending ? "desc" : "asc" }),
        ]
        return ListFrame.path(TokenPaths.service, pairs)
    }

    /// What came with a link and has no field of its own in the panel.
    static func marks(_ visit: Visit) -> [FilterMark] {
        let query = visit.query
        let later = query.moment("expires_before") == nil ? "or later, or never" : "or later"
        return [
            query.flag("revoked").map { FilterMark("revoked", $0 ? "Was revoked" : "Never revoked", visit) },
            query.moment("expires_from").map { FilterMark("expires_from", "Ends on \($0.exact) \(later)", visit) },
            query.moment("expires_before").map { FilterMark("expires_before", "Ends before \($0.exact)", visit) },
            query.moment("unused_since").map { FilterMark("unused_since", "Not used since \($0.exact)", visit) },
            query.given("user_id").map { FilterMark("user_id", "Of the user with number \($0)", visit) },
        ].compactMap { $0 }
    }
}

/// The same for lists of users.
enum UserQuery {
    static func filter(_ query: FormFields) -> UserFilter {
        var filter = UserFilter(
            type: query.isTicked("service") ? .service : nil, role: query.choice("role"), team: query.given("team"),
            includeDeleted: query.isTicked("deactivated"), sorting: query.sorting(usual: Sorting(.name)))
        filter.text = query.given("name")
        filter.lacksOwner = query.isTicked("ownerless")
        filter.isOrphaned = query.isTicked("orphaned")
        filter.lacksPurpose = query.isTicked("purposeless")
        // People have neither.
        if filter.lacksOwner || filter.isOrphaned || filter.lacksPurpose { filter.type = .service }
        return filter
    }

    /// In the order in which the page has them.
    static func path(_ filter: UserFilter) -> String {
        ListFrame.path(
            UserListPage.path,
            [
                ("service", filter.type == .service ? "true" : nil), ("name", filter.text),
                ("role", filter.role?.rawValue), ("team", filter.team),
                ("ownerless", filter.lacksOwner ? "true" : nil), ("orphaned", filter.isOrphaned ? "true" : nil),
                ("purposeless", filter.lacksPurpose ? "true" : nil),
                ("deactivated", filter.includeDeleted ? "true" : nil),
            ])
    }
}

extension FormFields {
    /// What is neither is neither.
    fileprivate func flag(_ name: String) -> Bool? { given(name).flatMap { Bool($0) } }

    fileprivate func moment(_ name: String) -> Timestamp? { given(name).flatMap { Timestamp(text: $0) } }
}
