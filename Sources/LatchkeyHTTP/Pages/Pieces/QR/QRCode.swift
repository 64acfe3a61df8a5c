/// A QR code (ISO/IEC 18004): byte mode, error correction M, the smallest of the versions 1 to 20 that holds the text.
///
/// Codewords come from ``QRCodewords``. Here the fixed patterns are drawn, the codewords laid around them in zigzag,
/// and of the eight masks the one taken that reads best.
struct QRCode {
    static let quietZone = 4

    let size: Int
    /// Row by row.
    private(set) var modules: [[Bool]]
    private var isFixed: [[Bool]]

    /// `nil` for a text that is too long, above some 660 bytes.
    init?(_ text: String) {
        guard let codewords = QRCodewords(Array(text.utf8)) else { return nil }
        self.init(version: codewords.version)
        place(codewords.interleaved)
        let blank = self
        let masked = (0..<8).map { blank.masked($0) }
        self = masked.min { $0.penalty < $1.penalty } ?? blank
    }

    private init(version: Int) {
        size = version * 4 + 17
        modules = Array(repeating: Array(repeating: false, count: size), count: size)
        isFixed = modules
        drawTiming()
        for (x, y) in [(3, 3), (size - 4, 3), (3, size - 4)] { drawFinder(x, y) }
        drawAlignment(version)
        drawFormat(mask: 0)
        if version >= 7 { drawVersion(version) }
    }

    private mutating func fix(_ x: Int, _ y: Int, _ isDark: Bool) {
        modules[y][x] = isDark
        isFixed[y][x] = true
    }

    private mutating func drawTiming() {
        for place in 0..<size {
            fix(6, place, place.isMultiple(of: 2))
            fix(place, 6, place.isMultiple(of: 2))
        }
    }

    private mutating func drawFinder(_ centerX: Int, _ centerY: Int) {
        for y in (centerY - 4)...(centerY + 4) where modules.indices.contains(y) {
            for x in (centerX - 4)...(centerX + 4) where modules.indices.contains(x) {
                let distance = max(abs(x - centerX), abs(y - centerY))
                fix(x, y, distance != 2 && distance != 4)
            }
        }
    }

    private mutating func drawAlignment(_ version: Int) {
        let centers = Self.alignmentCenters(version, size)
        guard let last = centers.last else { return }
        for y in centers {
            for x in centers where ![(6, 6), (6, last), (last, 6)].contains(where: { $0 == (x, y) }) {
                drawAlignment(x, y)
            }
        }
    }

    private mutating func drawAlignment(_ centerX: Int, _ centerY: Int) {
        for y in -2...2 {
            for x in -2...2 { fix(centerX + x, centerY + y, max(abs(x), abs(y)) != 1) }
        }
    }

    /// Evenly apart but for the first, as annex E's table has them.
    private static func alignmentCenters(_ version: Int, _ size: Int) -> [Int] {
        guard version > 1 else { return [] }
        let count = version / 7 + 2
        let step = (version * 8 + count * 3 + 5) / (count * 4 - 4) * 2
        return [6] + (0..<(count - 1)).reversed().map { size - 7 - $0 * step }
    }

    /// Level and mask with their own error correction (§7.9), twice. Level M is 0.
    private mutating func drawFormat(mask: Int) {
        var rest = mask
        for _ in 0..<10 { rest = rest << 1 ^ (rest >> 9) * 0x537 }
        let bits = (mask << 10 | rest) ^ 0x5412
        func bit(_ place: Int) -> Bool { bits >> place & 1 == 1 }
        for place in 0..<6 { fix(8, place, bit(place)) }
        fix(8, 7, bit(6))
        fix(8, 8, bit(7))
        fix(7, 8, bit(8))
        for place in 9..<15 { fix(14 - place, 8, bit(place)) }
        for place in 0..<8 { fix(size - 1 - place, 8, bit(place)) }
        for place in 8..<15 { fix(8, size - 15 + place, bit(place)) }
        fix(8, size - 8, true)
    }

    /// §7.10.
    private mutating func drawVersion(_ version: Int) {
        var rest = version
        for _ in 0..<12 { rest = rest << 1 ^ (rest >> 11) * 0x1F25 }
        let bits = version << 12 | rest
        for place in 0..<18 {
            let (far, near) = (size - 11 + place % 3, place / 3)
            fix(far, near, bits >> place & 1 == 1)
            fix(near, far, bits >> place & 1 == 1)
        }
    }

    /// In columns of two from the right, up and down in turn, around what is fixed (§7.7.3).
    private mutating func place(_ bytes: [UInt8]) {
        var next = 0
        for column in stride(from: size - 1, to: 0, by: -2) {
            let right = column <= 6 ? column - 1 : column
            let goesUp = (right + 1) & 2 == 0
            for step in 0..<size {
                let y = goesUp ? size - 1 - step : step
                for x in [right, right - 1] where !isFixed[y][x] && next < bytes.count * 8 {
                    modules[y][x] = bytes[next / 8] >> UInt8(7 - next % 8) & 1 == 1
                    next += 1
                }
            }
        }
    }

    private func masked(_ mask: Int) -> QRCode {
        var code = self
        for y in 0..<size {
            for x in 0..<size where !isFixed[y][x] && Self.inverts(mask, x, y) { code.modules[y][x].toggle() }
        }
        code.drawFormat(mask: mask)
        return code
    }
}
