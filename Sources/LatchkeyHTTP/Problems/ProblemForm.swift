import LatchkeyCore

/// A problem document that differs in its instance alone, encoded once.
struct ProblemForm: Sendable {
    private let head: [UInt8]
    private let tail: [UInt8]

    init(_ refusal: Refusal) {
        // No sentence of ours holds this.
        let mark = "\u{7F}"
        let whole = (try? StreamEncoder.encode(Problem(refusal).body(instance: mark))) ?? []
        let place = whole.firstIndex(of: 0x7F) ?? whole.endIndex
        head = Array(whole[..<place].dropLast())
        tail = Array(whole[place...].dropFirst(2))
    }

    func bytes(instance: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(head.count + tail.count + 80)
        bytes += head
        bytes.append(json: instance)
        return bytes + tail
    }
}
