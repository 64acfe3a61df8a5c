import Testing

@testable import LatchkeyHTTP

@Suite("The log of those who have no valid token")
struct StrangerLinesTests {
    @Test("has at most 20 lines a second, and says how many it left out")
    func bounded() {
        let lines = StrangerLines()
        let admitted = (0..<1_000_000).compactMap { _ in lines.admit(at: 7) }
        #expect(admitted == [Int](repeating: 0, count: 20))
        #expect(lines.admit(at: 8) == 999_980)
        #expect(lines.admit(at: 8) == 0)
    }
}
