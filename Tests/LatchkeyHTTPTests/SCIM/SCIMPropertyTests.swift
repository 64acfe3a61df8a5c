import HTTPTypes
import LatchkeyCore
import LatchkeyTestSupport
import Testing

@testable import LatchkeyHTTP

/// Laws that hold for any resource, tried on resources drawn at random from the schemas themselves.
@Suite("Whatever a directory sends")
struct SCIMPropertyTests {
    @Test("is the same when it is put back as it was read", arguments: EngineUnderTest.available, [1, 2, 3])
    func fixedPoint(engine: EngineUnderTest, seed: UInt64) async throws {
        let directory = try await DirectoryServer(on: engine)
        try await directory.test { client in
            let draw = DrawnPerson(bytes: CountingBytes(seed: seed))
            for number in 0..<12 {
                let created = try await client.ask(.post, "/Users", draw.person("person\(number)"))
                let id = try #require(created["id"]?.string, "\(created.text)")
                let path = "/Users/\(id)"
                let read = try await client.get(path)
                let put = try await client.ask(.put, path, read.text)
                #expect(put.status == 200 && put.text == read.text)
                #expect(try await client.get(path).text == read.text)
            }
        }
    }

    @Test("is as it was when what a PATCH added is removed again", arguments: EngineUnderTest.available, [4, 5, 6])
    func restored(engine: EngineUnderTest, seed: UInt64) async throws {
        let directory = try await DirectoryServer(on: engine)
        try await directory.test { client in
            let draw = DrawnPerson(bytes: CountingBytes(seed: seed))
            var tried = 0
            for number in 0..<4 {
                let created = try await client.ask(.post, "/Users", draw.person("person\(number)"))
                let id = try #require(created["id"]?.string, "\(created.text)")
                let path = "/Users/\(id)"
                for attribute in DrawnPerson.attributes where draw.below(2) == 0 {
                    let before = try await client.get(path).json.withoutMeta
                    guard attribute.isMultiValued || before[attribute.name] == nil else { continue }
                    let value = try draw.addition(to: attribute).json
                    let add = #"[{"op":"add","path":"\#(attribute.name)","value":\#(value)}]"#
                    let there = try await client.patch(path, add)
                    #expect(there.status == 200 && there.json.withoutMeta != before, "\(add): \(there.text)")
                    let named = attribute.isMultiValued ? #","value":\#(value)"# : ""
                    _ = try await client.patch(path, #"[{"op":"remove","path":"\#(attribute.name)"\#(named)}]"#)
                    #expect(try await client.get(path).json.withoutMeta == before, "\(add)")
                    tried += 1
                }
            }
            #expect(tried > 10)
        }
    }
}

/// People as the schema allows them.
struct DrawnPerson: Sendable {
    /// Those that a directory can write and read back, but for the name.
    static let attributes = SCIMSchema.user.attributes.filter {
        $0.mutability == .readWrite && !["userName", "active"].contains($0.name)
    }
    private static let texts = [
        "Ada", "Zoé", "名前", "a\"b", "back\\slash", "👩‍🚀", "two words", "0", "x/y", "İstanbul", "e\u{301}", "bulkId",
        "null",
    ]

    let bytes: CountingBytes

    func below(_ count: Int) -> Int { Int(bytes.bytes(1)[0]) % count }

    func person(_ userName: String) throws -> String {
        var members = [
            JSONTree.Member(name: "schemas", value: [.text(SCIMSchema.user.urn)]),
            JSONTree.Member(name: "userName", value: .text(userName)),
        ]
        if below(2) == 0 { members.append(JSONTree.Member(name: "externalId", value: .text("x\(userName)"))) }
        if below(3) > 0 { members.append(JSONTree.Member(name: "active", value: .flag(below(2) == 0))) }
        members += drawn(Self.attributes)
        let extent = drawn(SCIMSchema.enterpriseUser.attributes)
        members.append(JSONTree.Member(name: SCIMSchema.enterpriseUser.urn, value: .object(extent)))
        return try JSONTree.object(members).json
    }

    /// One value that is not there yet, and is not the primary one.
    func addition(to attribute: SCIMAttribute) -> JSONTree {
        guard attribute.isMultiValued else { return value(attribute) }
        let mark = attribute.part("value") == nil ? "formatted" : "value"
        let text = attribute.name == "x509Certificates" ? "TmV3" : "new \(below(250)) \(below(250))"
        return .list([.object([mark: .text(text), "type": .text("other")])])
    }

    private func drawn(_ attributes: [SCIMAttribute]) -> [JSONTree.Member] {
        attributes.filter { $0.mutability == .readWrite && below(2) == 0 }.map { attribute in
            guard attribute.isMultiValued else { return JSONTree.Member(name: attribute.name, value: value(attribute)) }
            let values = (0...below(3)).map { place in value(attribute, isFirst: place == 0) }
            return JSONTree.Member(name: attribute.name, value: .list(values))
        }
    }

    private func value(_ attribute: SCIMAttribute, isFirst: Bool = true) -> JSONTree {
        switch attribute.kind {
        case .boolean: .flag(isFirst && below(2) == 0)
        case .integer: .integer(Int64(below(200)))
        case .binary: .text(["QUJD", "TUlJ", "AA=="][below(3)])
        case .string, .reference, .dateTime: .text(Self.texts[below(Self.texts.count)])
        case .complex(let parts):
            .object(
                parts.filter { $0.name == "value" || below(2) == 0 }
                    .map { JSONTree.Member(name: $0.name, value: value($0, isFirst: isFirst)) })
        }
    }
}

extension JSONTree {
    fileprivate var json: String {
        get throws { String(decoding: try StreamEncoder.encode(self), as: UTF8.self) }
    }

    /// Its version and the moment of its last change go on.
    fileprivate var withoutMeta: JSONTree {
        guard case .object(let members) = self else { return self }
        return .object(members.filter { $0.name != "meta" && $0.name != "schemas" })
    }
}
