import HTTPTypes
import LatchkeyAPI
import LatchkeyApp
import LatchkeyCore

/// `/revocations`: which tokens have stopped working, for those who check them by their signature alone.
struct RevocationRoutes: Sendable {
    static let longestWait: Int64 = 30

    let app: App

    var endpoints: [Endpoint] {
        [
            Endpoint(
                method: .get, path: "/revocations", operation: "listRevocations",
                summary: "Tokens that stopped working: a snapshot first, then what came later. Follow `next`.",
                access: .needs(.readRevocations), query: Self.parameters, success: .ok(.object(.revocationFeed)),
                refusals: [.gone], handler: list)
        ]
    }

    private static let parameters = [
        QueryParameter("after", .integer(0...Int64.max), "What came behind this place of the feed."),
        QueryParameter("token", .integer(0...Int64.max), "Within a snapshot: tokens behind this one. See `next`."),
        QueryParameter("wait", .integer(0...longestWait), "Seconds to wait while there is nothing to tell."),
    ]

    @Sendable
    private func list(_ call: Call) async throws -> Reply {
        let wait = Duration.seconds(call.query.integer("wait") ?? 0)
        guard let part = try await app.revocations(at: place(call.query), waiting: wait, as: call.caller) else {
            throw DoorRefusal.startAgain
        }
        let items = part.news.map { TokenNewsBody(tokenID: $0.token.value, works: $0.works) }
        return try .ok(
            RevocationFeedBody(items: items, more: part.hasMore, next: call.path + "?" + Self.query(part.next)))
    }

    private func place(_ query: Query) -> RevocationPlace {
        let after = query.integer("after")
        if let token = query.integer("token") { return .snapshot(behind: ID(token), since: after) }
        return after.map { .feed(after: $0) } ?? .snapshot(behind: ID(0), since: nil)
    }

    private static func query(_ place: RevocationPlace) -> String {
        switch place {
        case .feed(let after): "after=\(after)"
        case .snapshot(let token, let since): (since.map { "after=\($0)&" } ?? "") + "token=\(token)"
        }
    }
}
