import HTTPTypes
import LatchkeyApp
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyHTTP

@Suite("Limits over HTTP")
struct LimitTests {
    private static let quota = Quota(calls: 3, in: .minutes(1))

    @Test("a token's calls beyond its quota are refused until it has refilled")
    func token() async throws {
        let server = try await TestServer(limits: LimitSettings(token: Self.quota))
        let other = try await server.givenToken(for: server.givenServiceUser("Other"))
        let user = try await server.givenServiceUser("Busy")
        let busy = try await server.givenToken(for: user)
        try await server.test { client in
            for left in [2, 1, 0] {
                let fine = try await client.ask(.get, "/api/users/me", as: busy)
                #expect(fine.status == 200)
                #expect(fine.headers[.rateLimitPolicy] == #""token";q=3;w=60"#)
                #expect(fine.headers[.rateLimit] == #""token";r=\#(left);t=\#(20 * (3 - left))"#)
            }
            let refused = try await client.ask(.get, "/api/users/me", as: busy)
            #expect(refused.status == 429)
            #expect(refused["type"]?.string == "/problems/limited")
            #expect(refused.headers[.retryAfter] == "20")
            #expect(refused.headers[values: .rateLimit] == [#""token";r=0;t=20"#])
            let neighbour = try await client.ask(.get, "/api/users/me", as: other)
            #expect(neighbour.status == 200)
            server.clock.advance(by: .seconds(20))
            let again = try await client.ask(.get, "/api/users/me", as: busy)
            #expect(again.status == 200)
        }
    }

