import HTTPTypes
import LatchkeyCore
import Testing

@testable import LatchkeyHTTP

/// The requests that Okta documents ("Understanding SCIM", users and groups), and those of OneLogin and JumpCloud.
@Suite("Okta")
struct OktaTests {
    private static func user(_ name: String, active: Bool = true, title: String = "") -> String {
        #"""
        {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "\#(name)",
         "name": {"givenName": "Test", "familyName": "User"},
         "emails": [{"primary": true, "value": "\#(name)", "type": "work"}], "displayName": "Test User",
         "locale": "en-US", "externalId": "00ujl29u0le5T6Aj10h7", "groups": [], "password": "1mz050nq",
         "title": "\#(title)", "active": \#(active)}
        """#
    }

    @Test("tries the connection, creates, reads before it writes, replaces, deactivates and takes back a user")
    func user() async throws {
        let directory = try await DirectoryServer()
        try await directory.test { okta in
            let first = try await okta.get("/Users?startIndex=1&count=2")
            #expect(first.status == 200 && first["startIndex"]?.number == 1)
            let probe = try await okta.get(
                "/Users?filter=userName%20eq%20%22test.user%40okta.local%22&startIndex=1&count=100")
            #expect(probe["totalResults"]?.number == 0 && probe["itemsPerPage"]?.number == 0)
            let created = try await okta.ask(.post, "/Users", Self.user("test.user@okta.local"))
            #expect(created.status == 201)
            #expect(created["password"] == nil)
            let id = try #require(created["id"]?.string)
            let again = try await okta.ask(.post, "/Users", Self.user("Test.User@okta.local"))
            #expect(again.status == 409 && again.scimType == "uniqueness")

            #expect(try await okta.get("/Users/\(id)").status == 200)
            let replaced = try await okta.ask(.put, "/Users/\(id)", Self.user("another.user@okta.local", title: "VP"))
            #expect(replaced.status == 200)
            #expect(replaced["title"]?.string == "VP")
            #expect(replaced["userName"]?.string == "another.user@okta.local")

            let off = try await okta.patch("/Users/\(id)", #"[{"op": "replace", "value": {"active": false}}]"#)
            #expect(off.status == 200 && off["active"] == .flag(false))
            let on = try await okta.ask(.put, "/Users/\(id)", Self.user("another.user@okta.local"))
            #expect(on["active"] == .flag(true))
        }
    }

    @Test("pushes a group by PATCH, with its id along, and pages")
    func group() async throws {
        let directory = try await DirectoryServer()
        try await directory.test { okta in
            let people = [try await okta.givenPerson("a"), try await okta.givenPerson("b")]
            let id = try await okta.givenGroup("Test SCIMv2", members: people)
            #expect(try await okta.get("/Groups/\(id)").memberIDs == people)
            let renamed = try await okta.patch(
                "/Groups/\(id)", #"[{"op":"replace","value":{"id":"\#(id)","displayName":"Renamed"}}]"#)
            #expect(renamed.status == 204)
            let changed = try await okta.patch(
                "/Groups/\(id)",
                #"""
                [{"op":"remove","path":"members[value eq \"\#(people[0])\"]"},
                 {"op":"add","path":"members","value":[{"value":"\#(people[1])","display":"b"}]}]
                """#)
            #expect(changed.status == 204)
            let after = try await okta.get("/Groups/\(id)")
            #expect(after.memberIDs == [people[1]] && after["displayName"]?.string == "Renamed")
            let put = try await okta.ask(
                .put, "/Groups/\(id)",
                #"""
                {"schemas":["\#(SCIMSchema.group.urn)"],"id":"\#(id)","displayName":"Renamed",
                 "members":[{"value":"\#(people[0])","display":"a"}]}
                """#)
            #expect(put.status == 200 && put.memberIDs == [people[0]])
            let page = try await okta.get("/Groups?startIndex=1&count=100")
            #expect(page["totalResults"]?.number == 1 && page.ids == [id])
            let back = try await okta.get("/Users/\(people[0])")
            #expect(back["groups"]?.items.first?["display"]?.string == "Renamed")
        }
    }

    @Test("and JumpCloud and OneLogin send whole PUTs in plain JSON")
    func others() async throws {
        let directory = try await DirectoryServer()
        try await directory.test { client in
            let plain: HTTPFields = [.contentType: "application/json; charset=utf-8"]
            let created = try await client.ask(.post, "/Users", Self.user("test@jumpcloud.com"), headers: plain)
            #expect(created.status == 201)
            let id = try #require(created["id"]?.string)
            let off = try await client.ask(
                .put, "/Users/\(id)", Self.user("test@jumpcloud.com", active: false), headers: plain)
            #expect(off["active"] == .flag(false))
            let wrong = try await client.ask(.put, "/Users/\(id)", "x", headers: [.contentType: "text/plain"])
            #expect(wrong.status == 415)
            #expect(wrong["schemas"]?.items.first?.string == SCIMMessage.error)
        }
    }
}
