/// base64url without padding (RFC 4648 §5), on bytes. Reading is strict: a byte outside of the alphabet, an impossible
/// length or non-zero bits behind the last byte are refused, so that every value has exactly one spelling.
enum Base64URL {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    private static let invalid: UInt8 = 0xff
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: invalid, count: 256)
        for (value, letter) in alphabet.enumerated() { values[Int(letter)] = UInt8(value) }
        return values
    }()

    static func encodedLength(of count: Int) -> Int { (count * 4 + 2) / 3 }

    static func append(_ bytes: some Sequence<UInt8>, to text: inout [UInt8]) {
        var (bits, held) = (UInt32(0), 0)
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
            let value = values[Int(letter)]
            guard value != invalid else { return nil }
            bits = bits << 6 | UInt32(value)
            held += 6
            guard held >= 8 else { continue }
            held -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(held)))
        }
        let rest = bits & (1 << UInt32(held) - 1)
        return rest == 0 ? bytes : nil
    }

    /// Whether a byte belongs to the alphabet, by two constant bitmaps: no table to load on the hot path.
    static func isLetter(_ byte: UInt8) -> Bool {
        // Bits for "-", "0"..."9" below 64; "A"..."Z", "_", "a"..."z" from 64 on.
        let bitmap: UInt64 = byte & 64 == 0 ? 0x03ff_2000_0000_0000 : 0x07ff_fffe_87ff_fffe
        return byte < 128 && bitmap >> UInt64(byte & 63) & 1 == 1
    }

    /// Whether the text, whose bytes are letters, ends without stray bits behind its last byte.
    static func isCanonicalEnd(last: UInt8, length: Int) -> Bool {
        switch length % 4 {
        case 0: true
        case 2: values[Int(last)] & 0b1111 == 0
        case 3: values[Int(last)] & 0b11 == 0
        default: false
        }
    }
}
