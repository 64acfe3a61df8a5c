import HTTPTypes
import LatchkeyCore
import Testing

@testable import LatchkeyHTTP

/// The requests that Microsoft documents for its provisioning service ("Develop and plan provisioning for a SCIM
/// endpoint in Microsoft Entra ID"), in their order and wording.
@Suite("Entra ID")
struct EntraTests {
    private static let newUser = #"""
        {
          "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User",
                      "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
          "externalId": "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef",
          "userName": "Test_User_ab6490ee-1e48-479e-a20b-2d77186b5dd1",
          "active": true,
          "emails": [{"primary": true, "type": "work", "value": "Test_User_fd0ea19b@testuser.com"}],
          "meta": {"resourceType": "User"},
          "name": {"formatted": "givenName familyName", "familyName": "familyName", "givenName": "givenName"},
          "roles": []
        }
        """#

    @Test("probes for nobody, creates, reads and finds a user")
    func newUser() async throws {
        let directory = try await DirectoryServer()
        try await directory.test { entra in
            let nobody = try await entra.find(#"userName eq "non-existent user""#)
            #expect(nobody.status == 200)
            #expect(nobody["totalResults"]?.number == 0)
            #expect(nobody.resources.isEmpty)

            let created = try await entra.ask(.post, "/Users", Self.newUser)
            #expect(created.status == 201)
            let id = try #require(created["id"]?.string)
            let location = "https://latchkey.example.com/api/scim/v2/Users/\(id)"
            #expect(created.headers[.location] == location)
            #expect(created["meta"]?["location"]?.string == location)
            #expect(created.headers[.contentType] == "application/scim+json")
            #expect(try await entra.get("/Users/\(id)").json == created.json)
            #expect(try await entra.get("/Users/5171a35d-82641").status == 404)
            let found = try await entra.find(#"externalId eq "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef""#)
            #expect(found.ids == [id])
            let byName = try await entra.find(#"userName eq "test_user_AB6490EE-1e48-479e-a20b-2d77186b5dd1""#)
            #expect(byName.ids == [id])
        }
    }

    @Test("changes, renames, disables, enables and deletes a user")
    func changedUser() async throws {
        let directory = try await DirectoryServer()
        try await directory.test { entra in
            let id = try #require(try await entra.ask(.post, "/Users", Self.newUser)["id"]?.string)
            let changed = try await entra.patch(
                "/Users/\(id)",
                #"""
                [{"op": "Replace", "path": "emails[type eq \"work\"].value", "value": "updatedEmail@microsoft.com"},
                 {"op": "Replace", "path": "name.familyName", "value": "updatedFamilyName"}]
                """#)
            #expect(changed.status == 200)
            #expect(changed["emails"]?.items.first?["value"]?.string == "updatedEmail@microsoft.com")
            #expect(changed["name"]?["familyName"]?.string == "updatedFamilyName")
            #expect(changed["name"]?["givenName"]?.string == "givenName")

            let renamed = try await entra.patch(
                "/Users/\(id)", #"[{"op": "Replace", "path": "userName", "value": "5b50642d@contoso.com"}]"#)
            #expect(renamed["userName"]?.string == "5b50642d@contoso.com")

            let disabled = try await entra.patch(
                "/Users/\(id)", #"[{"op": "Replace", "path": "active", "value": "False"}]"#)
            #expect(disabled["active"] == .flag(false))
            let enabled = try await entra.patch(
                "/Users/\(id)", #"[{"op": "Replace", "path": "active", "value": "True"}]"#)
            #expect(enabled["active"] == .flag(true))

            #expect(try await entra.ask(.delete, "/Users/\(id)").status == 204)
            #expect(try await entra.get("/Users/\(id)").status == 404)
            #expect(try await entra.find(#"userName eq "5b50642d@contoso.com""#).resources.isEmpty)
        }
    }

    @Test("probes for, creates, reads, renames and deletes a group")
    func group() async throws {
        let directory = try await DirectoryServer()
        try await directory.test { entra in
            let unknown = try await entra.find(#"displayName eq "displayName""#, in: "/Groups")
            #expect(unknown.status == 200 && unknown["totalResults"]?.number == 0)
            let foreign = try await entra.find(#"mailNickname eq "x""#, in: "/Groups")
            #expect(foreign.status == 200 && foreign.resources.isEmpty)

            let created = try await entra.ask(
                .post, "/Groups",
                #"""
                {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group",
                             "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
                 "externalId": "8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159", "displayName": "displayName",
                 "meta": {"resourceType": "Group"}}
                """#)
            #expect(created.status == 201)
            let id = try #require(created["id"]?.string)
            let bare = try await entra.get("/Groups/\(id)?excludedAttributes=members")
            #expect(bare.status == 200 && bare["members"] == nil)
            let found = try await entra.get(
                "/Groups?excludedAttributes=members&filter=displayName%20eq%20%22displayName%22&aadOptscim062020")
            #expect(found.ids == [id])

            let renamed = try await entra.patch(
                "/Groups/\(id)", #"[{"op": "Replace", "path": "displayName", "value": "1879db59"}]"#)
            #expect(renamed.status == 204)
            #expect(try await entra.get("/Groups/\(id)")["displayName"]?.string == "1879db59")
            #expect(try await entra.ask(.delete, "/Groups/\(id)").status == 204)
            #expect(try await entra.get("/Groups/\(id)").status == 404)
        }
    }

    @Test("fills and empties a group, each member named or picked in brackets")
    func members() async throws {
        let directory = try await DirectoryServer()
        try await directory.test { entra in
            let id = try await entra.givenGroup("displayName")
            let (ada, bob) = (try await entra.givenPerson("ada"), try await entra.givenPerson("bob"))
            let added = try await entra.patch(
                "/Groups/\(id)",
                #"""
                [{"op": "Add", "path": "members",
                  "value": [{"$ref": null, "value": "\#(ada)"}, {"value": "\#(bob)"}]}]
                """#
            )
            #expect(added.status == 204)
            #expect(try await entra.get("/Groups/\(id)").memberIDs == [ada, bob])
            let asked = try await entra.find(#"id eq "\#(id)" and members eq "\#(ada)""#, in: "/Groups")
            #expect(asked.ids == [id])

            let removed = try await entra.patch(
                "/Groups/\(id)",
                #"[{"op": "Remove", "path": "members", "value": [{"$ref": null, "value": "\#(ada)"}]}]"#)
            #expect(removed.status == 204)
            let after = try await entra.get("/Groups/\(id)")
            #expect(after.memberIDs == [bob])
            _ = try await entra.patch("/Groups/\(id)", #"[{"op":"Remove","path":"members[value eq \"\#(bob)\"]"}]"#)
            #expect(try await entra.get("/Groups/\(id)")["members"] == nil)
        }
    }

    @Test("means a value to be made where it adds to a path that nothing fits, and sends dotted names")
    func makes() async throws {
        let directory = try await DirectoryServer()
        try await directory.test { entra in
            let id = try await entra.givenPerson("ada")
            let changed = try await entra.patch(
                "/Users/\(id)",
                #"""
                [{"op": "Add", "path": "emails[type eq \"work\"].value", "value": "ada@contoso.com"},
                 {"op": "Add", "value": {"name.givenName": "Ada", "phoneNumbers[type eq \"mobile\"].value": "5",
                  "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber": "701984",
                  "urn:ietf:params:scim:schemas:extension:CustomExtensionName:2.0:User:tag": "ignored"}}]
                """#)
            #expect(changed.status == 200)
            #expect(changed["emails"]?.items.first?["type"]?.string == "work")
            #expect(changed["emails"]?.items.first?["value"]?.string == "ada@contoso.com")
            #expect(changed["phoneNumbers"]?.items.first?["type"]?.string == "mobile")
            #expect(changed["name"]?["givenName"]?.string == "Ada")
            #expect(changed[SCIMSchema.enterpriseUser.urn]?["employeeNumber"]?.string == "701984")
            let manager = try await entra.patch(
                "/Users/\(id)",
                #"""
                [{"op": "Add", "value": "\#(id)",
                  "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager"}]
                """#)
            #expect(manager[SCIMSchema.enterpriseUser.urn]?["manager"]?["value"]?.string == id)
        }
    }
}
