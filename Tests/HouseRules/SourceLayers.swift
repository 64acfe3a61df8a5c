/// Takes Swift text apart into code, comments and texts, each as long as the whole and blank where it is not.
///
/// One pass over the bytes with a stack of what is open: a text, a comment (they nest), the code in an interpolation.
/// It knows as much of Swift's lexical grammar as the house's own sources use (multi-line and raw texts, interpolation,
/// nested comments, bare regex literals); a single line that it misreads cannot mislead it beyond its end.
struct SourceLayers {
    private(set) var code = ""
    private(set) var comments = ""
    private(set) var texts = ""

    private enum Open: Equatable {
        case text(quotes: Int, hashes: Int)
        case interpolation(depth: Int)
        case lineComment
        case blockComment(depth: Int)
        case regex
    }

    private let bytes: [UInt8]
    private var open: [Open] = []
    private var layers: [[UInt8]]
    private var position = 0

    init(_ content: String) {
        bytes = Array(content.utf8)
        let blank = bytes.map { $0 == UInt8(ascii: "\n") ? $0 : UInt8(ascii: " ") }
        layers = [blank, blank, blank]
        while position < bytes.count { step() }
        (code, comments, texts) = (
            String(decoding: layers[0], as: UTF8.self), String(decoding: layers[1], as: UTF8.self),
            String(decoding: layers[2], as: UTF8.self)
        )
    }

    private mutating func step() {
        guard Self.isMark[Int(bytes[position])] else { return takeRun() }
        if bytes[position] == UInt8(ascii: "\n") { return endLine() }
        switch open.last {
        case .lineComment: take(1, into: 1)
        case .blockComment(let depth): stepInComment(depth)
        case .text(let quotes, let hashes): stepInText(quotes, hashes)
        case .regex: stepInRegex()
        case .interpolation, nil: stepInCode()
        }
    }

    /// Bytes that may open or close something; of all others each is what the one before it was.
    private static let isMark: [Bool] = {
        var isMark = [Bool](repeating: false, count: 256)
        for byte in "\n\"#()*/\\".utf8 { isMark[Int(byte)] = true }
        return isMark
    }()

    private mutating func takeRun() {
        let layer =
            switch open.last {
            case .interpolation, nil: 0
            case .lineComment, .blockComment: 1
            case .text, .regex: 2
            }
        while position < bytes.count, !Self.isMark[Int(bytes[position])] {
            layers[layer][position] = bytes[position]
            position += 1
        }
    }

    /// Only comments in blocks and texts in three quotes go on into the next line.
    private mutating func endLine() {
        while let last = open.last, last == .lineComment || last == .regex || isShortText(last) { open.removeLast() }
        position += 1
    }

    private func isShortText(_ state: Open) -> Bool {
        if case .text(quotes: 1, hashes: _) = state { return true }
        return false
    }

    private mutating func stepInCode() {
        if isNext("//") { return begin(.lineComment, length: 2, layer: 1) }
        if isNext("/*") { return begin(.blockComment(depth: 1), length: 2, layer: 1) }
        if let (quotes, hashes) = textBegins() {
            return begin(.text(quotes: quotes, hashes: hashes), length: quotes + hashes, layer: 2)
        }
        if regexBegins() { return begin(.regex, length: 1, layer: 2) }
        if case .interpolation(let depth) = open.last { stepInInterpolation(depth) }
        take(1, into: 0)
    }

    private mutating func stepInInterpolation(_ depth: Int) {
        if isNext("(") { open[open.count - 1] = .interpolation(depth: depth + 1) }
        guard isNext(")") else { return }
        if depth == 1 { open.removeLast() } else { open[open.count - 1] = .interpolation(depth: depth - 1) }
    }

    private mutating func stepInComment(_ depth: Int) {
        if isNext("/*") { open[open.count - 1] = .blockComment(depth: depth + 1) }
        guard isNext("*/") else { return take(1, into: 1) }
        if depth == 1 { open.removeLast() } else { open[open.count - 1] = .blockComment(depth: depth - 1) }
        take(2, into: 1)
    }

    private mutating func stepInText(_ quotes: Int, _ hashes: Int) {
        let marks = String(repeating: "#", count: hashes)
        if isNext(String(repeating: "\"", count: quotes) + marks) {
            open.removeLast()
            return take(quotes + hashes, into: 2)
        }
        if isNext("\\" + marks + "(") {
            return begin(.interpolation(depth: 1), length: hashes + 2, layer: 0)
        }
        take(isNext("\\" + marks) ? hashes + 2 : 1, into: 2)
    }

    private mutating func stepInRegex() {
        if isNext("\\") { return take(2, into: 2) }
        if isNext("/") { open.removeLast() }
        take(1, into: 2)
    }

    /// How a text begins here: the number of its quotes and of the marks before them.
    private func textBegins() -> (quotes: Int, hashes: Int)? {
        let hashes = bytes[position...].prefix { $0 == UInt8(ascii: "#") }.count
        let quotes = bytes[(position + hashes)...].prefix { $0 == UInt8(ascii: "\"") }.count
        guard quotes > 0 else { return nil }
        return (quotes >= 3 ? 3 : 1, hashes)
    }

    /// A slash that cannot divide, for want of something before it to be divided.
    private func regexBegins() -> Bool {
        guard isNext("/"), position + 1 < bytes.count, bytes[position + 1] != UInt8(ascii: " ") else { return false }
        let before = bytes[..<position].last { $0 != UInt8(ascii: " ") } ?? UInt8(ascii: "\n")
        return "(,=:{[!&|?\n".utf8.contains(before)
    }

    private func isNext(_ text: String) -> Bool { bytes[position...].starts(with: text.utf8) }

    private mutating func begin(_ state: Open, length: Int, layer: Int) {
        open.append(state)
        take(length, into: layer)
    }

    private mutating func take(_ count: Int, into layer: Int) {
        for _ in 0..<count where position < bytes.count && bytes[position] != UInt8(ascii: "\n") {
            layers[layer][position] = bytes[position]
            position += 1
        }
    }
}
