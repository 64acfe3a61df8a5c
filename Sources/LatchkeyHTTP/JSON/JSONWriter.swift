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

    func write(plainName name: StaticString) {
        bytes.append(plainName: name)
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
        bytes.append(json: text)
    }
}
