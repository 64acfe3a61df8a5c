import HTTPTypes
import LatchkeyCore
import Testing

@testable import LatchkeyHTTP

@Suite("The examples of the API's documentation hold byte for byte")
struct ExamplesTests {
    private static let newUser =
        #"{"name":"API Access","role":"Editor","teams":["Data Engineering","Data Quality"]}"#

    @Test("a service user is made")
    func serviceUser() async throws {
        let server = try await TestServer()
        try await server.test { client in
            _ = try await client.post("/api/teams", #"{"name":"Data Engineering","permission":"Author"}"#)
            _ = try await client.post("/api/teams", #"{"name":"Data Quality","permission":"Viewer"}"#)
            let made = try await client.post("/api/users", Self.newUser)
            let id = made["id"]?.number ?? 0
            #expect(made.status == 201)
            #expect(made.headers[.location] == "/api/users/\(id)")
            #expect(
                made.text.hasPrefix(
                    #"{"id":\#(id),"user_id":"api_access@service","user_name":"api_access@service","email":"#
                        + #""service@example.com","name":"API Access","user_type":"Service","role":"Editor","#
                        + #""teams":["Public","Data Engineering","Data Quality"],"created":"2027-11-21T12:34:56Z","#
                        + #""created_at":"2027-11-21T12:34:56Z","deleted_at":null,"last_login":null,"#
                        + #""last_used":null,"purpose":null,"owner":null,"created_by":{"#))
            #expect(made.text.hasSuffix(#""active_tokens":0}"#))
        }
    }

    @Test("a token is issued, and its value is shown this once")
    func token() async throws {
        let server = try await TestServer()
        let user = try await server.givenServiceUser("API Access", role: .editor)
        try await server.test { client in
            let made = try await client.post(
                "/api/user-tokens",
                #"{"name":"api-production","user_id":\#(user),"expires_in_days":365,"scim_endpoints_only":false}"#)
            let id = made["id"]?.number ?? 0
            let value = made["bearer_token"]?.string ?? ""
            #expect(made.status == 201)
            #expect(made.headers[.location] == "/api/user-tokens/\(id)")
            #expect(
                made.text.hasPrefix(
                    #"{"id":\#(id),"name":"api-production","active":true,"expiration":"2028-11-20T12:34:56Z","#
                        + #""bearer_token":"\#(value)","user":{"id":\#(user),"user_id":"api_access@service","#
                        + #""name":"API Access","user_type":"Service","user_name":"api_access@service","#
                        + #""email":"service@example.com"},"created":"2027-11-21T12:34:56Z","last_used":null,"#
                        + #""type":"Service","status":"active","scim_endpoints_only":false,"hint":""#))
            #expect(value.hasPrefix("eyJhbGciOiJFUzI1NiIsImtpZCI6Imxr"))
            let found = try await client.get("/api/user-tokens/\(id)")
            #expect(found["bearer_token"] == nil)
            #expect(!found.text.contains(value.suffix(40)))
        }
    }

    @Test("a token's own account")
    func me() async throws {
        let server = try await TestServer()
        let user = try await server.givenServiceUser("API Access", role: .editor)
        let token = try await server.givenToken(for: user)
        try await server.test { client in
            let me = try await client.ask(.get, "/api/users/me", as: token)
            #expect(me.status == 200)
            #expect(
                me.text.hasPrefix(
                    #"{"id":\#(user),"user_id":"api_access@service","user_name":"api_access@service","#
                        + #""email":"service@example.com","name":"API Access","user_type":"Service","#
                        + #""role":"Editor","teams":["Public"],"token":{"id":"#))
            #expect(me["token"]?["name"] == "production")
            #expect(me["token"]?["expiration"] == "2027-12-21T12:34:56Z")
        }
    }

    @Test("a problem")
    func problem() async throws {
        let server = try await TestServer()
        try await server.test { client in
            let answer = try await client.ask(
                .post, "/api/users", as: client.admin, #"{"name":"X","role":"Editor","teams":["Nobody"]}"#,
                headers: [.requestID: "abc-1"])
            #expect(answer.status == 422)
            #expect(answer.headers[.contentType] == "application/problem+json")
            #expect(
                answer.text.hasPrefix(
                    #"{"type":"/problems/invalid","title":"Invalid request","status":422,"detail":""#))
            #expect(answer.text.contains(#""instance":"abc-1","errors":[{"pointer":"/teams/0","detail":""#))
        }
    }
}
