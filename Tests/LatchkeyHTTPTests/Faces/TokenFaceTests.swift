import Foundation
import HTTPTypes
import LatchkeyApp
import LatchkeyCore
import Testing

@testable import LatchkeyHTTP

@Suite("The token endpoint, to the letter of RFC 6749 and RFC 8693")
struct TokenFaceTests {
    private static let grant = "grant_type=client_credentials"
    private static let exchange = "grant_type=urn:ietf:params:oauth:grant-type:token-exchange&subject_token_type="
    private static let access = "urn:ietf:params:oauth:token-type:access_token"
    private static let jwt = "urn:ietf:params:oauth:token-type:jwt"

    private func ask(
        _ client: TestClient, _ form: String, _ basic: String? = nil, query: String = "",
        type: String = "application/x-www-form-urlencoded"
    ) async throws -> Answer {
        var headers: HTTPFields = [.contentType: type]
        if let basic { headers[.authorization] = "Basic \(Data(basic.utf8).base64EncodedString())" }
        return try await client.ask(.post, "/oauth2/token" + query, as: nil, form, headers: headers)
    }

    @Test("answers with what the standards ask for, and nothing that a cache would keep")
    func answers() async throws {
        let server = try await TestServer()
        let token = try await server.givenToken(for: try await server.givenServiceUser("Robot"))
        try await server.test { client in
            let granted = try await ask(client, Self.grant + "&scope=self:read", "robot@service:\(token)")
            #expect(granted["token_type"] == "Bearer")
            #expect(granted["scope"] == "self:read")
            #expect(granted["issued_token_type"] == nil)
            for type in ["", Self.access, Self.jwt] {
                let asked = type.isEmpty ? "" : "&requested_token_type=\(type)"
                let exchanged = try await ask(client, Self.exchange + Self.access + "&subject_token=\(token)" + asked)
                #expect(exchanged["issued_token_type"]?.string == (type.isEmpty ? Self.access : type))
                for answer in [granted, exchanged] {
                    #expect(answer.status == 200)
                    #expect(answer.headers[.cacheControl] == "no-store")
                    #expect(answer.headers[.pragma] == "no-cache")
                    #expect(answer.headers[.contentType] == "application/json")
                }
            }
        }
    }

    @Test("refuses in the words of the standard, in characters that it allows")
    func refusals() async throws {
        let server = try await TestServer()
        let token = try await server.givenToken(for: try await server.givenServiceUser("Robot"))
        let robot = "robot@service:\(token)"
        let cases: [(form: String, basic: String?, status: Int, error: String)] = [
            (Self.grant, nil, 401, "invalid_client"), (Self.grant, "robot@service:x", 401, "invalid_client"),
            (Self.grant, ":", 401, "invalid_client"), (Self.grant + "&grant_type=x", robot, 400, "invalid_request"),
            (Self.grant + "&scope=a&scope=b", robot, 400, "invalid_request"),
            (Self.grant + "&%22%5C%C3%BC=1&%22%5C%C3%BC=2", robot, 400, "invalid_request"),
            (Self.grant + "&scope=%22%5C%C3%BC", robot, 400, "invalid_scope"),
            (Self.grant + "&client_secret=x&client_id=y", robot, 400, "invalid_request"),
            ("grant_type=authorization_code", robot, 400, "unsupported_grant_type"),
            ("", robot, 400, "invalid_request"),
            (Self.grant + "&resource=https://api.example.com", robot, 400, "invalid_target"),
            (Self.exchange + Self.access, nil, 400, "invalid_request"),
            (Self.exchange + "x&subject_token=\(token)", nil, 400, "invalid_request"),
            (
                Self.exchange + Self.access + "&subject_token=\(token)&requested_token_type=x", nil, 400,
                "invalid_request"
            ),
        ]
        try await server.test { client in
            for (form, basic, status, error) in cases {
                let answer = try await ask(client, form, basic)
                #expect(answer.status == status, "\(form)")
                #expect(answer["error"]?.string == error, "\(form)")
                let described = answer["error_description"]?.string ?? ""
                #expect(!described.isEmpty)
                #expect(described.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C })
                #expect(answer.headers[.cacheControl] == "no-store")
            }
        }
    }

    @Test("takes a form in the body of a POST, and nothing else")
    func forms() async throws {
        let server = try await TestServer()
        let token = try await server.givenToken(for: try await server.givenServiceUser("Robot"))
        let robot = "robot@service:\(token)"
        try await server.test { client in
            for method in [HTTPRequest.Method.get, .put, .delete] {
                let answer = try await client.ask(method, "/oauth2/token?\(Self.grant)", as: token)
                #expect(answer.status == 405)
                #expect(answer.headers[.allow] == "POST")
            }
            let json = try await ask(client, #"{"grant_type":"client_credentials"}"#, robot, type: "application/json")
            #expect(json["error"] == "invalid_request")
            let inQuery = try await ask(client, "", robot, query: "?" + Self.grant)
            #expect(inQuery["error"] == "invalid_request")
            let charset = try await ask(
                client, Self.grant, robot, type: "application/x-www-form-urlencoded; charset=UTF-8")
            #expect(charset.status == 200)
            let more = try await ask(client, Self.grant + "&nobody=knows&scope=", robot)
            #expect(more.status == 200, "what is unknown is left alone, what is empty is not there")
        }
    }

    @Test("is described with every way in which clients may say who they are")
    func metadata() async throws {
        let server = try await TestServer()
        try await server.test { client in
            let document = try await client.ask(.get, "/.well-known/oauth-authorization-server", as: nil)
            #expect(document.headers[.contentType] == "application/json")
            let ways = document["introspection_endpoint_auth_methods_supported"]?.items.compactMap(\.string)
            #expect(ways == ["client_secret_basic", "client_secret_post", "Bearer"])
            #expect(document["response_types_supported"]?.items.isEmpty == true)
            let keys = try await client.ask(.get, "/.well-known/jwks.json", as: nil)
            for key in keys["keys"]?.items ?? [] {
                #expect(key["kty"] == "EC" && key["crv"] == "P-256" && key["use"] == "sig" && key["alg"] == "ES256")
                #expect(key["kid"]?.string?.isEmpty == false && key["d"] == nil)
            }
            #expect(keys["keys"]?.items.isEmpty == false)
        }
    }
}
