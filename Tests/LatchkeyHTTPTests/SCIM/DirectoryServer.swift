import HTTPTypes
import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport

@testable import LatchkeyHTTP

/// A server with a directory in front of it: a service user and its SCIM token.
struct DirectoryServer {
    let server: TestServer
    let account: ID<User>
    let token: String

    init(on engine: EngineUnderTest = .sqlite, governsRoles: Bool = false) async throws {
        server = try await TestServer(on: engine, governsRoles: governsRoles)
        account = try await server.givenServiceUser("Okta")
        token = try await server.givenToken(for: account, name: "scim", isSCIMOnly: true)
    }

    func test<Value>(_ body: @escaping @Sendable (Directory) async throws -> Value) async throws -> Value {
        try await server.test { [token] client in try await body(Directory(client: client, token: token)) }
    }
}

/// What a directory says to the server, as one.
struct Directory: Sendable {
    static let json: HTTPFields = [.contentType: "application/scim+json"]

    let client: TestClient
    let token: String

    func ask(
        _ method: HTTPRequest.Method, _ path: String, _ body: String? = nil, headers: HTTPFields = [:]
    ) async throws -> Answer {
        let fields = headers.isEmpty ? Self.json : headers
        return try await client.ask(method, "/api/scim/v2" + path, as: token, body, headers: fields)
    }

    func get(_ path: String) async throws -> Answer { try await ask(.get, path) }

    func patch(_ path: String, _ operations: String) async throws -> Answer {
        try await ask(.patch, path, #"{"schemas":["\#(SCIMMessage.patch)"],"Operations":\#(operations)}"#)
    }

    /// A new person; the id.
    func givenPerson(_ userName: String, _ more: String = "") async throws -> String {
        let answer = try await ask(.post, "/Users", Self.person(userName, more))
        return answer["id"]?.string ?? answer.text
    }

    func givenGroup(_ name: String, members: [String] = []) async throws -> String {
        let list = members.map { #"{"value":"\#($0)"}"# }.joined(separator: ",")
        let answer = try await ask(
            .post, "/Groups",
            #"{"schemas":["\#(SCIMSchema.group.urn)"],"displayName":"\#(name)","members":[\#(list)]}"#)
        return answer["id"]?.string ?? answer.text
    }

    static func person(_ userName: String, _ more: String = "") -> String {
        #"{"schemas":["\#(SCIMSchema.user.urn)"],"userName":"\#(userName)"\#(more.isEmpty ? "" : ",")\#(more)}"#
    }

    func find(_ filter: String, in endpoint: String = "/Users") async throws -> Answer {
        let escaped = filter.utf8.map { byte in
            String(byte, radix: 16).count == 1 ? "%0\(String(byte, radix: 16))" : "%\(String(byte, radix: 16))"
        }
        return try await get("\(endpoint)?filter=\(escaped.joined())")
    }
}

extension Answer {
    var scimType: String? { self["scimType"]?.string }

    var resources: [JSONTree] { self["Resources"]?.items ?? [] }

    var ids: [String] { resources.compactMap { $0["id"]?.string } }

    var memberIDs: [String] { (self["members"]?.items ?? []).compactMap { $0["value"]?.string } }
}
