import HTTPTypes
import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyHTTP

/// Each way in which a directory shuts a person off.
enum ShuttingOff: String, CaseIterable {
    case patch, entraPatch, patchWithoutPath, put, delete, bulkPatch, bulkPut, bulkDelete

    func carryOut(_ id: String, _ userName: String, as directory: Directory) async throws -> Answer {
        let (path, put) = ("/Users/\(id)", Directory.person(userName, #""active":false"#))
        switch self {
        case .patch: return try await directory.patch(path, Self.operations("replace", "false"))
        case .entraPatch: return try await directory.patch(path, Self.operations("Replace", #""False""#))
        case .patchWithoutPath:
            return try await directory.patch(path, #"[{"op":"replace","value":{"active":false}}]"#)
        case .put: return try await directory.ask(.put, path, put)
        case .delete: return try await directory.ask(.delete, path)
        case .bulkPatch:
            let data = #"{"schemas":["\#(SCIMMessage.patch)"],"Operations":\#(Self.operations("replace", "false"))}"#
            return try await Self.bulk("PATCH", path, data, as: directory)
        case .bulkPut: return try await Self.bulk("PUT", path, put, as: directory)
        case .bulkDelete: return try await Self.bulk("DELETE", path, nil, as: directory)
        }
    }

    private static func operations(_ verb: String, _ value: String) -> String {
        #"[{"op":"\#(verb)","path":"active","value":\#(value)}]"#
    }

    private static func bulk(
        _ method: String, _ path: String, _ data: String?, as directory: Directory
    ) async throws -> Answer {
        let content = data.map { #","data":\#($0)"# } ?? ""
        return try await directory.ask(
            .post, "/Bulk",
            #"""
            {"schemas":["\#(SCIMMessage.bulkRequest)"],
             "Operations":[{"method":"\#(method)","path":"\#(path)"\#(content)}]}
            """#)
    }
}

@Suite("Whom a directory shuts off")
struct LostAccessTests {
    @Test(
        "has no session and no token from that moment on, and gets none back with the account",
        arguments: EngineUnderTest.available, ShuttingOff.allCases)
    func lostAccess(engine: EngineUnderTest, way: ShuttingOff) async throws {
        let directory = try await DirectoryServer(on: engine)
        let server = directory.server
        try await directory.test { okta in
            let id = try await okta.givenPerson("eve@example.com")
            let eve = try #require(Int64(id).map { ID<User>($0) })
            let browsers = [Browser(okta.client), Browser(okta.client)]
            for browser in browsers {
                let session = try await server.app.startSession(for: eve, by: .password, from: Origin())
                browser.keep(.session, session.secret.reveal())
            }
            let session = try await server.app.startSession(for: eve, by: .password, from: Origin())
            let caller = try await server.app.signedIn(session.secret.reveal()[...], from: Origin()).caller
            let token = try await server.app.issueToken(
                NewToken(name: "laptop", lifetime: .days(30)), as: caller
            ).secret.reveal()
            func statuses() async throws -> [Int] {
                var statuses = [try await okta.client.ask(.get, "/api/users/me", as: token).status]
                for browser in browsers { statuses.append(try await browser.get("/account").status) }
                return statuses
            }
            #expect(try await statuses() == [200, 200, 200])
            let answer = try await way.carryOut(id, "eve@example.com", as: okta)
            #expect([200, 204].contains(answer.status), "\(answer.text)")
            #expect(try await statuses() == [401, 303, 303])
            let back = try await okta.patch("/Users/\(id)", #"[{"op":"replace","path":"active","value":true}]"#)
            let isGone = way == .delete || way == .bulkDelete
            #expect(back.status == (isGone ? 404 : 200))
            if isGone { _ = try await server.app.restoreUser(eve, as: server.adminCaller) }
            #expect(try await statuses() == [401, 303, 303])
            #expect(try await server.app.listSessions(as: caller).isEmpty)
        }
    }

    @Test("leaves service users that stand on Home for a new owner", arguments: EngineUnderTest.available)
    func orphans(engine: EngineUnderTest) async throws {
        let directory = try await DirectoryServer(on: engine)
        let server = directory.server
        try await directory.test { okta in
            let id = try await okta.givenPerson("eve@example.com")
            let eve = try #require(Int64(id).map { ID<User>($0) })
            let orphan = NewServiceUser(name: "Nightly Load", role: .member, owner: eve)
            _ = try await server.app.createServiceUser(orphan, as: server.adminCaller)
            func count() async throws -> Int {
                try await server.app.serviceUsersOrphaned(as: server.adminCaller).count
            }
            let before = try await count()
            #expect(try await ShuttingOff.patch.carryOut(id, "eve@example.com", as: okta).status == 200)
            #expect(try await count() == before + 1)
            let browser = Browser(okta.client)
            let admin = try #require(try await server.adminCaller.userID)
            let session = try await server.app.startSession(for: admin, by: .password, from: Origin())
            browser.keep(.session, session.secret.reveal())
            #expect(try await browser.get("/").text.contains("orphaned=true"))
            let list = try await browser.get("/settings/security/users?service=true&orphaned=true")
            #expect(list.text.contains("nightly_load@service"))
            _ = try await okta.patch("/Users/\(id)", #"[{"op":"replace","path":"active","value":true}]"#)
            #expect(try await count() == before)
        }
    }

    @Test("keeps no session when the change that shuts them off is refused", arguments: EngineUnderTest.available)
    func refused(engine: EngineUnderTest) async throws {
        let directory = try await DirectoryServer(on: engine)
        let server = directory.server
        let admin = try #require(try await server.adminCaller.userID)
        try await directory.test { okta in
            let browser = Browser(okta.client)
            let session = try await server.app.startSession(for: admin, by: .password, from: Origin())
            browser.keep(.session, session.secret.reveal())
            let answer = try await ShuttingOff.patch.carryOut("\(admin)", "ada@example.com", as: okta)
            #expect(answer.status == 409)
            #expect(try await browser.get("/account").status == 200)
        }
    }
}
