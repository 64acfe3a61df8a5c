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
        let memory = MemoryCurve(server.child.process.processIdentifier)
        let sync = try await firstSync(client, options, memory)
        let what = "\(options.people) people, \(options.groups) groups of \(membersInRequest)"
        let questions = DirectoryQuestions(client: client, people: options.people)
        let asked = try await questions.ask() + members(client, sync.ids)
        memory.note("the questions")
        return [
            Result(
                what: "first sync, \(what), people a second in all",
                measured: "\((Double(options.people) / (sync.people + sync.groups)).text())"
                    + " (people \(sync.people.text(1)) s, groups \(sync.groups.text(1)) s)", goal: "≥ 500")
        ] + asked + [
            Result(what: "resident memory, MiB, after", measured: memory.text, goal: "flat but for the index")
        ]
    }

    /// Seconds for people and for groups, and the people's ids.
    private static func firstSync(
        _ client: DirectoryClient, _ options: Options, _ memory: MemoryCurve
    ) async throws -> (people: Double, groups: Double, ids: [String]) {
        memory.note("the start")
        let start = ContinuousClock.now
        var ids: [String] = []
        for tenth in 1...10 {
            let first = ids.count
            let until = options.people * tenth / 10
            ids += try await inParallel(until - first, width: width) { number in
                try await client.create("/Users", person(first + number))
            }
            if [1, 5, 10].contains(tenth) { memory.note("\(until) people") }
        }
        let middle = ContinuousClock.now
        let all = ids
        _ = try await inParallel(options.groups, width: 4) { number in
            let members = (0..<min(membersInRequest, all.count)).map { all[(number * 97 + $0) % all.count] }
            return try await client.create("/Groups", group("Group \(number)", members))
        }
        memory.note("the groups")
        return ((middle - start).seconds, (ContinuousClock.now - middle).seconds, ids)
    }

    private static func members(_ client: DirectoryClient, _ ids: [String]) async throws -> [Result] {
        let large = try await client.create("/Groups", group("Everybody", []))
        for first in stride(from: 0, to: ids.count, by: membersInRequest) {
            let part = ids[first..<min(first + membersInRequest, ids.count)]
            try await client.ask("PATCH", "/Groups/\(large)", patch("add", Array(part)))
        }
        let one = try await client.times(20) { number in
            let verb = number.isMultiple(of: 2) ? "remove" : "add"
            try await client.ask("PATCH", "/Groups/\(large)", patch(verb, [ids[ids.count / 2]]))
        }
        return [line("add or remove one member of a group of \(ids.count)", one, "≤ 20 ms")]
    }

    static func line(_ what: String, _ times: [Double], _ goal: String) -> Result {
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
