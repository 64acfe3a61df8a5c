import Foundation

/// A directory's first sync over HTTP, and then what it asks every day, on the real server and an embedded database.
enum DirectoryBench {
    private static let membersInRequest = 1000
    private static let width = 16

    static func run(_ options: Options) async throws -> [Result] {
        let instance = try await FilledInstance.make(options, tokens: 10, accounts: 1)
        defer { instance.remove() }
        let server = try await RunningServer.start(instance, port: options.port)
        defer { server.child.stop() }
        let client = DirectoryClient(
            base: "http://127.0.0.1:\(options.port)/api/scim/v2", token: instance.adminToken)
        let process = server.child.process.processIdentifier
        let before = Machine.resident(process)
        let sync = try await firstSync(client, options)
        let after = Machine.resident(process)
        let what = "\(options.people) people, \(options.groups) groups of \(membersInRequest)"
        return [
            Result(
                what: "first sync, \(what), people a second in all",
                measured: "\((Double(options.people) / (sync.people + sync.groups)).text())"
                    + " (people \(sync.people.text(1)) s, groups \(sync.groups.text(1)) s)", goal: "≥ 500"),
            Result(
                what: "resident memory, before and highest in the sync",
                measured: "\(before.now.text()) and \(after.highest.text()) MiB", goal: "flat"),
        ] + (try await days(client, options, sync.ids))
    }

    /// Seconds for people and for groups, and the people's ids.
    private static func firstSync(
        _ client: DirectoryClient, _ options: Options
    ) async throws -> (people: Double, groups: Double, ids: [String]) {
        let start = ContinuousClock.now
        let ids = try await inParallel(options.people, width: width) { number in
            try await client.create("/Users", person(number))
        }
        let middle = ContinuousClock.now
        _ = try await inParallel(options.groups, width: 4) { number in
            let members = (0..<min(membersInRequest, ids.count)).map { ids[(number * 97 + $0) % ids.count] }
            return try await client.create("/Groups", group("Group \(number)", members))
        }
        return ((middle - start).seconds, (ContinuousClock.now - middle).seconds, ids)
    }

    private static func days(
        _ client: DirectoryClient, _ options: Options, _ ids: [String]
    ) async throws -> [Result] {
        var results: [Result] = []
        for place in [1, options.people / 2, max(1, options.people - 100)] {
            let times = try await client.times(20) { _ in
                try await client.ask("GET", "/Users?startIndex=\(place)&count=100")
            }
            results.append(line("list of 100 people from \(place)", times, "≤ 20 ms"))
        }
        let named = try await client.times(200) { number in
            let place = number * 7919 % options.people
            try await client.ask("GET", "/Users?filter=userName%20eq%20%22person\(place)@example.com%22")
        }
        results.append(line("userName eq", named, "≤ 2 ms"))
        let large = try await client.create("/Groups", group("Everybody", []))
        for first in stride(from: 0, to: ids.count - 1, by: membersInRequest) {
            let part = ids.dropLast()[first..<min(first + membersInRequest, ids.count - 1)]
            try await client.ask("PATCH", "/Groups/\(large)", patch("add", Array(part)))
        }
        let one = try await client.times(20) { number in
            let verb = number.isMultiple(of: 2) ? "add" : "remove"
            try await client.ask("PATCH", "/Groups/\(large)", patch(verb, [ids[ids.count - 1]]))
        }
        results.append(line("add or remove one member of a group of \(ids.count - 1)", one, "≤ 20 ms"))
        return results
    }

    private static func line(_ what: String, _ times: [Double], _ goal: String) -> Result {
        let worst = times.max() ?? 0
        return Result(what: what, measured: "\(times.median.text(2)) ms (worst \(worst.text(2)))", goal: goal)
    }

    private static func person(_ number: Int) -> String {
        #"""
        {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],"externalId":"ext-\#(number)",
        "userName":"person\#(number)@example.com","active":true,"displayName":"Person \#(number)",
        "name":{"givenName":"Person","familyName":"Number \#(number)"},"title":"Engineer",
        "emails":[{"value":"person\#(number)@example.com","type":"work","primary":true}],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Engines"}}
        """#
    }

    private static func list(_ ids: [String]) -> String {
        "[" + ids.map { #"{"value":"\#($0)"}"# }.joined(separator: ",") + "]"
    }

    private static func group(_ name: String, _ members: [String]) -> String {
        #"""
        {"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"\#(name)",
        "members":\#(list(members))}
        """#
    }

    private static func patch(_ verb: String, _ members: [String]) -> String {
        #"""
        {"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations":[{"op":"\#(verb)","path":"members","value":\#(list(members))}]}
        """#
    }
}
