import LatchkeyCore
import Testing

@testable import LatchkeyHTTP

@Suite("A PATCH")
struct PatchReadingTests {
    private static func tree(_ operations: String) throws -> JSONTree {
        let text = #"{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":\#(operations)}"#
        return try JSONTree(reading: Array(text.utf8))
    }

    private func person(_ operations: String) throws -> [AttributeEdit] {
        try PatchReading(Self.tree(operations), of: .user).personEdits()
    }

    private func group(_ operations: String) throws -> [GroupEdit] {
        try PatchReading(Self.tree(operations), of: .group).groupEdits()
    }

    private func fault(_ operations: String, _ type: ResourceType = .user) throws -> SCIMFault? {
        do {
            let reading = try PatchReading(Self.tree(operations), of: type)
            if type.name == "Group" { _ = try reading.groupEdits() }
            return nil
        } catch let fault as SCIMFault {
            return fault
        }
    }

    @Test("in Entra's dialect means the same")
    func entra() throws {
        let active = AttributeTarget(AttributePath("active"))
        #expect(try person(#"[{"op":"Replace","path":"active","value":"False"}]"#) == [.replace(active, .flag(false))])
        #expect(try person(#"[{"OP":"replace","PATH":"Active","Value":false}]"#) == [.replace(active, .flag(false))])
        let dotted = try person(
            #"""
            [{"op":"Add","value":{"name.givenName":"Ada","displayName":"Ada",
              "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department":"X",
              "emails[type eq \"work\"].value":"a@x"}}]
            """#)
        let urn = SCIMSchema.enterpriseUser.urn
        #expect(
            dotted == [
                .add(AttributeTarget(AttributePath("name", "givenName")), .text("Ada")),
                .add(AttributeTarget(AttributePath("displayName")), .text("Ada")),
                .add(AttributeTarget(AttributePath(schema: urn, "department")), .text("X")),
                .add(
                    AttributeTarget(
                        AttributePath("emails", "value"),
                        filter: .compare(AttributePath("type"), .equal, .text("work", isExact: false)),
                        isMultiValued: true), .text("a@x")),
            ])
        let manager = try person(
            #"[{"op":"Add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager","value":"7"}]"#)
        #expect(
            manager == [.add(AttributeTarget(AttributePath(schema: urn, "manager")), .object(["value": .text("7")]))])
    }

    @Test("of members costs what it names")
    func members() throws {
        #expect(
            try group(#"[{"op":"Add","path":"members","value":[{"$ref":null,"value":"7"},{"value":"8"}]}]"#)
                == [.addMembers([ID(7), ID(8)])])
        #expect(
            try group(#"[{"op":"Remove","path":"members","value":[{"$ref":null,"value":"7"}]}]"#)
                == [.removeMembers([ID(7)])])
        #expect(try group(#"[{"op":"remove","path":"members[value eq \"7\"]"}]"#) == [.removeMembers([ID(7)])])
        #expect(
            try group(#"[{"op":"remove","path":"members[value eq \"7\" or value eq \"8\"]"}]"#)
                == [.removeMembers([ID(7), ID(8)])])
        #expect(try group(#"[{"op":"remove","path":"members"}]"#) == [.replaceMembers([])])
        #expect(try group(#"[{"op":"remove","path":"members","value":[]}]"#) == [])
        #expect(
            try group(#"[{"op":"replace","path":"members","value":[{"value":"7"}]}]"#) == [.replaceMembers([ID(7)])])
        #expect(try group(#"[{"op":"replace","path":"members","value":[]}]"#) == [.replaceMembers([])])
        #expect(try group(#"[{"op":"add","value":{"members":[{"value":"nobody"}]}}]"#) == [.addMembers([ID(0)])])
    }

    @Test(
        "that removes what cannot be read removes nothing",
        arguments: [#"[{}]"#, #"[{"display":"u1"}]"#, #"[""]"#, #""""#, "[null]", "{}"])
    func unreadable(value: String) throws {
        let members = #"[{"op":"remove","path":"members","value":\#(value)}]"#
        #expect(try fault(members, .group)?.type == .invalidValue)
        let unknown = value.replacing("display", with: "shoeSize")
        let emails = #"[{"op":"remove","path":"emails","value":\#(unknown)}]"#
        #expect(try fault(emails)?.type == .invalidValue)
    }

    @Test("that removes by a path needs no value", arguments: ["", #","value":null"#, #","value":{}"#])
    func removesByPath(value: String) throws {
        let work = #"[{"op":"remove","path":"emails[type eq \"work\"]"\#(value)}]"#
        #expect(try fault(work) == nil)
        let name = #"[{"op":"remove","path":"name"\#(value)}]"#
        #expect(try person(name) == [.remove(AttributeTarget(AttributePath("name")), values: [])])
    }

    /// Compared one by one with all before them, these take minutes.
    @Test("of very many members reads each once", .timeLimit(.minutes(1)))
    func manyMembers() throws {
        let numbers = Array(1...20_000)
        let members = (numbers + [7]).map { JSONTree.object(["value": .text("\($0)")]) }
        let addition = JSONTree.object(["op": "add", "path": "members", "value": .list(members)])
        let patch = JSONTree.object(["schemas": [.text(SCIMMessage.patch)], "Operations": [addition]])
        let edits = try PatchReading(patch, of: .group).groupEdits()
        #expect(edits == [.addMembers(numbers.map { ID(Int64($0)) })])
    }

    @Test("by which Okta renames a group carries the id along, which changes nothing")
    func okta() throws {
        #expect(
            try group(#"[{"op":"replace","value":{"id":"12","displayName":"New"}}]"#) == [.rename("New")])
    }

    @Test("takes null and nothing for the end of an attribute, and throws a password away")
    func ends() throws {
        let title = AttributeTarget(AttributePath("title"))
        #expect(try person(#"[{"op":"replace","path":"title","value":null}]"#) == [.remove(title, values: [])])
        #expect(try person(#"[{"op":"add","path":"title","value":null}]"#) == [])
        #expect(try person(#"[{"op":"replace","path":"password","value":"hunter2"}]"#) == [])
        #expect(try person(#"[{"op":"replace","value":{"password":"hunter2","id":"1","shoeSize":43}}]"#) == [])
    }

    @Test("that cannot be is refused with the scimType that says why")
    func faults() throws {
        let cases: [(String, SCIMFault.Word)] = [
            (#"[]"#, .invalidSyntax), (#"{}"#, .invalidSyntax), (#"[{"path":"title"}]"#, .invalidSyntax),
            (#"[{"op":"move","path":"title","value":"x"}]"#, .invalidSyntax),
            (#"["add"]"#, .invalidSyntax), (#"[{"op":"remove"}]"#, .noTarget),
            (#"[{"op":"add","path":"shoeSize","value":1}]"#, .invalidPath),
            (#"[{"op":"add","path":"name.shoe","value":"x"}]"#, .invalidPath),
            (#"[{"op":"add","path":7,"value":"x"}]"#, .invalidPath),
            (#"[{"op":"add","path":"emails[type eq \"work\"].x","value":"x"}]"#, .invalidPath),
            (#"[{"op":"add","path":"title[value eq \"x\"]","value":"x"}]"#, .invalidPath),
            (#"[{"op":"add","path":"emails[type eq]","value":"x"}]"#, .invalidFilter),
            (#"[{"op":"add","path":"title"}]"#, .invalidValue),
            (#"[{"op":"add","path":"title","value":5}]"#, .invalidValue),
            (#"[{"op":"replace","path":"active","value":"perhaps"}]"#, .invalidValue),
            (#"[{"op":"add","path":"emails","value":[5]}]"#, .invalidValue),
            (#"[{"op":"add","value":"x"}]"#, .invalidValue),
            (
                #"[{"op":"replace","path":"emails[type eq \"work\"]","value":[{"value":"a"},{"value":"b"}]}]"#,
                .invalidValue
            ),
            (#"[{"op":"add","path":"x509Certificates","value":[{"value":"*"}]}]"#, .invalidValue),
            (#"[{"op":"replace","path":"id","value":"5"}]"#, .mutability),
            (#"[{"op":"add","path":"groups","value":[{"value":"5"}]}]"#, .mutability),
            (#"[{"op":"replace","path":"meta.created","value":"2027-01-01T00:00:00Z"}]"#, .mutability),
            (#"[{"op":"remove","path":"userName"}]"#, .mutability),
            (#"[{"op":"replace","path":"userName","value":null}]"#, .mutability),
        ]
        for (operations, word) in cases {
            #expect(try fault(operations)?.type == word, "\(operations)")
        }
        let ofGroups: [(String, SCIMFault.Word)] = [
            (#"[{"op":"remove","path":"displayName"}]"#, .mutability),
            (#"[{"op":"replace","path":"members[value eq \"7\"].value","value":"8"}]"#, .mutability),
            (#"[{"op":"add","path":"members","value":[{"value":"7","type":"Group"}]}]"#, .invalidValue),
            (#"[{"op":"add","path":"members","value":[{"type":"User"}]}]"#, .invalidValue),
        ]
        for (operations, word) in ofGroups {
            #expect(try fault(operations, .group)?.type == word, "\(operations)")
        }
    }

    @Test("has at most a thousand operations")
    func bound() throws {
        let one = #"{"op":"replace","path":"title","value":"x"}"#
        let most = "[" + Array(repeating: one, count: PatchReading.mostOperations).joined(separator: ",") + "]"
        #expect(try fault(most) == nil)
        let tree = JSONTree.object([
            "schemas": [.text(SCIMMessage.patch)],
            "Operations": .list(
                Array(
                    repeating: .object(["op": "replace", "path": "title", "value": "x"]),
                    count: PatchReading.mostOperations + 1)),
        ])
        #expect(throws: SCIMFault.self) { try PatchReading(tree, of: .user) }
    }
}