    @Test("a limited call changes nothing")
    func changesNothing() async throws {
        let server = try await TestServer(limits: LimitSettings(token: Quota(calls: 2, in: .minutes(1))))
        try await server.test { client in
            for (number, status) in [201, 201, 429].enumerated() {
                let made = try await client.post("/api/users", #"{"name":"User \#(number)","role":"Member"}"#)
                #expect(made.status == status)
            }
            server.clock.advance(by: .minutes(1))
            let listed = try await client.get("/api/users")
            #expect(listed["total"]?.number == 3)
        }
    }

    @Test("an address that presents wrong credentials is told to wait, and its right ones work on")
    func wrongCredentials() async throws {
        let server = try await TestServer(limits: LimitSettings(refused: Self.quota))
        try await server.test { client in
            for status in [401, 401, 401, 429, 429] {
                let wrong = try await client.ask(.get, "/api/users/me", as: "nonsense")
                #expect(wrong.status == status)
                #expect((wrong.headers[.retryAfter] != nil) == (status == 429))
            }
            let right = try await client.get("/api/users/me")
            #expect(right.status == 200)
            #expect(right.headers[.rateLimit] == nil)
            let nothing = try await client.ask(.get, "/api/users/me", as: nil)
            #expect(nothing.status == 401)
            let health = try await client.ask(.get, "/api/health", as: nil)
            #expect(health.status == 204)
        }
    }

    @Test("a gateway hears 403 and how long to wait, for this one token", arguments: FaceWay.allCases)
    func gateway(way: FaceWay) async throws {
        let server = try await TestServer(limits: LimitSettings(token: Self.quota, address: Self.quota))
        let busy = try await server.givenToken(for: server.givenServiceUser("Busy"))
        let other = try await server.givenToken(for: server.givenServiceUser("Other"))
        try await server.test(way) { client in
            for (token, status) in [(busy, 200), (busy, 200), (busy, 200), (busy, 403), (other, 200)] {
                let answer = try await client.ask(.get, "/authz", as: token, headers: Self.original)
                #expect(answer.status == status)
                #expect(answer.headers[.retryAfter] == (status == 403 ? "20" : nil))
            }
        }
    }

    @Test("a gateway hears 403 of an address that goes on with wrong credentials", arguments: FaceWay.allCases)
    func wrongAtGateway(way: FaceWay) async throws {
        let server = try await TestServer(limits: LimitSettings(refused: Self.quota))
        try await server.test(way) { client in
            for (token, status) in [("x", 401), ("x", 401), ("x", 401), ("x", 403), (client.admin, 200)] {
                let answer = try await client.ask(.get, "/authz", as: token, headers: Self.original)
                #expect(answer.status == status)
                #expect(answer.headers[.retryAfter] == (status == 403 ? "20" : nil))
            }
        }
    }

    @Test(
        "whoever asks about others is not limited, and gets access tokens within its quota",
        arguments: FaceWay.allCases)
    func faces(way: FaceWay) async throws {
        let server = try await TestServer(limits: LimitSettings(token: Self.quota))
        let token = try await server.givenToken(for: server.givenServiceUser("Job"))
        try await server.test(way) { client in
            for _ in 1...5 {
                let answer = try await client.ask(
                    .post, "/oauth2/introspect", as: client.admin, "token=\(token)", headers: Self.form)
                #expect(answer["active"] == .flag(true))
            }
            for left in [2, 1, 0] {
                let granted = try await client.ask(
                    .post, "/oauth2/token", as: token, "grant_type=client_credentials", headers: Self.form)
                #expect(granted.status == 200)
                #expect(granted.headers[.rateLimit] == #""token";r=\#(left);t=\#(20 * (3 - left))"#)
            }
            let refused = try await client.ask(
                .post, "/oauth2/token", as: token, "grant_type=client_credentials", headers: Self.form)
            #expect(refused.status == 429)
            #expect(refused["error"]?.string == "temporarily_unavailable")
            #expect(refused.headers[.retryAfter] == "20")
        }
    }

    @Test("whoever exchanges a token as a client pays for one call")
    func twoCredentials() async throws {
        let server = try await TestServer(limits: LimitSettings(token: Self.quota, address: Self.quota))
        let client = try await server.givenToken(for: server.givenServiceUser("Client"))
        let subject = try await server.givenToken(for: server.givenServiceUser("Subject"))
        let exchange =
            "grant_type=urn:ietf:params:oauth:grant-type:token-exchange&subject_token=\(subject)"
            + "&subject_token_type=urn:ietf:params:oauth:token-type:access_token"
        try await server.test { asker in
            let granted = try await asker.ask(.post, "/oauth2/token", as: client, exchange, headers: Self.form)
            #expect(granted.status == 200)
            #expect(granted.headers[.rateLimit] == #""token";r=2;t=20, "address";r=2;t=20"#)
            let me = try await asker.ask(.get, "/api/users/me", as: subject)
            #expect(me.headers[.rateLimit] == #""token";r=2;t=20, "address";r=1;t=40"#)
        }
    }

    @Test("nobody is kept from giving a token up")
    func revocation() async throws {
        let server = try await TestServer(limits: LimitSettings(token: Quota(calls: 1, in: .minutes(1))))
        let token = try await server.givenToken(for: server.givenServiceUser("Client"))
        let leaked = try await server.givenToken(for: server.givenServiceUser("Leaked"))
        try await server.test { client in
            let call = try await client.ask(.get, "/api/users/me", as: token)
            #expect(call.status == 200)
            for secret in ["nonsense", leaked, token] {
                let given = try await client.ask(
                    .post, "/oauth2/revoke", as: token, "token=\(secret)", headers: Self.form)
                #expect(given.status == 200)
                #expect(given.headers[.rateLimit] == nil)
            }
            let dead = try await client.ask(.get, "/api/users/me", as: leaked)
            #expect(dead.status == 401)
        }
    }

    private static let form: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]

    private static var original: HTTPFields {
        var fields = HTTPFields()
        for (name, value) in [("X-Original-Method", "GET"), ("X-Original-URI", "/api/users/me")] {
            if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
        }
        return fields
    }

    @Test("both quotas are told, and the address's holds for all tokens behind it")
    func address() async throws {
        let server = try await TestServer(
            limits: LimitSettings(token: Quota(calls: 10, in: .seconds(10)), address: Self.quota))
        let other = try await server.givenToken(for: server.givenServiceUser("Other"))
        try await server.test { client in
            let first = try await client.get("/api/users/me")
            #expect(first.headers[.rateLimitPolicy] == #""token";q=10;w=10, "address";q=3;w=60"#)
            #expect(first.headers[.rateLimit] == #""token";r=9;t=1, "address";r=2;t=20"#)
            for status in [200, 200, 429] {
                let answer = try await client.ask(.get, "/api/users/me", as: other)
                #expect(answer.status == status)
            }
        }
    }
}
