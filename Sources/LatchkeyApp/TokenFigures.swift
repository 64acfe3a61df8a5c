public import LatchkeyCore
import LatchkeyStore

/// A number, and the list of which it is the length.
public struct TokenFigure: Hashable, Sendable {
    public let filter: TokenFilter
    public let count: Int
}

/// The same of users.
public struct UserFigure: Hashable, Sendable {
    public let filter: UserFilter
    public let count: Int
}

/// How many tokens end on one day (UTC).
public struct EndingTokens: Hashable, Sendable {
    /// Its first moment.
    public let day: Timestamp
    public let figure: TokenFigure
}

/// What an Admin wants to know first: how many service tokens and users need a look. Each question costs some
/// milliseconds however many there are. Moments are whole seconds, as links say them.
extension App {
    public func tokensEndingSoon(
        within span: Duration = .days(30), as caller: Caller
    ) async throws(Refusal) -> TokenFigure {
        var filter = working(.expiration)
        filter.expiresBefore = (filter.now + span).wholeSecond
        return try await figure(filter, caller)
    }

    /// Days on which none ends are left out.
    public func tokensEndingByDay(days: Int = 90, as caller: Caller) async throws(Refusal) -> [EndingTokens] {
        try caller.require(.manageTokens)
        let filter = working(.expiration)
        let ending = try await store.read { db throws(Refusal) in
            try db.endingTokens(type: .service, days: days, at: filter.now).map { day, count in
                EndingTokens(day: day, figure: TokenFigure(filter: filter.ending(on: day), count: count))
            }
        }
        return ending
    }

    public func tokensNeverEnding(as caller: Caller) async throws(Refusal) -> TokenFigure {
        var filter = working(.created)
        filter.neverExpires = true
        return try await figure(filter, caller)
    }

    /// Not revoked and not used for so long, or never; those that have ended count too, until they are deleted.
    public func tokensUnused(
        for span: Duration = .days(90), as caller: Caller
    ) async throws(Refusal) -> TokenFigure {
        var filter = TokenFilter(type: .service, sorting: Sorting(.lastUsed), now: ambient.now())
        filter.isRevoked = false
        filter.unusedSince = (filter.now - span).wholeSecond
        return try await figure(filter, caller)
    }

    /// Somebody still holds these.
    public func tokensUsedAfterRevocation(as caller: Caller) async throws(Refusal) -> TokenFigure {
        var filter = TokenFilter(
            type: .service, sorting: Sorting(.lastUsed, descending: true), now: ambient.now())
        filter.isUsedAfterRevocation = true
        return try await figure(filter, caller)
    }

    public func serviceUsersWithoutOwner(as caller: Caller) async throws(Refusal) -> UserFigure {
        var filter = UserFilter(type: .service)
        filter.lacksOwner = true
        return try await figure(filter, caller)
    }

    /// Whose owner was deactivated: nobody answers for them any more.
    public func serviceUsersOrphaned(as caller: Caller) async throws(Refusal) -> UserFigure {
        var filter = UserFilter(type: .service)
        filter.isOrphaned = true
        return try await figure(filter, caller)
    }

    public func serviceUsersWithoutPurpose(as caller: Caller) async throws(Refusal) -> UserFigure {
        var filter = UserFilter(type: .service)
        filter.lacksPurpose = true
        return try await figure(filter, caller)
    }

    private func working(_ column: TokenFilter.Column) -> TokenFilter {
        TokenFilter(type: .service, standing: .active, sorting: Sorting(column), now: ambient.now())
    }

    private func figure(_ filter: TokenFilter, _ caller: Caller) async throws(Refusal) -> TokenFigure {
        try caller.require(.manageTokens)
        let count = try await store.read { db throws(Refusal) in try db.tokenCount(filter) }
        return TokenFigure(filter: filter, count: count)
    }

    private func figure(_ filter: UserFilter, _ caller: Caller) async throws(Refusal) -> UserFigure {
        try caller.require(.readUsers)
        let count = try await store.read { db throws(Refusal) in try db.userCount(filter) }
        return UserFigure(filter: filter, count: count)
    }
}

extension TokenFilter {
    fileprivate func ending(on day: Timestamp) -> TokenFilter {
        var filter = self
        (filter.expiresFrom, filter.expiresBefore) = (day, day + .days(1))
        return filter
    }
}
