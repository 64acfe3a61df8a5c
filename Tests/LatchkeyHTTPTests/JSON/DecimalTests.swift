import Testing

@testable import LatchkeyHTTP

@Suite("A number written into bytes")
struct DecimalTests {
    @Test("reads as its text does", arguments: [0, 7, 10, -1, 1_795_000_000, Int64.max, Int64.min])
    func text(number: Int64) {
        var bytes = Array("n:".utf8)
        bytes.append(decimal: number)
        #expect(String(decoding: bytes, as: UTF8.self) == "n:\(number)")
    }
}
