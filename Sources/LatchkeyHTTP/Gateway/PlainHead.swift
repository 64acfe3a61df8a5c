/// Reads the head of a ``PlainQuestion`` line by line. It stops at the first byte that is not plain, and is not
/// ``isWhole`` then.
struct PlainHead {
    struct RequestLine {
        let isPost: Bool
        let target: UnsafeRawBufferPointer
    }

    struct Field {
        let name: UnsafeRawBufferPointer
        let value: UnsafeRawBufferPointer

        var text: String { String(decoding: value, as: UTF8.self) }
    }

    /// Far below what the parser lets through, so that its limits stay its own.
    private static let longest = 8 * 1024
    private static let mostFields = 64

    private let bytes: UnsafeRawBufferPointer
    private let end: Int
    private var fields = 0
    private var hosts = 0
    private var isEnded = false

    /// Of what has been read, in bytes.
    private(set) var length = 0
    /// What `Content-Length` says.
    private(set) var bodyLength: Int?

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        end = min(bytes.count, Self.longest)
    }

    /// Whether the empty line at the end was reached, and `Host` was there once (RFC 9112 §3.2).
    var isWhole: Bool { isEnded && hosts == 1 }

    mutating func requestLine() -> RequestLine? {
        guard let line = line() else { return nil }
        let isPost = line.starts(with: "POST ".utf8)
        guard isPost || line.starts(with: "GET ".utf8) else { return nil }
        let (start, version) = (isPost ? 5 : 4, line.count - " HTTP/1.1".utf8.count)
        guard start < version, line[version...].elementsEqual(" HTTP/1.1".utf8) else { return nil }
        let target = UnsafeRawBufferPointer(rebasing: line[start..<version])
        return target.allSatisfy(\.isPlainInTarget) ? RequestLine(isPost: isPost, target: target) : nil
    }

    /// The next field; `nil` at the end, and where something is not plain.
    mutating func field() -> Field? {
        guard let line = line() else { return nil }
        guard line.count > 0 else {
            isEnded = true
            return nil
        }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0, line.count > colon + 2,
            line[colon + 1] == UInt8(ascii: " ")
        else { return nil }
        let field = Field(
            name: UnsafeRawBufferPointer(rebasing: line[..<colon]),
            value: UnsafeRawBufferPointer(rebasing: line[(colon + 2)...]))
        return isPlain(field) ? field : nil
    }

    /// So many bytes behind the head, if they are there.
    func body(_ count: Int) -> [UInt8]? {
        bytes.count - length >= count ? Array(bytes[length..<(length + count)]) : nil
    }

    private mutating func isPlain(_ field: Field) -> Bool {
        fields += 1
        let (name, value) = (field.name, field.value)
        guard fields <= Self.mostFields, name.allSatisfy(\.isPlainInName),
            value[0] != UInt8(ascii: " "), value[value.count - 1] != UInt8(ascii: " ")
        else { return false }
        switch name.count {
        case 4 where name.isField("host"): hosts += 1
        case 14 where name.isField("content-length"): return takeLength(value)
        case 10 where name.isField("connection"): return value.isField("keep-alive")
        case 2 where name.isField("te"), 6 where name.isField("expect"), 7 where name.isField("upgrade"),
            7 where name.isField("trailer"), 10 where name.isField("keep-alive"),
            16 where name.isField("proxy-connection"), 17 where name.isField("transfer-encoding"):
            return false
        default: break
        }
        return true
    }

    /// Digits alone, without a zero in front, once.
    private mutating func takeLength(_ value: UnsafeRawBufferPointer) -> Bool {
        guard bodyLength == nil, value.count <= 6, value[0] != UInt8(ascii: "0") else { return false }
        var length = 0
        for digit in value {
            guard digit &- UInt8(ascii: "0") < 10 else { return false }
            length = length * 10 + Int(digit - UInt8(ascii: "0"))
        }
        bodyLength = length
        return true
    }

    /// Up to CRLF and without it: visible ASCII and spaces.
    private mutating func line() -> UnsafeRawBufferPointer? {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[length..<end])
        guard let count = rest.firstIndex(where: { !$0.isVisibleOrSpace }), count + 1 < rest.count,
            rest[count] == UInt8(ascii: "\r"), rest[count + 1] == UInt8(ascii: "\n")
        else { return nil }
        length += count + 2
        return UnsafeRawBufferPointer(rebasing: rest[..<count])
    }
}

extension UInt8 {
    fileprivate var isVisibleOrSpace: Bool { self &- 0x20 < 0x5F }

    private var isLetterOrDigit: Bool {
        (self | 0x20) &- UInt8(ascii: "a") < 26 || self &- UInt8(ascii: "0") < 10
    }

    fileprivate var isPlainInName: Bool {
        isLetterOrDigit || self == UInt8(ascii: "-") || self == UInt8(ascii: "_")
    }

    /// RFC 3986 §2.3, and the marks of paths and queries that every parser takes.
    fileprivate var isPlainInTarget: Bool {
        switch self {
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "/"),
            UInt8(ascii: "?"), UInt8(ascii: "&"), UInt8(ascii: "="), UInt8(ascii: "%"), UInt8(ascii: ":"),
            UInt8(ascii: "+"), UInt8(ascii: ","), UInt8(ascii: "@"):
            true
        default: isLetterOrDigit
        }
    }
}
