import HTTPTypes
import LatchkeyApp
import LatchkeyCore

/// `.search`, at each endpoint and at the root, where people and groups are one list: people first.
struct SearchRoutes: Sendable {
    let door: SCIMDoor

    private var app: App { door.app }

    var endpoints: [Endpoint] {
        [
            door.endpoint(.post, "/Users/.search", "searchSCIMUsers", "People, asked for in the body.") { call in
                try await people(ListRequest(search: call.tree()), call)
            },
            door.endpoint(.post, "/Groups/.search", "searchSCIMGroups", "Teams, asked for in the body.") { call in
                try await groups(ListRequest(search: call.tree()), call)
            },
            door.endpoint(.post, "/.search", "searchSCIM", "People and teams, asked for in the body.") { call in
                try await all(ListRequest(search: call.tree()), call)
            },
            door.endpoint(.get, "", "listSCIM", "People and teams.") { call in
                try await all(ListRequest(query: call.queryText), call)
            },
        ]
    }

    private func people(_ request: ListRequest, _ call: Call) async throws -> Reply {
        let (people, total) = try await self.people(request, call, start: request.start, count: request.count)
        return try .scim(door.write.list(people, total: total, start: max(1, request.start)))
    }

    private func groups(_ request: ListRequest, _ call: Call) async throws -> Reply {
        let (groups, total) = try await self.groups(request, call, start: request.start, count: request.count)
        return try .scim(door.write.list(groups, total: total, start: max(1, request.start)))
    }

    private func all(_ request: ListRequest, _ call: Call) async throws -> Reply {
        let start = max(1, request.start)
        let count = min(max(0, request.count), DirectoryQuery.mostItems)
        let (people, totalPeople) = try await self.people(request, call, start: start, count: count)
        let (groups, totalGroups) = try await self.groups(
            request, call, start: max(1, start - totalPeople), count: count - people.count)
        return try .scim(door.write.list(people + groups, total: totalPeople + totalGroups, start: start))
    }

    private func people(
        _ request: ListRequest, _ call: Call, start: Int, count: Int
    ) async throws -> ([JSONTree], Int) {
        let projection = try request.projection(of: .user)
        var query = try request.query(of: .user)
        query = DirectoryQuery(filter: query.filter, order: query.order, start: start, count: count)
        let page = try await app.listPeople(query, as: call.caller)
        return (page.items.map { door.write.person($0, projection) }, page.total)
    }

    private func groups(
        _ request: ListRequest, _ call: Call, start: Int, count: Int
    ) async throws -> ([JSONTree], Int) {
        let projection = try request.projection(of: .group)
        var query = try request.query(of: .group)
        query = DirectoryQuery(filter: query.filter, order: query.order, start: start, count: count)
        let page = try await app.listGroups(
            query, withMembers: GroupRoutes.showsMembers(projection), as: call.caller)
        return (page.items.map { door.write.group($0, projection) }, page.total)
    }
}
