import HTTPTypes
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyHTTP

@Suite("Lists")
struct ListTests {
    @Test("come in pages that add up to the whole")
    func pages() async throws {
        let server = try await TestServer()
        for number in 1...12 { _ = try await server.givenServiceUser("Load \(number)") }
        try await server.test { client in
            var seen: [Int64] = []
            for page in 1...3 {
                let answer = try await client.get("/api/users?page=\(page)&size=5&sort=name&sort_dir=desc")
                #expect(answer["total"] == .integer(13))
                #expect(answer["pages"] == .integer(3))
                #expect(answer["page"] == .integer(Int64(page)))
                #expect(answer["size"] == .integer(5))
                seen += (answer["items"]?.items ?? []).compactMap { $0["id"]?.number }
            }
            #expect(Set(seen).count == 13)
            let beyond = try await client.get("/api/users?page=2147483647&size=100")
            #expect(beyond["items"] == .list([]))
        }
    }

    @Test("are filtered, white space written either way")
    func filters() async throws {
        let server = try await TestServer()
        _ = try await server.givenServiceUser("Nightly Load", role: .editor)
        _ = try await server.givenServiceUser("Daily Load")
        try await server.test { client in
            let queries = [
                "name=nightly+load", "name=NIGHTLY%20LOAD", "text=nightly_load@", "role=Editor",
                "type=Service&role=Editor",
            ]
            for query in queries {
                let answer = try await client.get("/api/users?\(query)")
                #expect(answer["total"] == .integer(1), "\(query)")
            }
            let people = try await client.get("/api/users?type=Human")
            #expect(people["total"] == .integer(1))
        }
    }

    @Test("of tokens are bare unless a page is asked for, newest first")
    func tokens() async throws {
        let server = try await TestServer()
        let user = try await server.givenServiceUser("Nightly Load")
        for number in 1...3 {
            _ = try await server.givenToken(for: user, name: "token \(number)")
            server.clock.advance(by: .seconds(1))
        }
        try await server.test { client in
            let bare = try await client.get("/api/user-tokens/service")
            #expect(bare.json.items.compactMap { $0["name"]?.string } == ["token 3", "token 2", "token 1"])
            #expect(bare.headers[.link] == nil)
            let paged = try await client.get("/api/user-tokens/service?size=2&sort=name")
            #expect(paged["total"] == .integer(3))
            #expect(paged["items"]?.items.first?["name"] == "token 1")
            let own = try await client.get("/api/user-tokens")
            #expect(own.json.items.count == 1)
            let both = try await client.get("/api/user-tokens?page=1&offset=1")
            #expect(both.status == 422)
        }
    }

    @Test("too long to be bare point at what follows, filters kept")
    func link() {
        let first = BareList.next("/api/user-tokens", "", from: 0)
        #expect(first.value == #"</api/user-tokens?offset=1000>; rel="next""#)
        let second = BareList.next("/api/user-tokens", "offset=1000&name=a%20b", from: 1000)
        #expect(second.value == #"</api/user-tokens?name=a%20b&offset=2000>; rel="next""#)
    }

    @Test("of the audit log name who did what")
    func activity() async throws {
        let server = try await TestServer()
        try await server.test { client in
            _ = try await client.post("/api/users", #"{"name":"One","role":"Member"}"#)
            let answer = try await client.get("/api/activity?actions=create&object_type=user&timeframe=day")
            let first = answer["items"]?.items.first
            #expect(first?["verb"] == "create")
            #expect(first?["transaction"]?["user"]?["user_name"] == "ada@example.com")
            let none = try await client.get("/api/activity?actions=delete,rotate&end_date=2027-11-21")
            #expect(none["total"] == .integer(0))
        }
    }
}
