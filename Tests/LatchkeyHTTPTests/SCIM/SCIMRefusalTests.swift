import HTTPTypes
import LatchkeyApp
import LatchkeyCore
import Testing

@testable import LatchkeyHTTP

@Suite("A malformed SCIM request")
struct SCIMRefusalTests {
    @Test("gets its error of RFC 7644 and changes nothing")
    func bodies() async throws {
        let directory = try await DirectoryServer()
        let urn = SCIMSchema.user.urn
        let cases: [(String, String)] = [
            ("", "invalidSyntax"), ("{", "invalidSyntax"), ("[]", "invalidSyntax"), ("null", "invalidSyntax"),
            (#"{"userName":"x"}"#, "invalidSyntax"), (#"{"schemas":"\#(urn)","userName":"x"}"#, "invalidSyntax"),
            (#"{"schemas":[5],"userName":"x"}"#, "invalidSyntax"),
            (#"{"schemas":["urn:other"],"userName":"x"}"#, "invalidValue"),
            (#"{"schemas":["\#(urn)"]}"#, "invalidValue"),
            (#"{"schemas":["\#(urn)"],"userName":null}"#, "invalidValue"),
            (#"{"schemas":["\#(urn)"],"userName":5}"#, "invalidValue"),
            (#"{"schemas":["\#(urn)"],"userName":"  "}"#, "invalidValue"),
            (#"{"schemas":["\#(urn)"],"userName":"x","USERNAME":"y"}"#, "invalidSyntax"),
            (#"{"schemas":["\#(urn)"],"userName":"x","active":"maybe"}"#, "invalidValue"),
            (#"{"schemas":["\#(urn)"],"userName":"x","name":"Ada"}"#, "invalidValue"),
            (#"{"schemas":["\#(urn)"],"userName":"x","emails":[{"value":5}]}"#, "invalidValue"),
            (
                Directory.person("x", #""emails":[{"value":"a","primary":true},{"value":"b","primary":true}]"#),
                "invalidValue"
            ),
            (#"{"schemas":["\#(urn)"],"userName":"etl@service"}"#, "invalidValue"),
            (#"{"schemas":["\#(urn)"],"userName":"x","externalId":""}"#, "invalidValue"),
            (#"{"schemas":["\#(urn)"],"userName":"x","\#(SCIMSchema.enterpriseUser.urn)":5}"#, "invalidValue"),
        ]
        try await directory.test { client in
            for (body, word) in cases {
                let answer = try await client.ask(.post, "/Users", body)
                #expect(answer.status == 400, "\(body)")
                #expect(answer.scimType == word, "\(body): \(answer.text)")
                #expect(answer["status"]?.string == "400")
            }
            let list = try await client.get("/Users")
            #expect(list["totalResults"]?.number == 1)
        }
    }

    @Test("of a list is refused, and wild numbers are brought into range")
    func lists() async throws {
        let directory = try await DirectoryServer()
        try await directory.test { client in
            for query in ["count=x", "startIndex=1.5", "sortOrder=up", "attributes=a&excludedAttributes=b"] {
                let answer = try await client.get("/Users?\(query)")
                #expect(answer.status == 400 && answer.scimType == "invalidValue", "\(query)")
            }
            #expect(try await client.get("/Users?filter=x").scimType == "invalidFilter")
            #expect(try await client.get("/Users?sortBy=a%20b").scimType == "invalidPath")
            for query in ["count=-5", "count=0"] {
                let answer = try await client.get("/Users?\(query)")
                #expect(answer.status == 200 && answer.resources.isEmpty && answer["totalResults"]?.number == 1)
            }
            let low = try await client.get("/Users?startIndex=-3&count=99999")
            #expect(low["startIndex"]?.number == 1 && low.resources.count == 1)
            let high = try await client.get("/Users?startIndex=\(Int.max)")
            #expect(high.status == 200 && high.resources.isEmpty)
        }
    }

    @Test("to a path or with a method that is not there is refused in SCIM's words")
    func paths() async throws {
        let directory = try await DirectoryServer()
        try await directory.test { client in
            for path in ["/nowhere", "/Users/1/2", "/Users/0", "/Users/01", "/Users/x", "/Users/99999999999999999999"] {
                let answer = try await client.get(path)
                #expect(answer.status == 404 && answer["schemas"]?.items.first?.string == SCIMMessage.error, "\(path)")
            }
            for path in ["/ServiceProviderConfig", "/Schemas", "/ResourceTypes"] {
                for method in [HTTPRequest.Method.post, .put, .patch, .delete] {
                    #expect(try await client.ask(method, path, "{}").status == 405)
                }
            }
            #expect(try await client.get("/Me").status == 501)
            #expect(try await client.ask(.post, "/Me", "{}").status == 501)
        }
    }

    @Test("that is too much is refused before it is understood")
    func bounds() async throws {
        let directory = try await DirectoryServer()
        try await directory.test { client in
            let long = String(repeating: "a", count: RequestBody.longest)
            #expect(try await client.ask(.post, "/Users", Directory.person(long)).status == 413)
            let deep = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
            let nested = try await client.ask(.post, "/Users", Directory.person("x", #""emails":\#(deep)"#))
            #expect(nested.status == 400)
            let heavy = String(repeating: "a", count: 70_000)
            let large = try await client.ask(.post, "/Users", Directory.person("x", #""title":"\#(heavy)""#))
            #expect(large.status == 400 && large.scimType == "invalidValue")
        }
    }

    @Test("is kept for the administrator in words, alike ones once")
    func faults() async throws {
        let directory = try await DirectoryServer()
        try await directory.test { client in
            _ = try await client.givenPerson("ada")
            for _ in 0..<3 { _ = try await client.ask(.post, "/Users", Directory.person("ada")) }
            let overview = try await client.client.get("/api/directory-sync")
            let faults = overview["faults"]?.items ?? []
            #expect(faults.count == 1)
            #expect(faults.first?["count"]?.number == 3)
            #expect(faults.first?["subject"]?.string == "ada")
            #expect(faults.first?["operation"]?.string == "POST /Users")
            #expect(overview["runs"]?.items.first?["counts"]?["people_created"]?.number == 1)
            #expect(overview["url"]?.string == "https://latchkey.example.com/api/scim/v2")
            #expect(overview["tokens"]?.items.count == 1)
            #expect(overview["tokens"]?.items.first?["last_used"]?.string != nil)
        }
    }

    @Test("with any token but a SCIM token or an Admin's gets no further, whoever's it is")
    func callers() async throws {
        let directory = try await DirectoryServer()
        let server = directory.server
        var weak: [String] = []
        for role in [Role.member, .editor, .manager] {
            weak.append(try await server.givenToken(acting: role))
            let name = "\(role.rawValue)@example.com"
            let person = try await server.givenPerson(name, role: role)
            let started = try await server.app.startSession(for: person, by: .password, from: Origin())
            let visit = try await server.app.signedIn(started.secret.reveal()[...], from: Origin())
            let own = NewToken(name: "own", lifetime: .days(1))
            weak.append(try await server.app.issueToken(own, as: visit.caller).secret.reveal())
        }
        let tokens = weak
        try await directory.test { client in
            let none = try await client.client.ask(.get, "/api/scim/v2/Users", as: nil)
            #expect(none.status == 401 && none["status"]?.string == "401")
            #expect(none.headers[.wwwAuthenticate] != nil)
            for token in tokens {
                for path in ["/Users", "/Groups", "/Schemas", "/ServiceProviderConfig", "/Me"] {
                    let refused = try await client.client.ask(.get, "/api/scim/v2\(path)", as: token)
                    #expect(refused.status == 403 && refused["status"]?.string == "403", "\(path)")
                }
            }
            let admin = try await client.client.ask(.get, "/api/scim/v2/Users", as: client.client.admin)
            #expect(admin.status == 200)
            let elsewhere = try await client.client.ask(.get, "/api/users/me", as: client.token)
            #expect(elsewhere.status == 403)
        }
    }
}
