import Logging
import Testing

@testable import latchkey

@Suite("A log line")
struct LogLineTests {
    private func json(_ message: String, _ fields: [(String, Logger.MetadataValue)] = []) -> String {
        var bytes: [UInt8] = []
        line(message, fields).writeJSON(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private func line(_ message: String, _ fields: [(String, Logger.MetadataValue)]) -> LogLine {
        LogLine(
            level: .info, message: message, fields: fields.map { (key: $0.0, value: $0.1) },
            moment: LogClock.Moment(second: Array("2027-01-31T12:34:56".utf8), milliseconds: 7))
    }

    @Test("is one JSON object with the time first")
    func json() {
        let fields: [(String, Logger.MetadataValue)] = [
            ("count", .stringConvertible(3)), ("list", ["a", ["k": "v"]]), ("time", "mine"),
        ]
        let text = json("hello", fields)
        #expect(
            text == #"{"time":"2027-01-31T12:34:56.007Z","level":"info","message":"hello","count":3,"#
                + #""list":["a",{"k":"v"}],"field.time":"mine"}"#)
    }

    @Test(
        "stays one line whatever is in it, and moves no cursor",
        arguments: ["a\nb", "a\rb", "a\u{1b}[31mb", "a\u{9b}b", "a\u{2028}b", "a\u{202e}b", "a\"b", "a\\b", "\u{0}"])
    func escapes(hostile: String) throws {
        let text = json(hostile, [("name", .string(hostile)), (hostile, "value")])
        let hidden = text.unicodeScalars.filter { $0.isHidden }
        #expect(hidden.isEmpty)
        let parsed = try JSONParser.value(of: Array(text.utf8))
        #expect(parsed["message"]?.text == hostile)
        #expect(parsed["name"]?.text == hostile)
    }

    @Test("does not grow with what a stranger sends")
    func isBounded() {
        let long = String(repeating: "\u{1}ü", count: 100_000)
        let text = json(long, [("name", .string(long))])
        #expect(text.utf8.count < 3000)
        #expect(text.contains("…"))
    }

    @Test("has its fields behind the words for people")
    func human() {
        var bytes: [UInt8] = []
        line("hello", [("name", "a b")]).writeHuman(to: &bytes, colours: false)
        #expect(String(decoding: bytes, as: UTF8.self) == "2027-01-31T12:34:56.007Z info     hello name=\"a b\"")
    }

    @Test("writes numbers as they are", arguments: [0, 7, 10, -1, 1234, Int.max, Int.min])
    func numbers(number: Int) {
        var bytes: [UInt8] = []
        LogText.append(number, to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == String(number))
    }
}
