import LatchkeyCore
import LatchkeyTestSupport
import Testing

@Suite("Attributes in their column")
struct AttributeTextTests {
    @Test("come back as they went in")
    func roundTrip() {
        let bytes = CountingBytes(seed: 7)
        for _ in 0..<300 {
            let value = Self.value(bytes, depth: 0)
            #expect(AttributeValue(storedText: value.storedText) == value)
        }
    }

    @Test("keep every character")
    func characters() {
        let text = (0..<0x300).compactMap { Unicode.Scalar($0) }.map(String.init).joined() + "𝔘𝔫𝔦 👩‍🚀 \u{2028}"
        #expect(AttributeValue(storedText: AttributeValue.text(text).storedText) == .text(text))
    }

    @Test(
        "are nothing when they are not whole",
        arguments: [
            "", "{", "[1,", "\"a", "{\"a\"}", "{\"a\":}", "tru", "nope", "[1]x", "{\"a\":1,}", "\"\\x\"", "\"\\u12\"",
            String(repeating: "[", count: 100),
        ])
    func broken(text: String) {
        #expect(AttributeValue(storedText: text) == nil)
    }

    @Test("may have spaces and escapes of other writers")
    func foreign() {
        let text = "{ \"a\" : [ 1 , 2.5 , true , false ] , \"b\" : \"\\u00e9\\n\\/\" }"
        let expected = AttributeValue.object([
            "a": .list([.integer(1), .decimal(2.5), .flag(true), .flag(false)]), "b": .text("é\n/"),
        ])
        #expect(AttributeValue(storedText: text) == expected)
    }

    private static func value(_ bytes: CountingBytes, depth: Int) -> AttributeValue {
        let draw = bytes.bytes(4)
        switch draw[0] % (depth < 3 ? 6 : 4) {
        case 0: return .text(String(decoding: bytes.bytes(Int(draw[1] % 20)), as: UTF8.self))
        case 1: return .flag(draw[1] % 2 == 0)
        case 2: return .integer(Int64(draw[1]) * (draw[2] % 2 == 0 ? 1 : -1))
        case 3: return .decimal(Double(draw[1]) / 7)
        case 4: return .list((0..<Int(draw[1] % 4)).map { _ in value(bytes, depth: depth + 1) })
        default:
            let members = (0..<Int(draw[1] % 4)).map { ("name\($0)", value(bytes, depth: depth + 1)) }
            return .object(Dictionary(uniqueKeysWithValues: members))
        }
    }
}
