import LatchkeyCore
import Testing

@Suite("A policy's ruling")
struct PolicyRulingTests {
    private func ruling(
        _ method: String, _ path: String, as role: Role?, narrowing: Narrowing = .none, scim: Bool = false,
        levels: [String: TeamPermission] = [:]
    ) throws -> Ruling {
        let asker = Asker(role: role, isSCIMOnly: scim, narrowing: narrowing)
        return try Policy.given().ruling(method: method, RequestPath(path), for: asker) { resource in
            resource.name.map { levels[$0] } ?? levels.values.max()
        }
    }

    @Test(
        "says yes or no, and why",
        arguments: [
            ("GET", "/", Role?.none, [:], Ruling.Reason.publicRoute), ("GET", "/", .member, [:], .publicRoute),
            ("GET", "/reports", nil, [:], .noCredential), ("GET", "/nothing", nil, [:], .noCredential),
            ("GET", "/nothing", .admin, [:], .noRule), ("POST", "/reports", .admin, [:], .noRule),
            ("GET", "/reports", .member, [:], .roleTooLow), ("GET", "/reports", .editor, [:], .role),
            ("HEAD", "/reports", .editor, [:], .role), ("GET", "/reports/7", .member, [:], .noTeam),
            ("GET", "/reports/7", .member, ["8": .editor], .noTeam),
            ("GET", "/reports/7", .member, ["7": .reporter], .noTeam),
            ("GET", "/reports/7", .member, ["7": .viewer], .team), ("GET", "/reports/7", .admin, [:], .role),
            ("PUT", "/reports/7", .member, ["7": .editor], .roleTooLow),
            ("PUT", "/reports/7", .editor, ["7": .author], .noTeam),
            ("PATCH", "/reports/7", .editor, ["7": .editor], .team), ("GET", "/whoami", .member, [:], .role),
        ] as [(String, String, Role?, [String: TeamPermission], Ruling.Reason)])
    func reasons(
        method: String, path: String, role: Role?, levels: [String: TeamPermission], reason: Ruling.Reason
    ) throws {
        let ruling = try ruling(method, path, as: role, levels: levels)
        #expect(ruling.reason == reason)
        #expect(!ruling.sentence.isEmpty)
    }

    @Test("takes the most literal path, whatever its methods")
    func literal() throws {
        #expect(try ruling("GET", "/reports/latest", as: .member, levels: ["9": .viewer]).reason == .team)
        #expect(try ruling("PUT", "/reports/latest", as: .admin).reason == .noRule)
        #expect(try ruling("DELETE", "/site/x", as: .editor).reason == .role)
        #expect(try ruling("GET", "/site/x", as: .editor).reason == .noRule)
        #expect(try ruling("POST", "/site/x/y", as: .admin).reason == .role)
        #expect(try ruling("GET", "/site", as: .admin).reason == .noRule)
    }

    @Test("names the resource as the path does, escapes undone")
    func names() throws {
        #expect(try ruling("GET", "/reports/a%20b", as: .member, levels: ["a b": .viewer]).isAllowed)
        #expect(try ruling("GET", "/reports/%C3%A4", as: .member, levels: ["ä": .viewer]).isAllowed)
        #expect(try ruling("GET", "/reports/%FF", as: .admin).reason == .path)
    }

    @Test("obeys every limit of a token, an Admin's too")
    func narrowed() throws {
        let actions = Narrowing(actions: ["reports:list"])
        #expect(try ruling("GET", "/reports", as: .admin, narrowing: actions).isAllowed)
        #expect(try ruling("GET", "/reports/7", as: .admin, narrowing: actions).reason == .narrowed)
        let teams = Narrowing(teams: [ID(5)])
        #expect(try ruling("GET", "/reports/7", as: .admin, narrowing: teams).reason == .noTeam)
        #expect(try ruling("GET", "/reports/7", as: .admin, narrowing: teams, levels: ["7": .viewer]).isAllowed)
        #expect(try ruling("GET", "/reports", as: .admin, scim: true).reason == .scimOnly)
        #expect(try ruling("GET", "/", as: .admin, scim: true).reason == .scimOnly)
    }

    @Test("knows no action that nobody declared")
    func unknown() throws {
        let ruling = try Policy.given().ruling(on: "reports:burn", for: Asker(role: .admin)) { _ in nil }
        #expect(ruling.reason == .unknownAction)
    }

    @Test("goes on in another branch where a literal one ends in nothing")
    func backtracking() throws {
        let policy = try Policy.given([
            "routes": [
                "GET /a/b/c": "reports:list", "GET /a/{x}/d": "site:manage", "GET /{x...}": "public",
            ]
        ])
        let found = { (path: String) throws in try policy.route(method: "GET", RequestPath(path))?.template.text }
        #expect(try found("/a/b/c") == "/a/b/c")
        #expect(try found("/a/b/d") == "/a/{x}/d")
        #expect(try found("/a/b/e") == "/{x...}")
        #expect(try found("/") == nil)
    }

    @Test("finds each of a thousand routes")
    func thousand() throws {
        let names = (0..<1000).map { "r\(($0 &* 7919) % 1000)" }
        let routes = PolicyNode.mapping(
            names.map { .init(key: .text("GET /api/\($0)/{id}", PolicyNode.start), value: "reports:list") },
            PolicyNode.start)
        let policy = try Policy.given(["routes": routes])
        for name in names {
            let route = try policy.route(method: "GET", RequestPath("/api/\(name)/7"))
            #expect(route?.template.text == "/api/\(name)/{id}")
        }
        #expect(try policy.route(method: "GET", RequestPath("/api/r1000/7")) == nil)
        #expect(try policy.route(method: "GET", RequestPath("/api/r/7")) == nil)
    }
}
