import HTTPTypes
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyHTTP

@Suite("A SCIM resource")
struct SCIMResourceTests {
    private static let everything = #"""
        "externalId":"701984","name":{"formatted":"Ms. Barbara J Jensen, III","familyName":"Jensen",
        "givenName":"Barbara","middleName":"Jane","honorificPrefix":"Ms.","honorificSuffix":"III"},
        "displayName":"Babs Jensen","nickName":"Babs","profileUrl":"https://login.example.com/bjensen",
        "emails":[{"value":"bjensen@example.com","type":"work","primary":true},
        {"value":"babs@jensen.org","type":"home"}],
        "addresses":[{"type":"work","streetAddress":"100 Universal City Plaza","locality":"Hollywood","region":"CA",
        "postalCode":"91608","country":"USA","formatted":"100 Universal City Plaza\nHollywood, CA","primary":true}],
        "phoneNumbers":[{"value":"555-555-5555","type":"work"}],"ims":[{"value":"someaimhandle","type":"aim"}],
        "photos":[{"value":"https://photos.example.com/F","type":"photo"}],"userType":"Employee",
        "title":"Tour Guide","preferredLanguage":"en-US","locale":"en-US","timezone":"America/Los_Angeles",
        "active":true,"password":"t1meMa$heen","entitlements":[{"value":"e"}],"roles":[{"value":"anything"}],
        "x509Certificates":[{"value":"MIIDQzCCAqygAwIBAgICEAAwDQYJKoZIhvcNAQEFBQAwTjELMAkGA1UE"}],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"employeeNumber":"701984",
        "costCenter":"4130","organization":"Universal Studios","division":"Theme Park","department":"Tour Operations",
        "manager":{"value":"26118915","$ref":"../Users/26118915"}}
        """#

    @Test("gives back all of RFC 7643 that was sent, but for the password")
    func everything() async throws {
        let directory = try await DirectoryServer()
        try await directory.test { client in
            let created = try await client.ask(
                .post, "/Users", Directory.person("bjensen@example.com", Self.everything))
            #expect(created.status == 201)
            let sent = try JSONTree(reading: Array("{\(Self.everything)}".utf8))
            guard case .object(let members) = sent else {
                Issue.record("what was sent is no object")
                return
            }
            for member in members where member.name != "password" {
                #expect(created[member.name].map(Self.sorted) == Self.sorted(member.value), "\(member.name)")
            }
            #expect(created["password"] == nil)
            #expect(!created.text.contains("t1meMa$heen"))
            #expect(created["schemas"]?.items.count == 2)
        }
    }

    /// Members in the order of their names: a schema's order is not a sender's.
    private static func sorted(_ tree: JSONTree) -> JSONTree {
        switch tree {
        case .object(let members):
            .object(
                members.sorted { $0.name < $1.name }.map { JSONTree.Member(name: $0.name, value: sorted($0.value)) })
        case .list(let items): .list(items.map(sorted))
        default: tree
        }
    }

    @Test("that is put back as it was read stays as it is")
    func fixedPoint() async throws {
        let directory = try await DirectoryServer()
        try await directory.test { client in
            let id = try await client.givenPerson("bjensen@example.com", Self.everything)
            let group = try await client.givenGroup("Guides", members: [id])
            for path in ["/Users/\(id)", "/Groups/\(group)"] {
                let read = try await client.get(path)
                let put = try await client.ask(.put, path, read.text)
                #expect(put.status == 200)
                #expect(put.text == read.text)
                #expect(try await client.get(path).text == read.text)
            }
        }
    }

    @Test("to which a PATCH adds, and from which it removes the same, is as it was")
    func restored() async throws {
        let directory = try await DirectoryServer()
        try await directory.test { client in
            let id = try await client.givenPerson("ada", Self.everything)
            let before = try await client.get("/Users/\(id)").json
            let values: [(String, String)] = [
                ("emails", #"[{"value":"new@example.com","type":"other"}]"#),
                ("phoneNumbers", #"[{"value":"1","type":"fax"},{"value":"2","type":"pager"}]"#),
                ("entitlements", #"[{"value":"new"}]"#), ("photos", #"[{"value":"https://x/y"}]"#),
            ]
            for (path, value) in values {
                _ = try await client.patch("/Users/\(id)", #"[{"op":"add","path":"\#(path)","value":\#(value)}]"#)
                let added = try await client.get("/Users/\(id)")
                #expect(added[path] != before[path])
                _ = try await client.patch("/Users/\(id)", #"[{"op":"remove","path":"\#(path)","value":\#(value)}]"#)
                #expect(try await client.get("/Users/\(id)")[path] == before[path], "\(path)")
            }
        }
    }

    @Test("shows the attributes that were asked for, its id always, and parts of them")
    func projection() async throws {
        let directory = try await DirectoryServer()
        try await directory.test { client in
            let id = try await client.givenPerson("ada", Self.everything)
            func names(_ query: String) async throws -> [String] {
                guard case .object(let members) = try await client.get("/Users/\(id)?\(query)").json else { return [] }
                return members.map(\.name)
            }
            #expect(try await names("attributes=userName,Name.familyName") == ["schemas", "id", "userName", "name"])
            let part = try await client.get("/Users/\(id)?attributes=name.familyName,emails.value")
            #expect(part["name"] == .object(["familyName": "Jensen"]))
            #expect(part["emails"]?.items.first == .object(["value": "bjensen@example.com"]))
            let without = try await names("excludedAttributes=emails,meta,id,name")
            #expect(without.contains("id") && !without.contains("emails") && !without.contains("meta"))
            let manager = try await client.get(
                "/Users/\(id)?attributes=urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value")
            #expect(
                manager[SCIMSchema.enterpriseUser.urn] == .object(["manager": .object(["value": "26118915"])]))
            #expect(try await names("attributes=shoeSize") == ["schemas", "id"])
        }
    }

    @Test("has a version, which conditions hold against")
    func versions() async throws {
        let directory = try await DirectoryServer()
        try await directory.test { client in
            let id = try await client.givenPerson("ada")
            let group = try await client.givenGroup("Guides")
            for path in ["/Users/\(id)", "/Groups/\(group)"] {
                let read = try await client.get(path)
                let tag = try #require(read.headers[.eTag])
                #expect(read["meta"]?["version"]?.string == tag)
                let known = try await client.ask(.get, path, headers: [.ifNoneMatch: tag])
                #expect(known.status == 304 && known.text.isEmpty)
                let stale = try await client.ask(
                    .put, path, read.text,
                    headers: [.ifMatch: "W/\"99\"", .contentType: "application/scim+json"])
                #expect(stale.status == 412)
                #expect(try await client.ask(.delete, path, headers: [.ifMatch: "\"99\""]).status == 412)
                let fresh = try await client.ask(
                    .put, path, read.text, headers: [.ifMatch: tag, .contentType: "application/scim+json"])
                #expect(fresh.status == 200)
            }
            let before = try await client.get("/Users/\(id)").headers[.eTag]
            let old = try await client.get("/Groups/\(group)").headers[.eTag]
            _ = try await client.patch(
                "/Groups/\(group)", #"[{"op":"add","path":"members","value":[{"value":"\#(id)"}]}]"#)
            #expect(try await client.get("/Users/\(id)").headers[.eTag] != before)
            #expect(try await client.get("/Groups/\(group)").headers[.eTag] != old)
        }
    }

    @Test("is found by .search at its endpoint and at the root, sorted and in pages")
    func search() async throws {
        let directory = try await DirectoryServer()
        try await directory.test { client in
            for name in ["carol", "Bob", "alice"] { _ = try await client.givenPerson(name) }
            _ = try await client.givenGroup("Guides")
            func search(_ path: String, _ more: String) async throws -> Answer {
                try await client.ask(.post, path, #"{"schemas":["\#(SCIMMessage.search)"],\#(more)}"#)
            }
            let sorted = try await search(
                "/Users/.search", #""sortBy":"userName","attributes":["userName"],"count":3"#)
            let names = sorted.resources.compactMap { $0["userName"]?.string }
            #expect(names == ["ada@example.com", "alice", "Bob"])
            let back = try await search("/Users/.search", #""sortBy":"userName","sortOrder":"descending","count":1"#)
            #expect(back.resources.first?["userName"]?.string == "carol")
            let all = try await search("/.search", #""startIndex":4,"count":10"#)
            #expect(all["totalResults"]?.number == 5)
            #expect(all.resources.compactMap { $0["meta"]?["resourceType"]?.string } == ["User", "Group"])
            let one = try await search("/.search", #""filter":"meta.resourceType eq \"Group\"""#)
            #expect(one["totalResults"]?.number == 1)
            let root = try await client.get("?count=2")
            #expect(root.resources.count == 2 && root["totalResults"]?.number == 5)
            let wrong = try await client.ask(.post, "/Users/.search", #"{"filter":"title pr"}"#)
            #expect(wrong.scimType == "invalidSyntax")
        }
    }

    @Test("of one's own is /Me for a person, and nobody's for a service user")
    func me() async throws {
        let directory = try await DirectoryServer()
        try await directory.test { client in
            let mine = try await client.client.ask(.get, "/api/scim/v2/Me", as: client.client.admin)
            #expect(mine.status == 200 && mine["userName"]?.string == "ada@example.com")
            let none = try await client.get("/Me")
            #expect(none.status == 501 && none["status"]?.string == "501")
        }
    }
}
