/// base64url without padding (RFC 4648 §5), on bytes. Reading is strict: a byte outside of the alphabet, an impossible
/// length or non-zero bits behind the last byte are refused, so that every value has exactly one spelling.
enum Base64URL {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// The six bits of a letter. By ranges, not by a table: a lazy table is guarded at each use, and the hot path
    /// asks for one letter.
    private static func value(_ letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): letter - 65
        case UInt8(ascii: "a")...UInt8(ascii: "z"): letter - 71
        case UInt8(ascii: "0")...UInt8(ascii: "9"): letter + 4
        case UInt8(ascii: "-"): 62
        case UInt8(ascii: "_"): 63
        default: nil
        }
    }

    static func encodedLength(of count: Int) -> Int { (count * 4 + 2) / 3 }

    static func append(_ bytes: some Sequence<UInt8>, to text: inout [UInt8]) {
        var (bits, held) = (UInt32(0), 0)
        let alphabet = alphabet
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            held += 8
            while held >= 6 {
                held -= 6
                text.append(alphabet[Int(bits >> UInt32(held)) & 63])
            }
        }
        if held > 0 { text.append(alphabet[Int(bits << UInt32(6 - held)) & 63]) }
    }

    static func text(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        append(bytes, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    static func bytes(_ text: some Collection<UInt8>) -> [UInt8]? {
        guard text.count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count * 3 / 4)
        var (bits, held) = (UInt32(0), 0)
        for letter in text {
            guard let value = value(letter) else { return nil }
            bits = bits << 6 | UInt32(value)
            held += 6
            guard held >= 8 else { continue }
            held -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(held)))
        }
        let rest = bits & (1 << UInt32(held) - 1)
        return rest == 0 ? bytes : nil
    }

    /// Whether all bytes are letters. Without branches or loads beside the text, so that the compiler takes many bytes
    /// at a time.
    static func areLetters(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        var strangers: UInt8 = 0
        for byte in UnsafeBufferPointer(rebasing: bytes) {
            let isAlphabetic: UInt8 = (byte | 0x20) &- UInt8(ascii: "a") < 26 ? 1 : 0
            let isDigit: UInt8 = byte &- UInt8(ascii: "0") < 10 ? 1 : 0
            let isMark: UInt8 = (byte == UInt8(ascii: "-") ? 1 : 0) | (byte == UInt8(ascii: "_") ? 1 : 0)
            strangers |= (isAlphabetic | isDigit | isMark) ^ 1
        }
        return strangers == 0
    }

    /// Whether the text, whose bytes are letters, ends without stray bits behind its last byte.
    static func isCanonicalEnd(last: UInt8, length: Int) -> Bool {
        let value = value(last) ?? 0xff
        return switch length % 4 {
        case 0: true
        case 2: value & 0b1111 == 0
        case 3: value & 0b11 == 0
        default: false
        }
    }
}
