import HTTPTypes
import Testing

@testable import LatchkeyHTTP

@Suite("The doors refuse")
struct RefusalTests {
    @Test("whoever sends no token, and say what to send")
    func anonymous() async throws {
        let server = try await TestServer()
        try await server.test { client in
            let answer = try await client.ask(.get, "/api/users/me", as: nil)
            #expect(answer.status == 401)
            #expect(answer.headers[.wwwAuthenticate] == #"Bearer realm="latchkey""#)
            #expect(answer["type"] == "/problems/unauthenticated")
        }
    }

    @Test(
        "whatever is no token of ours",
        arguments: ["Bearer x", "Bearer", "Basic YTpi", "bearer  ", "Bearer eyJhbGciOiJub25lIn0.e30.", "Token x"])
    func strangers(header: String) async throws {
        let server = try await TestServer()
        try await server.test { client in
            let answer = try await client.ask(.get, "/api/users/me", as: nil, headers: [.authorization: header])
            #expect(answer.status == 401)
            #expect(answer.headers[.wwwAuthenticate] == #"Bearer realm="latchkey", error="invalid_token""#)
        }
    }

    @Test("a second Authorization header, and take the scheme in any case")
    func headers() async throws {
        let server = try await TestServer()
        try await server.test { client in
            var two = HTTPFields()
            two.append(HTTPField(name: .authorization, value: "Bearer \(client.admin)"))
            two.append(HTTPField(name: .authorization, value: "Bearer \(client.admin)"))
            let twice = try await client.ask(.get, "/api/users/me", as: nil, headers: two)
            #expect(twice.status == 400)
            let shouted = try await client.ask(
                .get, "/api/users/me", as: nil, headers: [.authorization: "BEARER \(client.admin)"])
            #expect(shouted.status == 200)
        }
    }

    @Test("a token in the query")
    func queryToken() async throws {
        let server = try await TestServer()
        try await server.test { client in
            let alone = try await client.ask(.get, "/api/users/me?access_token=\(client.admin)", as: nil)
            #expect(alone.status == 401)
            let beside = try await client.get("/api/users/me?access_token=x")
            #expect(beside.status == 422)
            #expect(beside.pointers == ["access_token"])
        }
    }

    @Test("paths and methods that are not there")
    func paths() async throws {
        let server = try await TestServer()
        try await server.test { client in
            let nowhere = try await client.get("/api/nowhere?a=b")
            #expect(nowhere.status == 404)
            #expect(nowhere["type"] == "/problems/not-found")
            let method = try await client.ask(.patch, "/api/users/7", as: client.admin, "{}")
            #expect(method.status == 405)
            #expect(method.headers[.allow] == "DELETE, GET, HEAD, PUT")
            #expect(method.headers[.contentType] == "application/problem+json")
            for path in ["/api/users/abc", "/api/users/0", "/api/users/-1", "/api/users/007", "/api/users/%31"] {
                let answer = try await client.get(path)
                #expect(answer.status == 404)
            }
        }
    }

    private static let deepBody = #"{"name":"a","role":"Member","teams":"# + String(repeating: "[", count: 40)

    @Test("bodies that are not JSON, and JSON that is not as it should be")
    func bodies() async throws {
        let server = try await TestServer()
        let wrong: [(body: String, status: Int, pointers: [String])] = [
            ("{", 400, []), ("", 400, []), (#"{"name":"a","name":"b"}"#, 422, ["/name"]),
            (#"{"name":"a","role":"Emperor"}"#, 422, ["/role"]),
            (#"{"name":"a","role":"Member","tokens":1,"x":2}"#, 422, ["/tokens", "/x"]),
            (#"{"name":"   ","role":"Member"}"#, 422, ["/name"]),
            (Self.deepBody, 422, ["/teams" + String(repeating: "/0", count: 31)]),
        ]
        try await server.test { client in
            for (body, status, pointers) in wrong {
                let answer = try await client.post("/api/users", body)
                #expect(answer.status == status, "\(body)")
                #expect(answer.pointers == pointers, "\(body)")
            }
            let users = try await client.get("/api/users")
            #expect(users["total"] == .integer(1))
        }
    }

    @Test(
        "other media types",
        arguments: ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1"])
    func mediaTypes(type: String) async throws {
        let server = try await TestServer()
        try await server.test { client in
            let answer = try await client.ask(
                .post, "/api/users", as: client.admin, #"{"name":"a","role":"Member"}"#, headers: [.contentType: type])
            #expect(answer.status == 415)
            let fine = try await client.ask(
                .post, "/api/users", as: client.admin, #"{"name":"a","role":"Member"}"#,
                headers: [.contentType: "Application/JSON; charset=UTF-8"])
            #expect(fine.status == 201)
        }
    }

    @Test("query values that are empty, wrong or there twice")
    func queries() async throws {
        let server = try await TestServer()
        try await server.test { client in
            let wrong = ["page=0", "size=101", "size=1.5", "name=", "type=Robot", "sort=x", "nmae=x", "page=1&page=2"]
            for query in wrong {
                let answer = try await client.get("/api/users?\(query)")
                #expect(answer.status == 422, "\(query)")
                #expect(answer.pointers == [String(query.prefix { $0 != "=" })])
            }
        }
    }

    @Test("a conflict with what is there")
    func conflicts() async throws {
        let server = try await TestServer()
        try await server.test { client in
            _ = try await client.post("/api/users", #"{"name":"Nightly Load","role":"Member"}"#)
            for name in ["nightly load", "NIGHTLY  LOAD", "Nightly Lo\u{0301}ad", "Ｎightly Load"] {
                let answer = try await client.post("/api/users", #"{"name":"\#(name)","role":"Member"}"#)
                #expect(answer.status == 409)
            }
        }
    }
}
