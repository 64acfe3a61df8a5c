/// The bytes of a QR code: the text with its head and padding, cut into blocks, each with the remainder of a
/// Reed-Solomon division, and the blocks interleaved (ISO/IEC 18004 §7.4–7.6).
struct QRCodewords {
    let version: Int
    let interleaved: [UInt8]

    /// Of level M, by version from 1: check bytes in a block, and blocks.
    private static let checkBytes = [
        10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26,
    ]
    private static let blocks = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16]

    /// `nil` when no version holds so much.
    init?(_ text: [UInt8]) {
        let fitting = (1...Self.blocks.count).first { version in
            text.count + Self.headBits(version) / 8 + 1 <= Self.dataBytes(version)
        }
        guard let version = fitting else { return nil }
        self.version = version
        interleaved = Self.interleave(Self.padded(text, version), version)
    }

    /// Mode and length; the four bits beyond whole bytes take the terminator.
    private static func headBits(_ version: Int) -> Int { version < 10 ? 12 : 20 }

    /// All modules that are not fixed, in whole bytes.
    private static func allBytes(_ version: Int) -> Int {
        var modules = (16 * version + 128) * version + 64
        if version >= 2 {
            let centers = version / 7 + 2
            modules -= (25 * centers - 10) * centers - 55
        }
        if version >= 7 { modules -= 36 }
        return modules / 8
    }

    private static func dataBytes(_ version: Int) -> Int {
        allBytes(version) - checkBytes[version - 1] * blocks[version - 1]
    }

    private static func padded(_ text: [UInt8], _ version: Int) -> [UInt8] {
        // Four bits of mode, then the length, then the text, then four zero bits: nibbles make whole bytes.
        let length = version < 10 ? [text.count >> 4, text.count] : [12, 8, 4, 0].map { text.count >> $0 }
        let nibbles = [4] + length.map { $0 & 15 } + text.flatMap { [Int($0 >> 4), Int($0 & 15)] } + [0]
        var bytes = stride(from: 0, to: nibbles.count, by: 2).map { UInt8(nibbles[$0] << 4 | nibbles[$0 + 1]) }
        var filler: UInt8 = 0xEC
        while bytes.count < dataBytes(version) {
            bytes.append(filler)
            filler ^= 0xEC ^ 0x11
        }
        return bytes
    }

    /// The first blocks have a byte less where the bytes do not divide evenly.
    private static func interleave(_ data: [UInt8], _ version: Int) -> [UInt8] {
        let (count, checks) = (blocks[version - 1], checkBytes[version - 1])
        let short = count - allBytes(version) % count
        let length = allBytes(version) / count - checks
        let divisor = ReedSolomon.divisor(degree: checks)
        var (rest, parts): (ArraySlice<UInt8>, [(data: [UInt8], checks: [UInt8])]) = (data[...], [])
        for block in 0..<count {
            let part = Array(rest.prefix(block < short ? length : length + 1))
            rest = rest.dropFirst(part.count)
            parts.append((part, ReedSolomon.remainder(of: part, by: divisor)))
        }
        let columns = (0...length).flatMap { place in
            parts.compactMap { $0.data.indices.contains(place) ? $0.data[place] : nil }
        }
        return columns + (0..<checks).flatMap { place in parts.map { $0.checks[place] } }
    }
}

/// Polynomials over GF(2⁸) modulo x⁸ + x⁴ + x³ + x² + 1.
enum ReedSolomon {
    private static func product(_ left: UInt8, _ right: UInt8) -> UInt8 {
        var product: UInt8 = 0
        for place in (0..<8).reversed() {
            product = product << 1 ^ (product >> 7) * 0x1D
            product ^= (right >> UInt8(place) & 1) * left
        }
        return product
    }

    /// (x − 1)(x − 2)(x − 4)…, the leading 1 left out, the highest power first.
    static func divisor(degree: Int) -> [UInt8] {
        var divisor = [UInt8](repeating: 0, count: degree - 1) + [1]
        var root: UInt8 = 1
        for _ in 0..<degree {
            for place in 0..<degree {
                divisor[place] = product(divisor[place], root) ^ (place + 1 < degree ? divisor[place + 1] : 0)
            }
            root = product(root, 2)
        }
        return divisor
    }

    static func remainder(of data: [UInt8], by divisor: [UInt8]) -> [UInt8] {
        var rest = [UInt8](repeating: 0, count: divisor.count)
        for byte in data {
            let factor = byte ^ rest.removeFirst()
            rest.append(0)
            for place in divisor.indices { rest[place] ^= product(divisor[place], factor) }
        }
        return rest
    }
}
