import HTTPTypes
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyHTTP

/// Corners of RFC 7644 that a first reading passes by.
@Suite("SCIM to the letter")
struct SCIMConformanceTests {
    @Test("says when a resource changed last")
    func lastModified() async throws {
        let directory = try await DirectoryServer()
        let clock = directory.server.clock
        try await directory.test { client in
            let id = try await client.givenPerson("ada")
            let group = try await client.givenGroup("Guides")
            func changed(_ path: String) async throws -> String? {
                try await client.get(path)["meta"]?["lastModified"]?.string
            }
            let first = try await changed("/Users/\(id)")
            clock.advance(by: .hours(1))
            _ = try await client.patch("/Users/\(id)", #"[{"op":"add","path":"title","value":"Guide"}]"#)
            let second = try await changed("/Users/\(id)")
            #expect(second != first && second == clock.now.wholeSecond.text)
            clock.advance(by: .hours(1))
            _ = try await client.patch("/Users/\(id)", #"[{"op":"add","path":"title","value":"Guide"}]"#)
            #expect(try await changed("/Users/\(id)") == second)
            _ = try await client.ask(.put, "/Users/\(id)", Directory.person("ada", #""active":false"#))
            #expect(try await changed("/Users/\(id)") == clock.now.wholeSecond.text)
            let found = try await client.find(#"meta.lastModified ge "\#(clock.now.wholeSecond.text)""#)
            #expect(found.ids == [id])
            _ = try await client.patch(
                "/Groups/\(group)", #"[{"op":"add","path":"members","value":[{"value":"\#(id)"}]}]"#)
            #expect(try await changed("/Groups/\(group)") == clock.now.wholeSecond.text)
        }
    }

    @Test("brings nobody back whose active is taken away or left out")
    func leftOut() async throws {
        let directory = try await DirectoryServer()
        try await directory.test { client in
            let id = try await client.givenPerson("eve", #""active":false"#)
            let changes = [
                #"[{"op":"remove","path":"active"}]"#, #"[{"op":"replace","path":"active","value":null}]"#,
                #"[{"op":"add","path":"title","value":"Guide"}]"#,
            ]
            for change in changes {
                let answer = try await client.patch("/Users/\(id)", change)
                #expect(answer.status == 200 && answer["active"] == nil, "\(change)")
                #expect(try await client.find("active eq false").ids == [id], "\(change)")
            }
            let put = try await client.ask(.put, "/Users/\(id)", Directory.person("eve"))
            #expect(put["active"] == nil)
            #expect(try await client.find("active eq false").ids == [id])
        }
    }

    @Test("takes no filter where everything is told, and no password in an address")
    func refusedFilters() async throws {
        let directory = try await DirectoryServer()
        try await directory.test { client in
            let paths = [
                "/ServiceProviderConfig", "/Schemas", "/ResourceTypes", "/Schemas/\(SCIMSchema.user.urn)",
                "/ResourceTypes/User",
            ]
            for path in paths {
                #expect(try await client.get(path).status == 200)
                #expect(try await client.get("\(path)?filter=id%20pr").status == 403)
            }
            for filter in [#"password eq "hunter2""#, #"title pr or not (PASSWORD sw "h")"#] {
                let answer = try await client.find(filter)
                #expect(answer.status == 403 && answer.scimType == "sensitive")
                #expect(!answer.text.contains("hunter2"))
            }
            let body = #"{"schemas":["\#(SCIMMessage.search)"],"filter":"password pr"}"#
            let searched = try await client.ask(.post, "/Users/.search", body)
            #expect(searched.status == 200 && searched.resources.isEmpty)
        }
    }

    @Test("answers HEAD as it would GET, and says which methods a path has")
    func methods() async throws {
        let directory = try await DirectoryServer()
        try await directory.test { client in
            let id = try await client.givenPerson("ada")
            for path in ["/Users", "/Users/\(id)", "/Schemas"] {
                let head = try await client.ask(.head, path)
                #expect(head.status == 200 && head.text.isEmpty)
            }
            let cases: [(HTTPRequest.Method, String, String)] = [
                (.options, "/Users", "GET, HEAD, POST"), (.post, "/Users/\(id)", "DELETE, GET, HEAD, PATCH, PUT"),
                (.get, "/Bulk", "POST"), (.get, "/Users/.search", "POST"), (.delete, "/Groups", "GET, HEAD, POST"),
            ]
            for (method, path, allowed) in cases {
                let answer = try await client.ask(method, path, method == .post ? "{}" : nil)
                #expect(answer.status == 405 && answer.headers[.allow] == allowed, "\(method) \(path) \(answer)")
                #expect(answer["schemas"]?.items.first?.string == SCIMMessage.error)
            }
        }
    }

    @Test("gives away no name, external id or group name twice, and nobody's id")
    func taken() async throws {
        let directory = try await DirectoryServer()
        try await directory.test { client in
            let ada = try await client.givenPerson("ada", #""externalId":"E1""#)
            let bob = try await client.givenPerson("bob", #""externalId":"E2""#)
            _ = try await client.givenGroup("Guides")
            let group = #"{"schemas":["\#(SCIMSchema.group.urn)"],"displayName":"guides"}"#
            let refused = [
                try await client.ask(.post, "/Users", Directory.person("ADA")),
                try await client.ask(.post, "/Users", Directory.person("carol", #""externalId":"E1""#)),
                try await client.ask(.put, "/Users/\(bob)", Directory.person("ada")),
                try await client.patch("/Users/\(bob)", #"[{"op":"replace","path":"externalId","value":"E1"}]"#),
                try await client.ask(.post, "/Groups", group),
            ]
            for answer in refused { #expect(answer.status == 409 && answer.scimType == "uniqueness") }
            let other = try await client.ask(.post, "/Users", Directory.person("dave", #""id":"\#(ada)""#))
            #expect(other.status == 201 && other["id"]?.string != ada)
            #expect(try await client.ask(.delete, "/Users/\(ada)").status == 204)
            for method in [HTTPRequest.Method.get, .delete] {
                #expect(try await client.ask(method, "/Users/\(ada)").status == 404)
            }
            #expect(try await client.ask(.put, "/Users/\(ada)", Directory.person("ada")).status == 404)
            let again = try await client.ask(.post, "/Users", Directory.person("ada", #""externalId":"E1""#))
            #expect(again.status == 201 && again["id"]?.string != ada)
            let late = try await client.ask(.post, "/Users", Directory.person("zoe", #""externalId":"E2""#))
            #expect(late.status == 409)
        }
    }
}
