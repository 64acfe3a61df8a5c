import Foundation

/// `application/x-www-form-urlencoded`, as queries are written (WHATWG URL, §5.1): `+` is a space.
enum FormText {
    /// The pairs in order; empty ones are skipped. Bytes that are no UTF-8 become the replacement character.
    static func pairs(_ text: String) -> [(name: String, value: String)] { pairs(Array(text.utf8)) }

    static func pairs(_ text: [UInt8]) -> [(name: String, value: String)] {
        text.withUnsafeBytes { text in
            var pairs: [(name: String, value: String)] = []
            pairs.reserveCapacity(4)
            var rest = text[...]
            while !rest.isEmpty {
                let pair = rest.prefix(until: UInt8(ascii: "&"))
                rest = rest[pair.endIndex...].dropFirst()
                guard !pair.isEmpty else { continue }
                let name = pair.prefix(until: UInt8(ascii: "="))
                pairs.append((decoded(name), decoded(pair[name.endIndex...].dropFirst())))
            }
            return pairs
        }
    }

    /// One value on its own.
    static func plain(_ text: String) -> String { Array(text.utf8).withUnsafeBytes { decoded($0[...]) } }

    private static func decoded(_ text: Slice<UnsafeRawBufferPointer>) -> String {
        // Tokens hold nothing that is escaped.
        guard text.has(UInt8(ascii: "+")) || text.has(UInt8(ascii: "%")) else {
            return String(decoding: UnsafeRawBufferPointer(rebasing: text), as: UTF8.self)
        }
        var bytes: [UInt8] = []
        var rest = text[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                if let value = hexadecimal(rest.prefix(2)) {
                    bytes.append(value)
                    rest = rest.dropFirst(2)
                } else {
                    bytes.append(byte)
                }
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func hexadecimal(_ digits: Slice<UnsafeRawBufferPointer>) -> UInt8? {
        guard digits.count == 2 else { return nil }
        var value: UInt8 = 0
        for digit in digits {
            guard let part = Character(Unicode.Scalar(digit)).hexDigitValue else { return nil }
            value = value << 4 | UInt8(part)
        }
        return value
    }
}

extension FormText {
    /// What is neither a letter, a digit nor one of `*-._` is written as bytes in hexadecimal.
    static func encoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "*"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), hexadecimalDigits[Int(byte >> 4)], hexadecimalDigits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let hexadecimalDigits = Array("0123456789ABCDEF".utf8)
}

extension Slice<UnsafeRawBufferPointer> {
    fileprivate func has(_ byte: UInt8) -> Bool { prefix(until: byte).count < count }

    /// What stands before the first such byte; everything where there is none.
    fileprivate func prefix(until byte: UInt8) -> Self {
        guard let start = UnsafeRawBufferPointer(rebasing: self).baseAddress,
            let found = memchr(start, Int32(byte), count)
        else { return self }
        return self[..<(startIndex + (UnsafeRawPointer(found) - start))]
    }
}
