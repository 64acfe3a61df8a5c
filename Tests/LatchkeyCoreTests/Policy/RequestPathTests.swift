import LatchkeyCore
import Testing

@Suite("The path of a request")
struct RequestPathTests {
    @Test(
        "is normalised before rules see it",
        arguments: [
            ("/", "/"), ("/api/users", "/api/users"), ("/api/users?name=/../x", "/api/users"),
            ("/api/users/", "/api/users"),
            ("//api///users", "/api/users"), ("/api/./users/.", "/api/users"), ("/api/teams/../users", "/api/users"),
            ("/api/%75sers", "/api/users"), ("/api/%2e/users", "/api/users"), ("/api/x/%2E%2e/users", "/api/users"),
            ("/api/a%20b", "/api/a%20b"), ("/api/%c3%a4", "/api/%C3%A4"), ("/api/%252e", "/api/%252e"),
            ("/a/b/../../c", "/c"), ("/%7Euser/%2D_", "/~user/-_"), ("/a;x=1/b", "/a;x=1/b"), ("/...", "/..."),
            ("/?", "/"), ("/a/..", "/"),
        ])
    func normalised(target: String, path: String) throws {
        #expect(try RequestPath(target).text == path)
    }

    @Test(
        "is refused where two readers might understand it differently",
        arguments: [
            ("", RequestPath.Flaw.notAbsolute), ("api", .notAbsolute), ("*", .notAbsolute),
            ("http://example.com/api", .notAbsolute), ("/api%2fusers", .encodedSlash), ("/api%2Fusers", .encodedSlash),
            ("/api/%5cusers", .encodedSlash), ("/api/%00", .encodedSlash), ("/api/%", .escape), ("/api/%2", .escape),
            ("/api/%zz", .escape), ("/api/%-1", .escape), ("/api\\users", .character), ("/api#users", .character),
            ("/api users", .character), ("/api/\u{7}", .character), ("/api/ä", .character), ("/..", .dots),
            ("/../api", .dots), ("/a/%2e%2e/%2e%2e/b", .dots), ("/a/..;/b", .dots), ("/a/.;x/b", .dots),
            ("/a/%2e%2e;x/b", .dots), ("/" + String(repeating: "a", count: 9000), .tooLong),
        ])
    func refused(target: String, flaw: RequestPath.Flaw) {
        #expect(throws: flaw) { try RequestPath(target) }
    }

    @Test("is the same after a second normalisation")
    func idempotent() throws {
        let pieces = ["/", "a", ".", "..", "%2e", "%41", "%20", "//", ";", "~", "%25"]
        for number in 0..<20_000 {
            var (rest, target) = (number, "/")
            for _ in 0..<5 {
                target += pieces[rest % pieces.count]
                rest /= pieces.count
            }
            guard let once = try? RequestPath(target) else { continue }
            #expect(try RequestPath(once.text) == once, "\(target)")
        }
    }

    @Test("has a stem of two segments for what no rule names")
    func stem() throws {
        #expect(try RequestPath("/api/users/7/tokens").stem == "/api/users")
        #expect(try RequestPath("/api").stem == "/api")
        #expect(try RequestPath("/").stem == "/")
    }
}
