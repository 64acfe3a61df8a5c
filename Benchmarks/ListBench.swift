import Foundation
import LatchkeyCore
import LatchkeyStore
import Logging

/// Pages, totals and the figures of a Home page, in the store alone, with everything in its database.
enum ListBench {
    private static let now = Crowd.start + .days(100)

    private struct Question {
        let name: String
        /// In milliseconds.
        let goal: Int
        let ask: @Sendable (Transaction) throws(Refusal) -> Void
    }

    static func run(_ options: Options) async throws -> [Result] {
        let instance = try await FilledInstance.make(options, tokens: options.tokens, accounts: options.accounts)
        defer { instance.remove() }
        var logger = Logger(label: "bench")
        logger.logLevel = .error
        let store = try await Store.open(.file(instance.directory + "/latchkey.db"), at: now, logger: logger)
        var results: [Result] = []
        for question in tokenPages + userPages + tokenFigures + userFigures {
            let time = try await milliseconds(question, store)
            results.append(
                Result(
                    what: "\(question.name), \(options.tokens) tokens", measured: "\(time.text(1)) ms",
                    goal: "≤ \(question.goal) ms"))
        }
        await store.close()
        return results
    }

    /// The median of seven.
    private static func milliseconds(_ question: Question, _ store: Store) async throws -> Double {
        var times: [Double] = []
        for _ in 0..<7 {
            let start = ContinuousClock.now
            try await store.read(question.ask)
            times.append((ContinuousClock.now - start).seconds * 1000)
        }
        return times.median
    }

    private static var tokenPages: [Question] {
        let columns = TokenFilter.Column.allCases.map { column in
            let filter = filter(sorting: Sorting(column, descending: true))
            return page("a page of tokens by \(column.rawValue)", of: filter)
        }
        return columns + [page("a page of active tokens", of: filter(.active))]
    }

    private static func page(_ name: String, of filter: TokenFilter) -> Question {
        Question(name: name, goal: 20) { db throws(Refusal) in _ = try db.tokens(filter, PageRequest()) }
    }

    private static var userPages: [Question] {
        [("a page of users", UserFilter()), ("a page of service users", UserFilter(type: .service))].map {
            name, filter in
            Question(name: name, goal: 20) { db throws(Refusal) in
                _ = try db.users(filter, PageRequest(), at: now)
            }
        }
    }

    private static var tokenFigures: [Question] {
        var (soon, never, unused, late) = (filter(.active), filter(.active), filter(), filter())
        soon.expiresBefore = now + .days(30)
        never.neverExpires = true
        (unused.isRevoked, unused.unusedSince) = (false, now - .days(90))
        late.isUsedAfterRevocation = true
        let byDay = Question(name: "ending by day, 90 days", goal: 10) { db throws(Refusal) in
            _ = try db.endingTokens(type: .service, days: 90, at: now)
        }
        return [
            figure("ending within 30 days", of: soon), figure("never ending", of: never),
            figure("unused for 90 days", of: unused), figure("used after revocation", of: late), byDay,
        ]
    }

    private static func figure(_ name: String, of filter: TokenFilter) -> Question {
        Question(name: name, goal: 10) { db throws(Refusal) in _ = try db.tokenCount(filter) }
    }

    private static var userFigures: [Question] {
        var (ownerless, purposeless) = (UserFilter(type: .service), UserFilter(type: .service))
        (ownerless.lacksOwner, purposeless.lacksPurpose) = (true, true)
        return [("users without owner", ownerless), ("users without purpose", purposeless)].map { name, filter in
            Question(name: name, goal: 10) { db throws(Refusal) in _ = try db.userCount(filter) }
        }
    }

    private static func filter(
        _ standing: Standing? = nil, sorting: Sorting<TokenFilter.Column> = Sorting(.created, descending: true)
    ) -> TokenFilter {
        TokenFilter(type: .service, standing: standing, sorting: sorting, now: now)
    }
}
