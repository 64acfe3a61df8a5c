import LatchkeyCore
import Testing
import Yams

@testable import latchkey

@Suite("What commands show")
struct OutputTests {
    @Test("keeps order and numbers of what the server said")
    func keepsOrder() throws {
        let text = #"{"b":1.50,"a":[true,null,"ü\ud83d\ude00\n"],"c":{}}"#
        let value = try JSONParser.value(of: Array(text.utf8))
        #expect(value.compact == #"{"b":1.50,"a":[true,null,"ü😀\n"],"c":{}}"#)
    }

    @Test(
        "refuses what is no JSON",
        arguments: [
            "", "{", "[1,]", #"{"a" 1}"#, "nul", "1 2", #""\x""#, #""\ud83""#, "-",
            String(repeating: "[", count: 100_000),
            #""\ud83dx""#, #""\ude00""#, #""\ud83d\ud83d""#, #""\u+12a""#,
            "\"a\nb\"", "+1", "01", "1.", ".5", "1e", "0x1", "1-2",
        ])
    func refuses(text: String) {
        #expect(throws: JSONParser.Malformed.self) { try JSONParser.value(of: Array(text.utf8)) }
    }

    @Test("refuses bytes that are not UTF-8")
    func refusesBytes() {
        #expect(throws: JSONParser.Malformed.self) { try JSONParser.value(of: [0x22, 0xC3, 0x22]) }
    }

    @Test(
        "reads back from YAML as it went in",
        arguments: [
            "plain", "true", "null", "1", "1e3", "- a", "a: b", "#", "", " ", "a\nb", "ü", "~", "0x1f", "\u{7}",
        ])
    func yaml(text: String) throws {
        let yaml = try JSONValue.object([JSONMember("name", .string(text))]).yaml()
        let back = try Yams.load(yaml: yaml) as? [String: String]
        #expect(back == ["name": text])
    }

    @Test("moves no cursor, whatever somebody called a thing")
    func hidesControls() {
        let text = Table.rows([.object([JSONMember("name", .string("a\u{1b}[2Jb\nc"))])], [Column("name", "name")])
        #expect(text == "NAME\na\\u{1b}[2Jb\\u{a}c")
    }

    @Test("says what changed in a few words")
    func changes() {
        let change = JSONValue.object(given: [
            ("field", .string("role")), ("before", .string("Member")), ("after", .null),
        ])
        #expect(Table.cell(.array([change])) == "role: Member → -")
    }

    @Test("names the setting that was meant")
    func nearestName() {
        let names = Setting.all.map(\.key)
        #expect(NearestName.of("prot", among: names) == "port")
        #expect(NearestName.of("data_dir", among: names) == "data-dir")
        #expect(NearestName.of("something-else-altogether", among: names) == nil)
    }

    @Test("escapes the labels of metrics and writes numbers plainly")
    func metrics() {
        var text = MetricsText()
        text.add("a_total", .counter, "Of a.", [.init(3, ("l", "x\"y\\z\n"))])
        text.add("b", .gauge, "Of b.", [.init(0.25), .init(.infinity)])
        text.add("c", .gauge, "Of c.", [])
        #expect(
            text.text == """
                # HELP a_total Of a.
                # TYPE a_total counter
                a_total{l="x\\"y\\\\z\\n"} 3
                # HELP b Of b.
                # TYPE b gauge
                b 0.25
                b +Inf

                """)
    }

    @Test(
        "masks the password in a database's URL",
        arguments: [
            ("postgres://u:p@h/d", "postgres://u:****@h/d"), ("postgres://u@h/d", "postgres://u:****@h/d"),
            ("postgres://h/d?password=x&a=b", "postgres://h/d?password=****&a=b"),
            ("postgres://u:p@ss@h/d", "postgres://u:****@h/d"), ("postgres://u:p/q@h/d", "postgres://u:****@h/d"),
        ])
    func masks(url: String, shown: String) {
        #expect(Setting.database.masked(url) == shown)
    }
}
