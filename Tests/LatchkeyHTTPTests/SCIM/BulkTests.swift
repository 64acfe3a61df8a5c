import HTTPTypes
import LatchkeyCore
import Testing

@testable import LatchkeyHTTP

@Suite("A bulk")
struct BulkTests {
    private static func body(_ operations: String, failOnErrors: Int? = nil) -> String {
        let limit = failOnErrors.map { #""failOnErrors":\#($0),"# } ?? ""
        return #"{"schemas":["\#(SCIMMessage.bulkRequest)"],\#(limit)"Operations":[\#(operations)]}"#
    }

    private static func post(_ name: String, bulkID: String) -> String {
        #"{"method":"POST","path":"/Users","bulkId":"\#(bulkID)","data":\#(Directory.person(name))}"#
    }

    private static func group(_ name: String, bulkID: String, member: String) -> String {
        #"""
        {"method":"POST","path":"/Groups","bulkId":"\#(bulkID)","data":{"schemas":["\#(SCIMSchema.group.urn)"],
        "displayName":"\#(name)","members":[{"type":"User","value":"bulkId:\#(member)"}]}}
        """#
    }

    private static func patch(_ path: String) -> String {
        #"""
        {"method":"patch","path":"\#(path)","data":{"schemas":["\#(SCIMMessage.patch)"],
        "Operations":[{"op":"add","path":"title","value":"Guide"}]}}
        """#
    }

    private static func statuses(_ answer: Answer) -> [String] {
        (answer["Operations"]?.items ?? []).compactMap { $0["status"]?.string }
    }

    @Test("makes, changes and deletes, and knows by bulkId what it made, also before its turn")
    func references() async throws {
        let directory = try await DirectoryServer()
        try await directory.test { client in
            let old = try await client.givenPerson("old")
            let operations = [
                Self.group("Guides", bulkID: "g", member: "a"), Self.post("alice", bulkID: "a"),
                Self.patch("/Users/bulkId:a"),
                #"{"method":"DELETE","path":"/Users/\#(old)"}"#,
            ]
            let answer = try await client.ask(.post, "/Bulk", Self.body(operations.joined(separator: ",")))
            #expect(answer.status == 200)
            #expect(Self.statuses(answer) == ["201", "201", "200", "204"])
            #expect(answer["Operations"]?.items.first?["bulkId"]?.string == "g")
            #expect(answer["Operations"]?.items.first?["location"]?.string?.contains("/Groups/") == true)
            let group = try await client.find(#"displayName eq "Guides""#, in: "/Groups")
            let alice = try await client.find(#"userName eq "alice""#)
            #expect(group.resources.first?["members"]?.items.first?["value"]?.string == alice.ids.first)
            #expect(alice.resources.first?["title"]?.string == "Guide")
            #expect(try await client.get("/Users/\(old)").status == 404)
        }
    }

    @Test("goes on after errors, and stops after as many as failOnErrors says")
    func errors() async throws {
        let directory = try await DirectoryServer()
        try await directory.test { client in
            let twice = [
                Self.post("a", bulkID: "1"), Self.post("a", bulkID: "2"), Self.post("a", bulkID: "3"),
                Self.post("b", bulkID: "4"),
            ].joined(separator: ",")
            let all = try await client.ask(.post, "/Bulk", Self.body(twice))
            #expect(Self.statuses(all) == ["201", "409", "409", "201"])
            let response = all["Operations"]?.items[1]["response"]
            #expect(response?["scimType"]?.string == "uniqueness")
            let some = [
                Self.post("a", bulkID: "1"), Self.post("c", bulkID: "2"), Self.post("a", bulkID: "3"),
                Self.post("d", bulkID: "4"),
            ].joined(separator: ",")
            let stopped = try await client.ask(.post, "/Bulk", Self.body(some, failOnErrors: 2))
            #expect(Self.statuses(stopped) == ["409", "201", "409"])
            #expect(try await client.find(#"userName eq "c""#).ids.count == 1)
            #expect(try await client.find(#"userName eq "d""#).ids.isEmpty)
        }
    }

    @Test("refuses references that go in circles or nowhere with 409, and the rest goes on")
    func circles() async throws {
        let directory = try await DirectoryServer()
        try await directory.test { client in
            let urn = SCIMSchema.enterpriseUser.urn
            func person(_ name: String, _ bulkID: String, manager: String) -> String {
                let more = #""\#(urn)":{"manager":{"value":"bulkId:\#(manager)"}}"#
                return
                    #"{"method":"POST","path":"/Users","bulkId":"\#(bulkID)","data":\#(Directory.person(name, more))}"#
            }
            let operations = [
                person("a", "a", manager: "b"), person("b", "b", manager: "a"), person("c", "c", manager: "nowhere"),
                Self.post("d", bulkID: "d"),
            ]
            let answer = try await client.ask(.post, "/Bulk", Self.body(operations.joined(separator: ",")))
            #expect(Self.statuses(answer) == ["409", "409", "409", "201"])
        }
    }

    @Test("tells of each operation that it cannot read what is wrong with it")
    func unreadable() async throws {
        let directory = try await DirectoryServer()
        try await directory.test { client in
            let operations = [
                #"{"method":"GET","path":"/Users/1"}"#, #"{"method":"POST","path":"/Users","data":{}}"#,
                #"{"method":"POST","path":"Users","bulkId":"1","data":{}}"#,
                #"{"method":"PUT","path":"/Users/1"}"#, #"{"method":"DELETE","path":"/Users"}"#,
                #"{"method":"POST","path":"/Shoes","bulkId":"2","data":{}}"#, #"{}"#,
                Self.patch("/Users/77777"),
            ]
            let answer = try await client.ask(.post, "/Bulk", Self.body(operations.joined(separator: ",")))
            #expect(answer.status == 200)
            #expect(Self.statuses(answer) == ["400", "400", "400", "400", "400", "404", "400", "404"])
        }
    }

    @Test("says where each was that failed, and keeps the faults in words for the administrator")
    func failures() async throws {
        let directory = try await DirectoryServer()
        try await directory.test { client in
            _ = try await client.givenPerson("ada")
            let long = String(repeating: "x", count: 5000)
            let operations = [
                Self.post("ada", bulkID: "1"), #"{"method":"DELETE","path":"/Users/77777"}"#,
                #"{"method":"\#(long)","path":"/\#(long)"}"#,
            ]
            let answer = try await client.ask(.post, "/Bulk", Self.body(operations.joined(separator: ",")))
            let results = answer["Operations"]?.items ?? []
            #expect(results.first?["location"] == nil)
            #expect(results[1]["location"]?.string == "https://latchkey.example.com/api/scim/v2/Users/77777")
            let faults = try await client.client.get("/api/directory-sync")["faults"]?.items ?? []
            let told = Set(faults.compactMap { $0["operation"]?.string })
            #expect(told.isSuperset(of: ["POST /Users", "DELETE /Users"]))
            #expect(told.allSatisfy { $0.count <= 40 })
            #expect(faults.contains { $0["subject"]?.string == "ada" })
        }
    }

    @Test("is refused as a whole where it is none, or too much")
    func whole() async throws {
        let directory = try await DirectoryServer()
        try await directory.test { client in
            let one = Self.post("a", bulkID: "1")
            let cases: [(String, Int)] = [
                (Self.body(""), 400), (Self.body(one, failOnErrors: 0), 400),
                (#"{"schemas":["\#(SCIMMessage.bulkRequest)"]}"#, 400), (#"{"Operations":[\#(one)]}"#, 400),
                (Self.body("\(one),\(one)"), 400),
                (Self.body(Array(repeating: "{}", count: 1001).joined(separator: ",")), 413),
            ]
            for (body, status) in cases {
                let answer = try await client.ask(.post, "/Bulk", body)
                #expect(answer.status == status, "\(body.prefix(100)): \(answer.text)")
            }
        }
    }
}
