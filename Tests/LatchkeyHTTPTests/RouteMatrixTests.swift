import HTTPTypes
import LatchkeyCore
import Testing

@testable import LatchkeyHTTP

@Suite("Every route")
struct RouteMatrixTests {
    private static func path(_ endpoint: Endpoint) -> String {
        (endpoint.isBelowRoot ? "/api" : "") + endpoint.path.replacing("{id}", with: "999999")
    }

    /// What must not be answered with a refusal of right, whatever else is wrong with the request.
    private static func isRefusal(_ status: Int) -> Bool { status == 401 || status == 403 }

    @Test("is open to those its declared permission names, and to nobody else")
    func matrix() async throws {
        let server = try await TestServer()
        var tokens: [(role: Role, token: String)] = []
        for role in Role.allCases { tokens.append((role, try await server.givenToken(acting: role))) }
        let endpoints = server.doors.endpoints
        try await server.test { [tokens] client in
            for endpoint in endpoints {
                for (role, token) in tokens {
                    let answer = try await client.ask(endpoint.method, Self.path(endpoint), as: token)
                    let isAllowed =
                        switch endpoint.access {
                        case .open, .anyToken: true
                        case .needs(let permission): role >= permission.lowestRole
                        }
                    #expect(Self.isRefusal(answer.status) == !isAllowed, "\(endpoint.operation) as \(role)")
                }
            }
        }
    }

    @Test("refuses a stranger, and a SCIM token everywhere but at SCIM, save those that are open to all")
    func strangers() async throws {
        let server = try await TestServer()
        let user = try await server.givenServiceUser("Directory", role: .admin)
        let scim = try await server.givenToken(for: user, isSCIMOnly: true)
        let endpoints = server.doors.endpoints
        let open: Set = ["findRoot", "findHealth", "findStatus", "findKeys", "findOpenAPI"]
        try await server.test { client in
            for endpoint in endpoints where !open.contains(endpoint.operation) {
                let stranger = try await client.ask(endpoint.method, Self.path(endpoint), as: nil)
                #expect(stranger.status == 401, "\(endpoint.operation)")
                let directory = try await client.ask(endpoint.method, Self.path(endpoint), as: scim)
                guard endpoint.voice == .problem else {
                    #expect(!Self.isRefusal(directory.status), "\(endpoint.operation)")
                    continue
                }
                #expect(directory.status == 403, "\(endpoint.operation)")
                #expect(
                    directory.headers[.wwwAuthenticate] == #"Bearer realm="latchkey", error="insufficient_scope""#)
            }
        }
    }

    /// They show one's own tokens too, and rehearse what a directory may do.
    private static let asksMore: Set = ["findDirectorySync", "checkDirectorySync"]

    /// One limit of an Admin's token, with the permissions that it leaves.
    private struct Limit: Sendable {
        let asked: NarrowingRequest
        let leaves: Set<Permission>

        static let all: [Limit] = {
            let every = Set(Permission.allCases)
            let withoutTeams = every.subtracting([.manageTeams, .manageIdentityProviders, .provision])
            var limits = [Limit(asked: NarrowingRequest(actions: []), leaves: [])]
            for only in Permission.allCases {
                limits.append(Limit(asked: NarrowingRequest(actions: [only.rawValue]), leaves: [only]))
            }
            for role in Role.allCases {
                limits.append(
                    Limit(asked: NarrowingRequest(role: role), leaves: every.filter { role >= $0.lowestRole }))
            }
            for teams in [[], [Team.publicName]] {
                limits.append(Limit(asked: NarrowingRequest(teams: teams), leaves: withoutTeams))
            }
            return limits
        }()
    }

    @Test("obeys each limit of a token: actions, role, teams", arguments: Limit.all.indices)
    func narrowing(number: Int) async throws {
        let limit = Limit.all[number]
        let server = try await TestServer()
        let user = try await server.givenServiceUser("Narrow", role: .admin)
        let token = try await server.givenToken(for: user, limits: limit.asked)
        let endpoints = server.doors.endpoints
        try await server.test { client in
            for endpoint in endpoints {
                guard case .needs(let permission) = endpoint.access else { continue }
                if Self.asksMore.contains(endpoint.operation), limit.leaves.contains(permission) { continue }
                let answer = try await client.ask(endpoint.method, Self.path(endpoint), as: token)
                #expect(Self.isRefusal(answer.status) == !limit.leaves.contains(permission), "\(endpoint.operation)")
            }
        }
    }

    @Test("takes a token from its own addresses alone")
    func addresses() async throws {
        let server = try await TestServer()
        let user = try await server.givenServiceUser("Elsewhere", role: .admin)
        let token = try await server.givenToken(for: user, limits: NarrowingRequest(allowedCIDRs: ["10.0.0.0/8"]))
        let endpoints = server.doors.endpoints
        try await server.test { client in
            for endpoint in endpoints where endpoint.access.asksWho {
                let answer = try await client.ask(endpoint.method, Self.path(endpoint), as: token)
                #expect(answer.status == 401, "\(endpoint.operation)")
            }
        }
    }

    @Test("takes the subject from the token, whatever a body or query claims")
    func injection() async throws {
        let server = try await TestServer()
        let token = try await server.givenToken(acting: .member)
        try await server.test { client in
            for field in ["user", "sub", "role", "actor", "caller", "admin", "is_admin", "token", "user_id"] {
                let query = try await client.ask(.get, "/api/users/me?\(field)=1", as: token)
                #expect(query.status == 422)
                let body = try await client.ask(
                    .post, "/api/users", as: token, #"{"name":"x","role":"Admin","\#(field)":1}"#)
                #expect(body.status == 403)
            }
        }
    }

    @Test("answers with the fields that every answer has")
    func fields() async throws {
        let server = try await TestServer()
        let endpoints = server.doors.endpoints
        try await server.test { client in
            for endpoint in endpoints {
                let answer = try await client.ask(
                    endpoint.method, Self.path(endpoint), as: nil, headers: [.requestID: "mine"])
                #expect(answer.headers[.requestID] == "mine")
                #expect(answer.headers[.cacheControl] == "no-store")
                #expect(answer.headers[.xContentTypeOptions] == "nosniff")
            }
        }
    }
}

extension Endpoint.Access {
    fileprivate var asksWho: Bool {
        if case .open = self { false } else { true }
    }
}
