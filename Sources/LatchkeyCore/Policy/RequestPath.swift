/// The path of a request as rules see it: normalised once, here and nowhere else.
///
/// Escapes of unreserved characters are undone, other escapes get capital digits (RFC 3986 §6.2.2), dot segments and
/// double slashes are resolved, a slash at the end is dropped, the query is cut off. What a gateway and an application
/// might understand differently is refused: an escaped slash or backslash or NUL, an escape that is none, bytes that
/// do not belong into a path, dot segments with parameters, and a path that climbs above its root.
public struct RequestPath: Hashable, Sendable {
    /// Longer ones are refused.
    public static let longest = 8192

    let bytes: [UInt8]
    /// Where each segment stands, without its slash.
    let segments: [Range<Int>]

    public enum Flaw: String, Error, Hashable, Sendable {
        case notAbsolute = "The path must begin with a slash."
        case tooLong = "The path is too long."
        case character = "The path holds a character that does not belong there."
        case escape = "The path holds a percent sign without two hexadecimal digits behind it."
        case encodedSlash = "The path holds an escaped slash, backslash or NUL."
        case dots = "The path holds dot segments that could be understood in more than one way."
    }

    /// - Parameter target: what stood in the request line or in a gateway's header: path and query.
    public init(_ target: String) throws(Flaw) {
        try self.init(Array(target.utf8))
    }

    public init(_ target: [UInt8]) throws(Flaw) {
        guard target.first == UInt8(ascii: "/") else { throw .notAbsolute }
        guard target.count <= Self.longest else { throw .tooLong }
        var reader = PathReader(target)
        try reader.read()
        bytes = reader.out
        segments = reader.segments
    }

    /// `/` and the segments.
    public var text: String {
        segments.isEmpty ? "/" : String(decoding: bytes, as: UTF8.self)
    }

    /// A segment with all its escapes undone, as the name of a thing; `nil` when that is not UTF-8.
    func name(at place: Int) -> String? {
        guard segments.indices.contains(place) else { return nil }
        let segment = bytes[segments[place]]
        guard segment.contains(UInt8(ascii: "%")) else { return String(decoding: segment, as: UTF8.self) }
        var (plain, rest) = ([UInt8](), segment)
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%"), let high = rest.popFirst()?.hexDigit, let low = rest.popFirst()?.hexDigit
            else {
                plain.append(byte)
                continue
            }
            plain.append(high << 4 | low)
        }
        return String(validating: plain, as: UTF8.self)
    }

    /// Method and path may be anything; the first two segments say enough where no rule has a name for it.
    public var stem: String {
        segments.count <= 2 ? text : String(decoding: bytes[..<segments[1].upperBound], as: UTF8.self)
    }
}

/// Goes once over the bytes of a target.
private struct PathReader {
    private let target: [UInt8]
    private(set) var out: [UInt8] = []
    private(set) var segments: [Range<Int>] = []
    private var start = 0

    init(_ target: [UInt8]) {
        self.target = target
        out.reserveCapacity(target.count)
        segments.reserveCapacity(8)
    }

    mutating func read() throws(RequestPath.Flaw) {
        var at = 0
        while at < target.count, target[at] != UInt8(ascii: "?") {
            let byte = target[at]
            switch byte {
            case UInt8(ascii: "/"):
                try endSegment()
                beginSegment()
            case UInt8(ascii: "%"):
                try appendEscape(at)
                at += 2
            case UInt8(ascii: "\\"), UInt8(ascii: "#"): throw .character
            case 0x21...0x7E: out.append(byte)
            default: throw .character
            }
            at += 1
        }
        try endSegment()
    }

    private mutating func beginSegment() {
        out.append(UInt8(ascii: "/"))
        start = out.count
    }

    private mutating func endSegment() throws(RequestPath.Flaw) {
        guard start > 0 else { return }
        let segment = out[start...]
        if segment.first == UInt8(ascii: "."), let dots = Self.dots(segment) {
            guard dots == segment.count else { throw .dots }
            out.removeLast(dots + 1)
            if dots == 2 { try climb() }
        } else if segment.isEmpty {
            out.removeLast()
        } else {
            segments.append(start..<out.count)
        }
    }

    /// `.`, `..`, and with parameters (`..;x`, which some servers take for `..`): how many dots; `nil` for a name.
    private static func dots(_ segment: ArraySlice<UInt8>) -> Int? {
        let bare = segment.prefix { $0 != UInt8(ascii: ";") }
        return bare.count <= 2 && bare.allSatisfy { $0 == UInt8(ascii: ".") } ? bare.count : nil
    }

    private mutating func climb() throws(RequestPath.Flaw) {
        guard let parent = segments.popLast() else { throw .dots }
        out.removeSubrange((parent.lowerBound - 1)...)
    }

    private mutating func appendEscape(_ at: Int) throws(RequestPath.Flaw) {
        guard at + 2 < target.count, let high = target[at + 1].hexDigit, let low = target[at + 2].hexDigit else {
            throw .escape
        }
        let byte = high << 4 | low
        switch byte {
        case 0, UInt8(ascii: "/"), UInt8(ascii: "\\"): throw .encodedSlash
        case _ where byte.isUnreserved: out.append(byte)
        default: out += [UInt8(ascii: "%"), Self.digit(high), Self.digit(low)]
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
    }
}

extension UInt8 {
    var hexDigit: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// RFC 3986 §2.3.
    var isUnreserved: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
