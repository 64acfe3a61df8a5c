import HTTPTypes
import LatchkeyApp
import LatchkeyCore
import Testing

@testable import LatchkeyHTTP

@Suite("/authz")
struct GatewayTests {
    private static let identity = [
        "X-Latchkey-User", "X-Latchkey-User-Id", "X-Latchkey-User-Type", "X-Latchkey-Role", "X-Latchkey-Teams",
        "X-Latchkey-Token-Id", "X-Latchkey-Token-Name", "X-Latchkey-Scopes",
    ]

    private func identity(_ answer: Answer) -> [String] {
        Self.identity.map { name in
            guard let field = HTTPField.Name(name) else { return "no name" }
            let values = answer.headers[values: field]
            return values.count == 1 ? values[0] : "\(values.count) times"
        }
    }

    private func fields(_ pairs: [String: String]) -> HTTPFields {
        var fields = HTTPFields()
        for (name, value) in pairs {
            if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
        }
        return fields
    }

    private func nginx(_ method: String, _ target: String) -> HTTPFields {
        fields(["X-Original-Method": method, "X-Original-URI": target])
    }

    @Test("says on every allow whose request it is, in all fields", arguments: FaceWay.allCases)
    func allow(way: FaceWay) async throws {
        let server = try await TestServer()
        let user = try await server.givenServiceUser("Päul, Jr", role: .manager)
        let token = try await server.givenToken(
            for: user, name: "a, b%", limits: NarrowingRequest(actions: ["users:read", "self:read"]))
        let head = nginx("GET", "/api/users?page=1")
        try await server.test(way) { client in
            let answer = try await client.ask(.get, "/authz", as: token, headers: head)
            #expect(answer.status == 200)
            #expect(answer.text.isEmpty)
            #expect(
                identity(answer) == [
                    "paul_jr@service", "\(user)", "Service", "Manager", "Public",
                    answer.headers[values: .tokenID].first,
                    "a%2C%20b%25", "self:read users:read",
                ])
            let open = try await client.ask(.get, "/authz", as: nil, headers: nginx("GET", "/api/health"))
            #expect(open.status == 200)
            #expect(identity(open) == [String](repeating: "", count: 8))
        }
    }

    @Test("answers 401 with a challenge, or 403 with the reason, and nothing else", arguments: FaceWay.allCases)
    func deny(way: FaceWay) async throws {
        let server = try await TestServer()
        let member = try await server.givenToken(acting: .member)
        let user = try await server.givenServiceUser("Directory", role: .admin)
        let scim = try await server.givenToken(for: user, isSCIMOnly: true)
        let questions: [(String?, HTTPFields, Int, String)] = [
            (nil, nginx("GET", "/api/users"), 401, #"Bearer realm="latchkey""#),
            ("nonsense", nginx("GET", "/api/users"), 401, #"Bearer realm="latchkey", error="invalid_token""#),
            (member + "x", nginx("GET", "/api/health"), 401, #"Bearer realm="latchkey", error="invalid_token""#),
            (member, nginx("GET", "/api/users"), 403, #"Bearer realm="latchkey", error="insufficient_scope""#),
            (scim, nginx("GET", "/api/health"), 403, #"Bearer realm="latchkey", error="insufficient_scope""#),
            (
                server.admin, nginx("GET", "/api/users%2fme"), 403,
                #"Bearer realm="latchkey", error="insufficient_scope""#
            ),
            (server.admin, nginx("GET", "/nothing"), 403, #"Bearer realm="latchkey", error="insufficient_scope""#),
            (server.admin, [:], 403, #"Bearer realm="latchkey", error="insufficient_scope""#),
            (
                server.admin, fields(["X-Forwarded-Method": "GET", "X-Forwarded-Uri": "/api/users"]), 403,
                #"Bearer realm="latchkey", error="insufficient_scope""#
            ),
        ]
        try await server.test(way) { client in
            for (token, head, status, challenge) in questions {
                let answer = try await client.ask(.get, "/authz", as: token, headers: head)
                #expect(answer.status == status, "\(head)")
                #expect(answer.headers[.wwwAuthenticate] == challenge)
                #expect(answer.headers[.contentType] == "application/problem+json")
                #expect(answer["status"] == .integer(Int64(status)))
                #expect(answer["instance"]?.string == answer.headers[.requestID])
            }
        }
    }

    @Test("tells every token who it is, as the API does, whatever it is limited to", arguments: FaceWay.allCases)
    func anyToken(way: FaceWay) async throws {
        let server = try await TestServer()
        let user = try await server.givenServiceUser("Narrow")
        let narrow = try await server.givenToken(for: user, limits: NarrowingRequest(actions: ["teams:list"]))
        let scim = try await server.givenToken(for: user, name: "scim", isSCIMOnly: true)
        let head = nginx("GET", "/api/users/me")
        try await server.test(way) { client in
            let all = [(narrow, 200), (scim, 403), ("nonsense", 401), (nil, 401)]
            for (token, status) in all {
                let gateway = try await client.ask(.get, "/authz", as: token, headers: head)
                #expect(gateway.status == status)
            }
            for (token, status) in all {
                let api = try await client.ask(.get, "/api/users/me", as: token)
                #expect(api.status == status)
            }
        }
    }

    @Test("is asked with any method", arguments: FaceWay.allCases)
    func methods(way: FaceWay) async throws {
        let server = try await TestServer()
        try await server.test(way) { client in
            for method in [HTTPRequest.Method.get, .post, .put, .delete, .patch, .options, .head, .trace] {
                let answer = try await client.ask(
                    method, "/authz", as: client.admin, headers: nginx("GET", "/api/users/me"))
                #expect(answer.status == 200, "\(method)")
            }
        }
    }

    private static let dialects: [GatewayDialect: [String: String]] = [
        .nginx: ["X-Original-Method": "GET", "X-Original-URI": "/api/activity?page=1"],
        .forwarded: ["X-Forwarded-Method": "GET", "X-Forwarded-Uri": "/api/activity?page=1"],
        .itself: [:],
    ]
    private static let paths = ["/authz", "/authz?page=1", "/authz/", "/authz/api/activity", "/authz?/api/activity"]

    @Test("hears each gateway in its own words, at its own path", arguments: FaceWay.allCases, GatewayDialect.allCases)
    func dialects(way: FaceWay, set: GatewayDialect) async throws {
        let server = try await TestServer(settings: HTTPSettings(gatewayDialect: set))
        try await server.test(way) { client in
            for (spoken, pairs) in Self.dialects {
                for path in Self.paths {
                    let isMeant = path.hasPrefix("/authz/api") == (set == .itself) && path != "/authz/"
                    let answer = try await client.ask(.get, path, as: client.admin, headers: fields(pairs))
                    #expect(answer.status == (spoken == set && isMeant ? 200 : 403), "\(spoken) at \(path)")
                    if spoken != set { #expect(answer["detail"]?.string?.contains("gateway.headers") == true) }
                }
            }
            let other = set == .itself ? "/authz/api/activity" : "/authz"
            let head = fields((Self.dialects[set] ?? [:]).mapValues { $0 == "GET" ? "DELETE" : $0 })
            let answer = try await client.ask(.delete, other, as: client.admin, headers: head)
            #expect(answer.status == 403)
        }
    }

    @Test("denies what bears one field of another gateway", arguments: FaceWay.allCases, GatewayDialect.allCases)
    func mixed(way: FaceWay, set: GatewayDialect) async throws {
        let server = try await TestServer(settings: HTTPSettings(gatewayDialect: set))
        let own = Self.dialects[set] ?? [:]
        let path = set == .itself ? "/authz/api/activity" : "/authz"
        try await server.test(way) { client in
            let alone = try await client.ask(.get, path, as: client.admin, headers: fields(own))
            #expect(alone.status == 200)
            for (name, value) in Self.dialects.values.flatMap({ $0 }) where own[name] == nil {
                for name in [name, name.lowercased()] {
                    var head = fields(own)
                    try head[#require(HTTPField.Name(name))] = value
                    let answer = try await client.ask(.get, path, as: client.admin, headers: head)
                    #expect(answer.status == 403, "\(name)")
                    #expect(answer["detail"]?.string?.contains("gateway.headers") == true)
                }
            }
        }
    }

    @Test("says which setting does not fit, even of what is open", arguments: FaceWay.allCases)
    func unclear(way: FaceWay) async throws {
        let itself = try await TestServer(settings: HTTPSettings(gatewayDialect: .itself))
        try await itself.test(way) { client in
            let answer = try await client.ask(.get, "/authz", as: nil)
            #expect(answer.status == 403)
            #expect(answer["detail"] == "The request's path is not behind /authz; see the setting gateway.headers.")
        }
        let other = try await TestServer()
        try await other.test(way) { client in
            let answer = try await client.ask(.get, "/authz/api/health", as: nil, headers: nginx("GET", "/api/health"))
            #expect(answer.status == 403)
            let sentence = "The gateway does not ask /authz with x-original-method and x-original-uri; "
            #expect(answer["detail"]?.string == sentence + "see the setting gateway.headers.")
        }
    }

    @Test("does not take a field that is there twice", arguments: FaceWay.allCases)
    func twice(way: FaceWay) async throws {
        let server = try await TestServer()
        try await server.test(way) { client in
            for name in ["X-Original-URI", "X-Original-Method", "Authorization"] {
                var head = nginx("GET", "/api/users/me")
                if let name = HTTPField.Name(name) {
                    head.append(HTTPField(name: name, value: head[name] ?? "Bearer x"))
                }
                if name == "Authorization" {
                    head.append(HTTPField(name: .authorization, value: "Bearer \(client.admin)"))
                }
                let answer = try await client.ask(
                    .get, "/authz", as: name == "Authorization" ? nil : client.admin, headers: head)
                #expect(answer.status == 403, "\(name)")
            }
        }
    }

    @Test("takes only its own path")
    func path() {
        #expect(["/authz", "/authz/", "/authz?x", "/authz/api/users"].allSatisfy(Gateway.takes))
        #expect(!["/authzz", "/", "/api/authz", "/Authz", "//authz"].contains(where: Gateway.takes))
    }

    @Test("counts what it answers")
    func meter() async throws {
        let server = try await TestServer()
        try await server.live { client in
            _ = try await client.ask(.get, "/authz", as: client.admin, headers: nginx("GET", "/api/users/me"))
            _ = try await client.ask(.get, "/authz", as: nil, headers: nginx("GET", "/api/users/me"))
        }
        let text = server.doors.meter.prometheusText
        #expect(text.contains(#"latchkey_http_requests_total{method="any",route="/authz",status="200"} 1"#))
        #expect(text.contains(#"latchkey_http_requests_total{method="any",route="/authz",status="401"} 1"#))
    }
}

extension HTTPField.Name {
    fileprivate static let tokenID = HTTPField.Name("X-Latchkey-Token-Id") ?? .accept
}
