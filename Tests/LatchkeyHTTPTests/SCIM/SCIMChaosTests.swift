import HTTPTypes
import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyHTTP

/// Any sequence of SCIM calls, with the ids, names and addresses of everybody there is in every place: who is out of
/// the directory's reach stays as they are, their sessions and tokens too.
@Suite("A directory out of its mind")
struct SCIMChaosTests {
    @Test("touches nobody out of its reach", arguments: EngineUnderTest.available, [1, 2])
    func untouched(engine: EngineUnderTest, seed: UInt64) async throws {
        let directory = try await DirectoryServer(on: engine, governsRoles: true)
        let server = directory.server
        let root = try await server.app.bootstrap(email: "root@example.com", name: "Root", isBreakGlass: true)
        let pipeline = try await server.givenServiceUser("Pipeline", role: .manager)
        let pipelineToken = try await server.givenToken(for: pipeline)
        let entra = try await server.givenServiceUser("Entra")
        let entraToken = try await server.givenToken(for: entra, isSCIMOnly: true)
        let rootToken = root.token.secret.reveal()
        let session = try await server.app.startSession(for: root.user.user.id, by: .password, from: Origin())
        let sent = try await directory.test { okta in
            let other = Directory(client: okta.client, token: entraToken)
            let theirs = try await other.givenPerson("theirs@example.com", #""externalId":"E1""#)
            let team = try await other.givenGroup("Theirs", members: [theirs])
            let own = ["\(root.user.user.id)", "\(pipeline)", "\(entra)", "\(directory.account)"]
            func standing() async throws -> [String] {
                var texts = [try await other.get("/Users/\(theirs)").text, try await other.get("/Groups/\(team)").text]
                for path in own.map({ "/api/users/\($0)" }) + ["/api/teams/1"] {
                    texts.append(try await okta.client.ask(.get, path, as: rootToken).text.withoutUses)
                }
                for token in [pipelineToken, rootToken] {
                    let answer = try await okta.client.ask(.get, "/api/users/me", as: token)
                    texts.append("\(answer.status)")
                }
                let browser = Browser(okta.client)
                browser.keep(.session, session.secret.reveal())
                let page = try await browser.get("/account")
                return texts + ["\(page.status)"]
            }
            let before = try await standing()
            let chaos = SCIMChaos(bytes: CountingBytes(seed: seed), ids: own + [theirs, team, "1", "99", "x"])
            var statuses: Set<Int> = []
            for _ in 0..<150 { statuses.insert(try await chaos.step(as: okta).status) }
            #expect(try await standing() == before)
            return statuses
        }
        // It did get through, and was refused, in many ways.
        #expect(sent.isSuperset(of: [200, 201, 400, 404, 409]) && !sent.contains(500), "\(sent)")
    }
}

extension String {
    /// When an account was used last moves with the questions of the test itself.
    fileprivate var withoutUses: String {
        split(separator: ",").filter { !$0.contains("last_") }.joined(separator: ",")
    }
}

private struct SCIMChaos: Sendable {
    let bytes: CountingBytes
    let ids: [String]

    private func one(of texts: [String]) -> String { texts[Int(bytes.bytes(1)[0]) % texts.count] }

    private var id: String { one(of: ids + ["\(2 + Int(bytes.bytes(1)[0]) % 20)"]) }

    private var name: String {
        one(
            of: ids + [
                "root@example.com", "ROOT@EXAMPLE.COM", "theirs@example.com", "pipeline@service", "Public", "Theirs",
                "ada@example.com", "new@example.com", "other@example.com", "E1",
            ])
    }

    private var person: String {
        Directory.person(
            name,
            #"""
            "id":"\#(id)","externalId":"\#(name)","active":\#(one(of: ["true", "false", #""False""#])),
            "roles":[{"value":"\#(one(of: ["Admin", "Member", "Manager"]))"}],"groups":[{"value":"\#(id)"}],
            "emails":[{"value":"\#(name)","primary":true}],"meta":{"location":"/Users/\#(id)"}
            """#)
    }

    private var group: String {
        #"""
        {"schemas":["\#(SCIMSchema.group.urn)"],"id":"\#(id)","displayName":"\#(name)","externalId":"\#(name)",
         "members":[{"value":"\#(id)"}]}
        """#
    }

    private var patch: String {
        let edits = [
            #"{"op":"replace","path":"active","value":false}"#,
            #"{"op":"replace","path":"userName","value":"\#(name)"}"#,
            #"{"op":"replace","path":"roles","value":[{"value":"Admin"}]}"#, #"{"op":"remove","path":"members"}"#,
            #"{"op":"add","path":"members","value":[{"value":"\#(id)"}]}"#,
            #"{"op":"remove","path":"members[value eq \"\#(id)\"]"}"#,
            #"{"op":"remove","path":"members[not (value pr)]"}"#,
            #"{"op":"replace","value":{"id":"\#(id)","displayName":"\#(name)"}}"#,
            #"{"op":"replace","path":"externalId","value":"\#(name)"}"#,
        ]
        return #"{"schemas":["\#(SCIMMessage.patch)"],"Operations":[\#(one(of: edits)),\#(one(of: edits))]}"#
    }

    private var operation: (method: HTTPRequest.Method, path: String, data: String?) {
        switch Int(bytes.bytes(1)[0]) % 9 {
        case 0: (.post, "/Users", person)
        case 1: (.put, "/Users/\(id)", person)
        case 2, 3: (.patch, "/Users/\(id)", patch)
        case 4: (.delete, "/Users/\(id)", nil)
        case 5: (.post, "/Groups", group)
        case 6: (.put, "/Groups/\(id)", group)
        case 7: (.patch, "/Groups/\(id)", patch)
        default: (.delete, "/Groups/\(id)", nil)
        }
    }

    /// Alone, or with another in a bulk.
    func step(as directory: Directory) async throws -> Answer {
        let first = operation
        guard Int(bytes.bytes(1)[0]) % 5 == 0 else {
            return try await directory.ask(first.method, first.path, first.data)
        }
        let texts = [first, operation].enumerated().map { place, operation in
            let data = operation.data.map { #","data":\#($0)"# } ?? ""
            return
                #"{"method":"\#(operation.method)","path":"\#(operation.path)","bulkId":"b\#(place)"\#(data)}"#
        }
        return try await directory.ask(
            .post, "/Bulk",
            #"{"schemas":["\#(SCIMMessage.bulkRequest)"],"Operations":[\#(texts.joined(separator: ","))]}"#)
    }
}
