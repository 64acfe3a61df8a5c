/// Text on its way into a log line: nothing in it may end the line, move a cursor or close a quotation.
enum LogText {
    /// As a JSON string.
    static func quote(_ text: String, atMost limit: Int, into bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        escape(text, atMost: limit, into: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// With JSON's escapes, cut at `limit` bytes with `…` behind. Nearly every text is plain, and copied at once.
    static func escape(_ text: String, atMost limit: Int, into bytes: inout [UInt8]) {
        let isCopied = text.utf8.withContiguousStorageIfAvailable { utf8 in
            guard utf8.count <= limit, utf8.allSatisfy(isPlain) else { return false }
            bytes.append(contentsOf: utf8)
            return true
        }
        if isCopied == true { return }
        escapeByScalar(text, atMost: limit, into: &bytes)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x7f && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    private static func escapeByScalar(_ text: String, atMost limit: Int, into bytes: inout [UInt8]) {
        let end = bytes.count + limit
        for scalar in text.unicodeScalars {
            guard bytes.count < end else {
                bytes.append(contentsOf: "…".utf8)
                return
            }
            switch scalar {
            case "\"": bytes.append(contentsOf: "\\\"".utf8)
            case "\\": bytes.append(contentsOf: "\\\\".utf8)
            case "\n": bytes.append(contentsOf: "\\n".utf8)
            case _ where scalar.isHidden:
                bytes.append(contentsOf: "\\u".utf8)
                for shift in [12, 8, 4, 0] { bytes.append(digits[Int(scalar.value >> UInt32(shift)) & 0xf]) }
            default: bytes.append(contentsOf: String(scalar).utf8)
            }
        }
    }

    private static let digits = Array("0123456789abcdef".utf8)

    /// In decimal, without a text in between.
    static func append(_ number: Int, to bytes: inout [UInt8]) {
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        var (rest, digits) = (number.magnitude, 0)
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { buffer in
            repeat {
                digits += 1
                buffer[20 - digits] = UInt8(48 + rest % 10)
                rest /= 10
            } while rest > 0
            bytes.append(contentsOf: buffer[(20 - digits)...])
        }
    }

    /// `1234` as `1.234`.
    static func append(thousandths number: Int, to bytes: inout [UInt8]) {
        append(number / 1000, to: &bytes)
        bytes.append(UInt8(ascii: "."))
        for divisor in [100, 10, 1] { bytes.append(UInt8(48 + abs(number) / divisor % 10)) }
    }
}
