import LatchkeyCore
import Testing

@Suite("Reading a policy")
struct PolicyReadingTests {
    private func flaws(_ changing: [String: PolicyNode]) -> [String] {
        do throws(PolicyFlaws) {
            _ = try Policy.given(changing)
            return []
        } catch {
            return error.flaws.map(\.sentence)
        }
    }

    @Test("makes one of what is written right")
    func right() throws {
        let policy = try Policy.given()
        #expect(policy.name == "reports")
        #expect(policy.routes.count == 8)
        #expect(policy.actions.count == 4 + Permission.allCases.count)
    }

    private static let mistakes: [(section: String, content: PolicyNode, sentence: String)] = [
        ("format", "2", "this version reads format 1, not \"2\""),
        ("policy", "My policy", "a policy's name is made of a-z, 0-9 and -, not \"My policy\""),
        ("rolez", "x", "there is no section rolez; did you mean roles?"),
        ("actions", ["reports": "x"], "\"reports\" is no action's name: it reads noun:verb, such as reports:view"),
        (
            "actions", ["users:read": "x"],
            "users:read is Latchkey's own action: rules can name it without declaring it"
        ),
        ("actions", ["a:b": ""], "say in a few words what a:b is, not nothing"),
        ("roles", ["Membr": ["everywhere": "all"]], "there is no role Membr; did you mean Member?"),
        (
            "roles", ["Member": ["everwhere": "all"]],
            "there is no part of a role everwhere; did you mean everywhere?"
        ),
        (
            "roles", ["Member": ["everywhere": ["report:list"]]],
            "there is no action report:list; did you mean reports:list?"
        ),
        (
            "roles", ["Member": ["everywhere": ["users:read"]]],
            "users:read is Latchkey's own action: docs/permissions.txt says who may"
        ),
        ("teams", ["report": ["Viewr": ["reports:view"]]], "there is no level Viewr; did you mean Viewer?"),
        (
            "teams", ["Report": ["Viewer": []]],
            "\"Report\" is no kind of resource: a-z, 0-9, _ and -, a letter first"
        ),
        (
            "routes", ["/x": "public"],
            "a route reads METHOD /path, such as GET /api/reports/{id} or GET|PUT /api/reports"
        ),
        (
            "routes", ["get /x": "public"],
            "a route reads METHOD /path, such as GET /api/reports/{id} or GET|PUT /api/reports"
        ),
        ("routes", ["GET x": "public"], "a path begins with a slash"),
        ("routes", ["GET /{a}/{a}": "public"], "two parts of the path have one name"),
        ("routes", ["GET /{a...}/b": "public"], "{a...} can only stand at the end"),
        ("routes", ["GET /{A}": "public"], "\"{A}\" is no named part: it reads {id}, or {rest...} at the end"),
        ("routes", ["GET /x": "report:list"], "there is no action report:list; did you mean reports:list?"),
        (
            "routes", ["GET /x": "reports:list to all"],
            "a rule reads ACTION, ACTION on KIND {part}, ACTION on any KIND, any-token or public; "
                + "not \"reports:list to all\""
        ),
        (
            "routes", ["GET /{a}": "reports:view on repor {a}"],
            "there is no kind repor under teams; did you mean report?"
        ),
        (
            "routes", ["GET /{a}": "reports:view on report {b}"],
            "/{a} has no part {b}; without one, say: on any report"
        ),
        (
            "routes", ["GET /{a}": "reports:view"],
            "reports:view is granted through teams: say on which, on report {part} or on any report"
        ),
        (
            "routes", ["GET /{a}": "reports:list on report {a}"],
            "no level of teams grants reports:list on a report: leave out \"on …\""
        ),
        (
            "cases", ["Member can GET /"],
            "a case reads: Member with Viewer on datastore 7 may not PUT /api/datastores/7"
        ),
        ("cases", ["Member with Viewr on report 7 may GET /"], "there is no level Viewr; did you mean Viewer?"),
        (
            "cases", ["Member may GET /%2f"],
            "/%2f would be refused before any rule sees it: The path holds an escaped slash, backslash or NUL."
        ),
    ]

    @Test("says what is wrong and what was meant", arguments: mistakes)
    func wrong(section: String, content: PolicyNode, sentence: String) {
        let found = flaws([section: content])
        #expect(found.contains { $0.hasPrefix(sentence) }, "\(found)")
    }

    @Test("says every flaw at once, in the order of the lines")
    func all() {
        let routes = PolicyNode.mapping(
            [
                .init(
                    key: .text("GET /b", PolicyMark(line: 9, column: 3)),
                    value: .text("no:such", PolicyMark(line: 9, column: 11))),
                .init(key: .text("GET b", PolicyMark(line: 7, column: 3)), value: "public"),
            ], PolicyNode.start)
        do throws(PolicyFlaws) {
            _ = try Policy.given(["routes": routes])
            Issue.record("this is wrong in two places")
        } catch {
            #expect(error.flaws.map(\.mark) == [PolicyMark(line: 7, column: 3), PolicyMark(line: 9, column: 11)])
        }
    }

    @Test("refuses a route that is ruled twice, whatever its parts are called")
    func twice() {
        let routes: PolicyNode = ["GET|PUT /a/{x}": "public", "PUT /a/{y}": "reports:list"]
        #expect(flaws(["routes": routes]) == ["line 1 rules PUT /a/{y} already"])
    }

    @Test("refuses grants that nobody can use, and those that a lower role or level has")
    func grants() {
        let unused = flaws(["roles": ["Member": ["everywhere": ["reports:list", "site:manage"]]]])
        #expect(unused.contains("a team's level grants reports:view, but no role has it under through_teams"))
        let nobody = flaws([
            "roles": [
                "Member": ["through_teams": ["reports:view", "reports:edit"], "everywhere": ["reports:list"]]
            ]
        ])
        #expect(nobody == ["site:manage is granted to nobody"])
        let twice = flaws([
            "roles": [
                "Member": ["through_teams": ["reports:view", "reports:edit"]],
                "Editor": ["through_teams": ["reports:view"]],
                "Admin": ["everywhere": "all"],
            ]
        ])
        #expect(twice == ["Member grants reports:view already (line 1), and so do all above it"])
    }

    @Test("holds the cases against the rules")
    func cases() throws {
        let cases: PolicyNode = [
            "anyone may GET /", "anyone may not GET /reports", "Editor may reports:list",
            "Member with Viewer on report 7 may GET /reports/7",
            "Member with Viewer on report 7 and Editor on report 8 may reports:view on any report",
            "Member may GET /reports",
        ]
        let failed = try Policy.given(["cases": cases]).failedCases
        #expect(failed.map(\.failed.text) == ["Member may GET /reports"])
        #expect(failed.first?.ruling.reason == .roleTooLow)
    }
}
