import LatchkeyCore
import Testing

@testable import LatchkeyHTTP

@Suite("The JSON parser")
struct JSONParserTests {
    private func refusal(_ text: String) -> Refusal? {
        do throws(Refusal) {
            _ = try JSONTree(reading: Array(text.utf8))
            return nil
        } catch {
            return error
        }
    }

    @Test("refuses the character U+0000, which databases disagree about, in names and texts")
    func null() {
        for text in [#"{"name":"a\u0000b"}"#, #"{"a\u0000":1}"#] {
            guard case .invalid = refusal(text) else {
                Issue.record("was read: \(text)")
                return
            }
        }
    }

    @Test("repeats no long name of the sender's in a refusal")
    func clipped() {
        let name = String(repeating: "k", count: 100_000)
        guard case .invalid(let flaws) = refusal(#"{"\#(name)":[1e999]}"#) else {
            Issue.record("was read")
            return
        }
        #expect(flaws.map(\.pointer) == ["/" + String(repeating: "k", count: 64) + "/0"])
    }

    @Test("makes no pointer for what is in order: a long name before many items costs no more than a short one")
    func longNames() throws {
        let row = "[" + [String](repeating: "0", count: 900).joined(separator: ",") + "]"
        let rows = "[" + [String](repeating: row, count: 100).joined(separator: ",") + "]"
        func cost(_ name: String) throws -> Duration {
            let body = Array(#"{"\#(name)":\#(rows)}"#.utf8)
            return try (0..<3).map { _ in
                try ContinuousClock().measure { _ = try JSONTree(reading: body) }
            }.min() ?? .zero
        }
        let long = try cost(String(repeating: "k", count: 500_000))
        #expect(long < (try cost("k")) * 5)
    }

    @Test("reads every kind of value")
    func reads() throws {
        let text = #" {"a":[1,-0,2.5,1e2,true,false,null],"ü":"\u00e9\ud83d\ude00\n\/","n":9223372036854775807} "#
        let tree = try JSONTree(reading: Array(text.utf8))
        #expect(
            tree["a"]
                == .list([.integer(1), .integer(0), .number(2.5), .number(100), .flag(true), .flag(false), .null]))
        #expect(tree["ü"] == .text("é😀\n/"))
        #expect(tree["n"] == .integer(.max))
    }

    @Test(
        "refuses what is not JSON",
        arguments: [
            "", " ", "{", "}", "[1,]", "{\"a\":1,}", "{a:1}", "{'a':1}", "01", "1.", ".5", "+1", "-", "1e", "NaN",
            "Infinity", "nul", "tru", "\"a", "\"\\x\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\u12g4\"", "\"a\nb\"",
            "[1] 2",
            "// no\n1", "\u{FEFF}1", "{\"a\" 1}", "[1 2]",
        ])
    func refuses(text: String) {
        guard case .badRequest? = refusal(text) else {
            Issue.record("\(text) was not refused as malformed")
            return
        }
    }

    @Test("says where the fault is")
    func tellsPlace() {
        #expect(
            refusal("{\n  \"a\": x}")
                == .badRequest("The body is not valid JSON: a value was expected at line 2, column 8."))
    }

    @Test("refuses bytes that are not UTF-8")
    func refusesBadText() {
        #expect(throws: Refusal.self) { try JSONTree(reading: [0x22, 0xFF, 0x22]) }
        #expect(throws: Refusal.self) { try JSONTree(reading: [0x22, 0xED, 0xA0, 0x80, 0x22]) }
    }

    @Test("refuses names that come twice, whatever their spelling")
    func refusesDuplicates() {
        #expect(refusal(#"{"a":{"b":1,"\u0062":2}}"#) == .invalid("/a/b", "must not be there twice"))
    }

    @Test("takes 32 levels and not one more")
    func limitsDepth() {
        let deep = String(repeating: "[", count: 32) + String(repeating: "]", count: 32)
        #expect(refusal(deep) == nil)
        guard case .invalid? = refusal("[\(deep)]") else {
            Issue.record("33 levels were taken")
            return
        }
        #expect(refusal(String(repeating: "[", count: 1_000_000)) != nil)
    }

    @Test("takes 1,000 items and not one more")
    func limitsItems() {
        let thousand = Array(repeating: "1", count: 1000).joined(separator: ",")
        #expect(refusal("[\(thousand)]") == nil)
        #expect(refusal("{\"a\":[\(thousand),1]}") == .invalid("/a", "must have at most 1000 entries"))
    }

    @Test("refuses numbers beyond all bounds")
    func limitsNumbers() {
        guard case .invalid? = refusal("1e999") else {
            Issue.record("1e999 was taken")
            return
        }
    }
}
