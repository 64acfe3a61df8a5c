/// Bytes of a JSON text in the making, with the containers that are open.
///
/// A class, so that all containers of one encoding write into the same buffer; one is used by one encoding only.
final class JSONWriter {
    private(set) var bytes: [UInt8] = []
    /// The closing mark of each open container, and whether something is in it already.
    private var open: [(end: UInt8, isEmpty: Bool)] = []

    init(capacity: Int = 1024) {
        bytes.reserveCapacity(capacity)
        open.reserveCapacity(8)
    }

    var depth: Int { open.count }

    func beginObject() {
        bytes.append(UInt8(ascii: "{"))
        open.append((UInt8(ascii: "}"), true))
    }

    func beginList() {
        bytes.append(UInt8(ascii: "["))
        open.append((UInt8(ascii: "]"), true))
    }

    /// Closes every container beyond the first `depth`.
    func close(to depth: Int) {
        while open.count > depth { bytes.append(open.removeLast().end) }
    }

    /// Makes the container at `depth` the innermost one, ready for its next entry.
    @inline(__always)
    func beginEntry(at depth: Int) {
        if open.count > depth { close(to: depth) }
        if open[depth - 1].isEmpty {
            open[depth - 1].isEmpty = false
        } else {
            bytes.append(UInt8(ascii: ","))
        }
    }

    func write(name: String) {
        write(name)
        bytes.append(UInt8(ascii: ":"))
    }

    /// A name that needs no escaping.
    func write(plainName name: StaticString) {
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    func writeNull() {
        bytes.append(contentsOf: [0x6E, 0x75, 0x6C, 0x6C])
    }

    func write(_ flag: Bool) {
        bytes.append(contentsOf: (flag ? "true" : "false").utf8)
    }

    func write(_ number: some FixedWidthInteger) {
        bytes.append(contentsOf: String(number).utf8)
    }

    /// JSON knows no infinities; there are none in our bodies.
    func write(_ number: Double) {
        guard number.isFinite else { return writeNull() }
        bytes.append(contentsOf: String(number).utf8)
    }

    func write(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        let isDone: Void? = text.utf8.withContiguousStorageIfAvailable { writeEscaped($0) }
        if isDone == nil { Array(text.utf8).withUnsafeBufferPointer { writeEscaped($0) } }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Runs of plain bytes are copied at once; slashes and everything beyond ASCII are plain.
    private func writeEscaped(_ text: UnsafeBufferPointer<UInt8>) {
        var start = 0
        for (place, byte) in text.enumerated() where byte < 0x20 || byte == 0x22 || byte == 0x5C {
            bytes.append(contentsOf: text[start..<place])
            writeEscape(byte)
            start = place + 1
        }
        bytes.append(contentsOf: text[start...])
    }

    private func writeEscape(_ byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case 0x22, 0x5C: bytes.append(byte)
        case 0x08: bytes.append(UInt8(ascii: "b"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0C: bytes.append(UInt8(ascii: "f"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        default:
            let digits = Array("0123456789abcdef".utf8)
            bytes.append(contentsOf: [0x75, 0x30, 0x30, digits[Int(byte >> 4)], digits[Int(byte & 15)]])
        }
    }
}
